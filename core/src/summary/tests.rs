use super::changes::between;
use super::*;
use crate::tree::yaml::{self, Limits};

fn summary(values: &str) -> Summary {
    summary_of(values, &Scope { namespace: "edge".into(), ..Scope::default() })
}

fn summary_of(values: &str, scope: &Scope) -> Summary {
    let mut faults = Vec::new();
    let root = yaml::read(values, 0, &Limits::NATIVE, &mut faults).pop().expect("the test's values are YAML");
    let (summary, diagnostics) = crate::plan(root, scope);
    assert!(!crate::diagnostic::has_errors(&diagnostics), "{diagnostics:#?}");
    summary
}

const API: &str = "externalServices: [{name: api, port: 80, endpoints: [api.example.com]}]\n";

#[test]
fn objects_are_those_that_render_makes() {
    let mut faults = Vec::new();
    let root = yaml::read(API, 0, &Limits::NATIVE, &mut faults).pop().expect("values are YAML");
    let scope = Scope { namespace: "edge".into(), ..Scope::default() };
    let rendered = crate::render(root, &scope, crate::Format::Yaml).manifests;
    let objects = summary(API).objects;
    let texts: Vec<&str> = objects.iter().map(|object| object.manifest.as_str()).collect();
    assert!(!texts.is_empty());
    assert_eq!(texts, rendered.iter().map(|(_, text)| text).collect::<Vec<_>>());
}

#[test]
fn says_who_chose_the_profile() {
    let why = |values: &str| {
        let gateway = &summary(&format!("{API}{values}")).gateways[0];
        (gateway.profile, gateway.why.clone())
    };
    assert_eq!(why("gateway: {className: cilium}").1, "the usual controller of class `cilium`");
    assert_eq!(why("profile: istio"), ("istio", "the value `profile`".to_owned()));
    assert_eq!(why("gateway: {profile: istio}"), ("istio", "the Gateway's own `profile`".to_owned()));
    assert_eq!(
        why("gateway: {className: ours}"),
        ("portable", "class `ours` is no controller's usual one".to_owned())
    );
}

#[test]
fn shares_are_exact() {
    let services = "externalServices:\n- {name: a, port: 80, endpoints: [a0.example.com, a1.example.com, a2.example.com, a3.example.com]}\n- {name: b, port: 80, endpoints: [b.example.com]}\n";
    let routes =
        "routes: [{name: r, rules: [{backendRefs: [{name: a, weight: 90}, {name: b, weight: 10}]}]}]";
    let rule = &summary(&format!("{services}{routes}")).routes[0].rules[0];
    let shares: Vec<_> = rule
        .backends
        .iter()
        .map(|backend| (backend.service.as_deref(), backend.weight, backend.percent))
        .collect();
    let a = (Some("a"), 9, 22.5);
    assert_eq!(shares, [a, a, a, a, (Some("b"), 4, 10.0)]);
}

#[test]
fn a_lone_backend_has_it_all_and_weight_zero_has_nothing() {
    let route = |backends: &str| {
        let values = format!("{API}routes: [{{name: r, rules: [{{backendRefs: {backends}}}]}}]");
        summary(&values).routes[0].rules[0].backends[0].percent.to_string()
    };
    assert_eq!(route("[{name: api}]"), "100");
    assert_eq!(route("[{name: api, weight: 0}]"), "0");
}

#[test]
fn a_backend_of_the_cluster_is_no_external_service() {
    let values = "gateway: {}\nroutes: [{name: r, rules: [{backendRefs: [{name: web, port: 80}]}]}]";
    assert_eq!(summary(values).routes[0].rules[0].backends[0].service, None);
}

#[test]
fn says_why_an_upstream_has_its_form() {
    let backend = |values: &str| summary(&format!("{API}{values}")).backends[0].clone();
    let relayed = backend("profile: cilium");
    assert_eq!(Some(relayed.form), relayed.relay_port.map(|port| format!("relay port {port}")));
    assert!(relayed.why.contains("Cilium") && !relayed.source.is_empty());
    let own = backend("profile: envoy-gateway");
    assert_eq!((own.form.as_str(), own.relay_port), ("Backend (gateway.envoyproxy.io)", None));
    assert_eq!(backend("profile: envoy-gateway\nexternalHostnames: relay").why, "`externalHostnames: relay`");
}

#[test]
fn a_name_that_does_not_fit_the_controller_says_so() {
    let values = "profile: envoy-gateway\nexternalServices: [{name: api, port: 80, endpoints: [api]}]";
    let backend = &summary(values).backends[0];
    assert!(backend.form.starts_with("relay port"), "{backend:?}");
    assert!(backend.why.contains("`api` has one label"), "{backend:?}");
}

#[test]
fn counts_routes_where_they_attach() {
    let values = "\
externalServices: [{name: api, port: 80, endpoints: [192.0.2.1]}]
gateway:
  name: web
  listeners:
    - {name: a, protocol: HTTP, port: 80, hostname: '*.a.example.com'}
    - {name: b, protocol: HTTP, port: 81, hostname: b.example.com}
routes:
  - {name: one, hostnames: [x.a.example.com], rules: [{backendRefs: [{name: api}]}]}
  - {name: two, rules: [{backendRefs: [{name: api}]}]}
  - {name: three, parentRefs: [{name: other, namespace: infra}], rules: [{backendRefs: [{name: api}]}]}
";
    let summary = summary(values);
    let counts: Vec<_> = summary.gateways[0].listeners.iter().map(|listener| listener.routes).collect();
    assert_eq!((summary.gateways[0].routes, counts), (2, vec![2, 1]));
    let other = &summary.gateways[1];
    assert_eq!(
        (other.name.as_str(), other.namespace.as_str(), other.rendered, other.routes),
        ("other", "infra", false, 1)
    );
    assert_eq!(summary.routes[0].parents[0].listeners.as_deref(), Some(&["a".to_owned()][..]));
    assert_eq!(summary.routes[2].parents[0].listeners, None);
}

/// In pairs, 4000 routes of 4000 listeners would take minutes, and hundreds of megabytes.
#[test]
fn routes_of_an_overfull_gateway_attach_to_nothing() {
    const MANY: usize = 4000;
    let mut values = format!("{API}gateway:\n  name: web\n  listeners:\n");
    for number in 0..MANY {
        values.extend([format!(
            "  - {{name: l{number}, protocol: HTTP, port: 80, hostname: h{number}.example.com}}\n"
        )]);
    }
    values.push_str("routes:\n");
    for number in 0..MANY {
        values.extend([format!(
            "- {{name: r{number}, sectionName: absent, rules: [{{backendRefs: [{{name: api}}]}}]}}\n"
        )]);
    }
    let mut faults = Vec::new();
    let root = yaml::read(&values, 0, &Limits::NATIVE, &mut faults).pop().expect("values are YAML");
    let (summary, diagnostics) = crate::plan(root, &Scope { namespace: "edge".into(), ..Scope::default() });
    let codes: Vec<_> = diagnostics.iter().take(3).map(|found| found.code.0).collect();
    assert_eq!(codes, ["too-many-listeners"]);
    assert_eq!((summary.gateways[0].listeners.len(), summary.routes.len()), (MANY, MANY));
    let attached: usize = summary
        .routes
        .iter()
        .flat_map(|route| &route.parents)
        .flat_map(|parent| &parent.listeners)
        .map(Vec::len)
        .sum();
    assert_eq!((attached, summary.gateways[0].routes), (0, 0));
}

#[test]
fn an_existing_gateway_is_not_rendered() {
    let summary =
        summary(&format!("{API}enabled: {{gateway: false}}\ngateway: {{name: shared, className: istio}}"));
    assert!(!summary.gateways[0].rendered);
    assert_eq!((summary.gateways[0].listeners.len(), summary.gateways[0].routes), (0, 1));
}

#[test]
fn derived_names_come_from_the_templates() {
    let summary =
        summary(&format!("{API}names: {{route: 'to-{{{{ service }}}}', hostname: '{{{{ service }}}}.lan'}}"));
    let name =
        DerivedName { service: "api".into(), route: "to-api".into(), hostname: Some("api.lan".into()) };
    assert_eq!(summary.derived_names, [name]);
    assert_eq!(summary.routes[0].derived_from.as_deref(), Some("api"));
}

#[test]
fn a_split_route_tells_its_parts() {
    let rules: String = (0..20).fold(String::new(), |all, number| {
        format!("{all}    - {{matches: [{{path: {{value: /{number}}}}}], backendRefs: [{{name: api}}]}}\n")
    });
    let summary = summary(&format!("{API}routes:\n- name: big\n  rules:\n{rules}"));
    let parts: Vec<_> = summary.routes.iter().filter_map(|route| route.part).collect();
    assert_eq!(parts, [Part { number: 1, of: 2 }, Part { number: 2, of: 2 }]);
}

#[test]
fn tells_matches_in_words() {
    let matches = "[{path: {type: Exact, value: /a}, method: GET, headers: [{name: x, value: '1'}], \
                   queryParams: [{type: RegularExpression, name: q, value: a.*}]}, {headers: [{name: z, value: '2'}]}]";
    let values =
        format!("{API}routes: [{{name: r, rules: [{{matches: {matches}, backendRefs: [{{name: api}}]}}]}}]");
    assert_eq!(
        summary(&values).routes[0].rules[0].matches,
        ["GET Exact /a, header x=1, query q~a.*", "header z=2"]
    );
}

#[test]
fn compares_objects_by_identity_and_content() {
    let old = summary(
        "externalServices: [{name: a, port: 80, endpoints: [192.0.2.1]}, {name: b, port: 80, endpoints: [192.0.2.2]}]",
    );
    let new = summary(
        "externalServices: [{name: a, port: 80, endpoints: [192.0.2.9]}, {name: c, port: 80, endpoints: [192.0.2.2]}]",
    );
    let changes = between(&old, &new);
    let names = |objects: &[&Object]| -> Vec<String> {
        objects.iter().map(|object| format!("{} {}", object.kind, object.name)).collect()
    };
    assert!(names(&changes.added).contains(&"HTTPRoute c-route".to_owned()));
    assert!(names(&changes.removed).contains(&"HTTPRoute b-route".to_owned()));
    let changed: Vec<_> = changes.changed.iter().map(|changed| changed.new.kind).collect();
    assert_eq!(changed, ["EndpointSlice"]);
    assert_eq!(changes.unchanged + changes.changed.len() + changes.added.len(), new.objects.len());
    assert_eq!(between(&new, &new).unchanged, new.objects.len());
}

#[test]
fn another_api_version_is_a_change_not_another_object() {
    let values = |version: &str| {
        format!(
            "gatewayAPI: {{version: '{version}', channel: experimental}}\nexternalServices: [{{name: db, protocol: TCP, port: 5432, endpoints: [192.0.2.1]}}]"
        )
    };
    let (old, new) = (summary(&values("1.5")), summary(&values("1.6")));
    let changes = between(&old, &new);
    assert_eq!((changes.added.len(), changes.removed.len()), (0, 0));
    assert_eq!(changes.changed.iter().map(|changed| changed.new.kind).collect::<Vec<_>>(), ["TCPRoute"]);
}

#[test]
fn an_error_leaves_no_objects() {
    let mut faults = Vec::new();
    let root =
        yaml::read("routes: [{name: r, gateway: absent, rules: []}]", 0, &Limits::NATIVE, &mut faults).pop();
    let (summary, diagnostics) = crate::plan(root.expect("values are YAML"), &Scope::default());
    assert!(crate::diagnostic::has_errors(&diagnostics));
    assert_eq!(summary.objects, []);
}

#[test]
fn serialises_under_the_keys_of_the_values() {
    let json = serde_json::to_value(summary(API)).expect("a summary is JSON");
    assert_eq!(json["gatewayAPI"]["version"], "1.6");
    for key in
        ["release", "gateways", "routes", "backends", "tlsPolicies", "grants", "derivedNames", "objects"]
    {
        assert!(!json[key].is_null(), "{key}");
    }
    assert!(json["objects"][0].get("manifest").is_none());
}
