use super::*;

/// An object of a namespace, as JSON.
fn object(api_version: &str, kind: &str, [namespace, name]: [&str; 2], spec: &str) -> String {
    format!(
        r#"{{"apiVersion":"{api_version}","kind":"{kind}","metadata":{{"name":"{name}","namespace":"{namespace}"}},"spec":{spec}}}"#
    )
}

/// A route on `edge/public`; without host names it inherits them.
fn route(namespace: &str, hosts: &[&str]) -> String {
    let spec = format!(r#"{{"hostnames":{hosts:?},"parentRefs":[{{"namespace":"edge","name":"public"}}]}}"#);
    object("gateway.networking.k8s.io/v1", "HTTPRoute", [namespace, "web"], &spec)
}

fn gateway(host: &str) -> String {
    let spec = format!(
        r#"{{"listeners":[{{"name":"a","protocol":"HTTP","port":80,"hostname":"{host}","allowedRoutes":{{"namespaces":{{"from":"All"}}}}}}]}}"#
    );
    object("gateway.networking.k8s.io/v1", "Gateway", ["edge", "public"], &spec)
}

fn ingress(hosts: usize) -> String {
    let rules: Vec<String> = (0..hosts).map(|host| format!(r#"{{"host":"h{host}.example.com"}}"#)).collect();
    let spec = format!(r#"{{"rules":[{}]}}"#, rules.join(","));
    object("networking.k8s.io/v1", "Ingress", ["shop", "web"], &spec)
}

/// A claim that is bound.
fn claim(host: &str, namespace: &str) -> String {
    format!(
        r#"{{"apiVersion":"gatewright.dev/v1alpha1","kind":"DomainClaim","metadata":{{"name":"{host}"}},"spec":{{"hostname":"{host}","namespace":"{namespace}"}},"status":{{"phase":"Bound"}}}}"#
    )
}

/// Names with how many host names they have.
type Names = Vec<(String, usize)>;

/// The name of each object that is inferred with its host names, and what is said: code and message.
fn inferred(objects: &[String], claims: Claims) -> (Names, Vec<(&'static str, String)>) {
    let context =
        Context::new(objects.iter().map(String::as_str), None, PublicSuffixes::BuiltIn).expect("JSON");
    let (inferred, said) = infer(&context, &Settings { claims, ..Settings::default() });
    let of = |object: &Node<'_>| {
        let hosts = object.get("spec").and_then(|spec| spec.get("hostnames")).and_then(Node::as_list);
        let name = object.get("metadata").and_then(|metadata| metadata.text_of("name"));
        (name.expect("a name").into_owned(), hosts.map_or(1, <[_]>::len))
    };
    let said = said.into_iter().map(|found| (found.code.0, format!("{} ({})", found.message, found.hint)));
    (inferred.iter().map(of).collect(), said.collect())
}

fn named(names: &[(&str, usize)]) -> Names {
    names.iter().map(|(name, hosts)| ((*name).to_owned(), *hosts)).collect()
}

#[test]
fn of_one_object_every_name_is_granted() {
    for (hosts, grants) in [
        (300, &[("shop.ingress", 256), ("shop.ingress.2", 44)][..]),
        (
            1100,
            &[
                ("shop.ingress", 256),
                ("shop.ingress.2", 256),
                ("shop.ingress.3", 256),
                ("shop.ingress.4", 256),
                ("shop.ingress.5", 76),
            ],
        ),
    ] {
        let (found, said) = inferred(&[ingress(hosts)], Claims::Respect);
        assert_eq!((found, said), (named(grants), vec![]));
    }
}

#[test]
fn a_name_of_two_namespaces_is_told_once() {
    let routes = [route("shop", &["shop.example.com"]), route("pay", &["shop.example.com"])];
    let (found, said) = inferred(&routes, Claims::Respect);
    assert_eq!(found, named(&[("pay", 1), ("shop", 1)]));
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].0, "hostname-shared");
    let words = "2 namespaces use `shop.example.com`, and the grants let each of them: `pay` (HTTPRoute `pay/web`), \
                 `shop` (HTTPRoute `shop/web`)";
    assert!(said[0].1.starts_with(words), "{said:?}");
}

#[test]
fn a_wildcard_that_takes_in_names_of_others_is_told() {
    let objects = [
        gateway("*.example.com"),
        route("shop", &[]),
        route("pay", &["a.example.com", "b.example.com"]),
        route("own", &["c.example.org"]),
    ];
    let (_, said) = inferred(&objects, Claims::Respect);
    assert_eq!(said.len(), 1, "{said:?}");
    let words = "2 namespaces use `*.example.com` or a name below it, and the grants let each of them: \
                 `shop` (HTTPRoute `shop/web`), `pay` (`a.example.com`, HTTPRoute `pay/web`)";
    assert!(said[0].1.starts_with(words), "{said:?}");
}

#[test]
fn claims_are_for_the_only_namespace_of_a_name() {
    let objects = [
        gateway("*.example.com"),
        route("shop", &["shop.example.com", "both.example.com"]),
        route("pay", &["*.pay.example.com", "a.pay.example.com", "both.example.com"]),
    ];
    let (found, said) = inferred(&objects, Claims::Require);
    let expected = [
        ("edge.gateway", 1),
        ("pay", 2),
        ("shop", 2),
        ("wc--any.pay.example.com", 1),
        ("shop.example.com", 1),
    ];
    assert_eq!(found, named(&expected));
    let codes: Vec<&str> = said.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["hostname-shared", "claims-unbound"], "{said:?}");
    assert!(said[0].1.contains("no claim of it can be inferred"), "{said:?}");
}

#[test]
fn what_nobody_can_claim_is_told_once_and_no_claim_of_it_is_asked_for() {
    let mut objects = vec![object(
        "gateway.networking.k8s.io/v1",
        "Gateway",
        ["edge", "public"],
        r#"{"listeners":[{"name":"a","protocol":"HTTP","port":80,"allowedRoutes":{"namespaces":{"from":"All"}}}]}"#,
    )];
    objects.extend([route("shop", &[]), route("own", &["a.example.com"])]);
    let (found, said) = inferred(&objects, Claims::Require);
    assert_eq!(found.last(), Some(&("a.example.com".to_owned(), 1)));
    assert!(said.iter().any(|(code, words)| {
        *code == "not-inferred"
            && words.starts_with("nobody can claim `*`")
            && words.contains("HTTPRoute `shop/web`")
    }));
    assert!(said.iter().all(|(_, words)| !words.contains("wc--any")), "{said:?}");
}

#[test]
fn listeners_that_stay_denied_are_told_too() {
    let objects = [gateway("a.example.com"), route("shop", &[]), claim("a.example.com", "other")];
    let (_, said) = inferred(&objects, Claims::Respect);
    let told: Vec<&str> = said.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("Gateway `edge/public` is denied all the same: by its listeners"),
        "{told:?}"
    );
    assert!(told[1].starts_with("HTTPRoute `shop/web` is denied all the same: `a.example.com` belongs to"));
}
