use super::{Column, Fill, GATEWAYS_MAX, Level, Picture, dot, mermaid, of, svg};
use crate::Scope;
use crate::tree::yaml::{self, Limits};

/// The picture of so many organizations by a strategy, with what else stands under `sharding`.
fn picture(count: usize, strategy: &str, sharding: &str) -> Picture {
    let organizations: Vec<String> = (0..count)
        .map(|number| format!("  - {{name: org-{number:04}, services: [{{name: web, port: 80}}]}}\n"))
        .collect();
    let text = format!(
        "baseDomain: example.com\nprofile: envoy-gateway\ngateway: {{name: eg, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}\n\
         certificates: {{enabled: true, solver: dns01, issuerRef: {{name: a}}}}\nsharding: {{strategy: {strategy}{sharding}}}\norganizations:\n{}",
        organizations.concat()
    );
    let root = yaml::read(&text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document");
    of(&crate::plan(root, &Scope::default()).0)
}

fn column(picture: &Picture, column: Column) -> Vec<&str> {
    let nodes = picture.nodes.iter().filter(|node| node.column == column);
    nodes.filter_map(|node| node.lines.first().map(String::as_str)).collect()
}

/// The lines of the only Gateway, and how full it is.
fn gateway(picture: &Picture) -> (Vec<&str>, Option<Fill>) {
    let nodes: Vec<_> = picture.nodes.iter().filter(|node| node.column == Column::Gateway).collect();
    let [node] = nodes.as_slice() else { panic!("{nodes:?}") };
    (node.lines.iter().map(String::as_str).collect(), node.fill)
}

#[test]
fn five_organizations_are_drawn_one_by_one() {
    for strategy in ["wildcardPerOrganization", "listenerSets"] {
        let picture = picture(5, strategy, "");
        let names = ["org-0000", "org-0001", "org-0002", "org-0003", "org-0004"];
        assert_eq!(column(&picture, Column::Origin), names);
        assert_eq!(column(&picture, Column::Listener).len(), 6);
        assert_eq!(column(&picture, Column::Gateway), ["eg"]);
        assert_eq!(picture.arrows.len(), 5 + 6);
    }
}

/// As many nodes as of five, whatever the strategy: Gateways that are alike are one.
#[test]
fn five_thousand_are_as_readable_as_five() {
    for (strategy, sharding, gateways, nodes) in [
        ("dedicated", "", vec!["5000 Gateways", "eg-org-0000 … eg-org-4999", "2 of 64 listeners each"], 3),
        (
            "pool",
            ", maxGateways: 99",
            vec![
                "80 Gateways",
                "eg-01 … eg-80",
                "least full eg-06: 56 of 64 listeners",
                "fullest eg-80: 64 of 64 listeners",
            ],
            3,
        ),
        ("listenerSets", "", vec!["eg", "1 of 64 listeners of its own", "5000 listeners in ListenerSets"], 3),
    ] {
        let picture = picture(5_000, strategy, sharding);
        assert_eq!((gateway(&picture).0, picture.nodes.len()), (gateways, nodes), "{strategy}");
        assert_eq!(column(&picture, Column::Origin), ["5000 organizations"], "{strategy}");
    }
}

#[test]
fn a_few_gateways_are_drawn_one_by_one() {
    for (count, drawn) in [(GATEWAYS_MAX, GATEWAYS_MAX), (GATEWAYS_MAX + 1, 1)] {
        let picture = picture(count, "dedicated", "");
        assert_eq!(column(&picture, Column::Gateway).len(), drawn, "{count}");
    }
}

/// What is full is what placement held to be full, not what Gateway API would take.
#[test]
fn a_gateway_is_as_full_as_the_bound_of_its_values_says() {
    let full = Some(Fill { percent: 100, level: Level::Full });
    let at = |count, limits: &str| {
        let picture = picture(count, "wildcardPerOrganization", &format!(", limits: {{{limits}}}"));
        let (lines, fill) = gateway(&picture);
        (lines.get(1).map(ToString::to_string).expect("a second line"), fill)
    };
    assert_eq!(at(19, "listeners: 20"), ("20 of 20 listeners".to_owned(), full));
    assert_eq!(at(8, "certificates: 8"), ("8 of 8 certificates".to_owned(), full));
    assert_eq!(at(8, "rules: 10").1, Some(Fill { percent: 80, level: Level::Ample }));
    assert_eq!(at(9, "rules: 10").1, Some(Fill { percent: 90, level: Level::NearlyFull }));
}

#[test]
fn listeners_of_listener_sets_count_where_they_are_bounded() {
    let picture = picture(19, "listenerSets", ", limits: {listeners: 20}");
    let (lines, fill) = gateway(&picture);
    assert_eq!(lines, ["eg", "20 of 20 listeners", "19 listeners in ListenerSets"]);
    assert_eq!(fill.map(|fill| fill.level), Some(Level::Full));
}

#[test]
fn every_format_shows_how_full_a_gateway_is() {
    let full = picture(63, "wildcardPerOrganization", "");
    let ample = picture(3, "wildcardPerOrganization", "");
    for draw in [dot, mermaid, svg] {
        let (full, ample) = (draw(&full), draw(&ample));
        assert!(
            full.contains(Level::Full.colour()) && ample.contains(Level::Ample.colour()),
            "{full}{ample}"
        );
    }
    assert!(mermaid(&full).contains("]]:::full\n") && mermaid(&ample).contains("]]:::ample\n"));
}

#[test]
fn routes_of_no_organization_are_counted_apart() {
    let routes: Vec<String> = (0..40)
        .map(|number| format!("  - {{name: r-{number:02}, rules: [{{backendRefs: [{{name: api}}]}}]}}\n"))
        .collect();
    let text = format!(
        "baseDomain: example.com\nexternalServices: [{{name: api, port: 80, endpoints: [192.0.2.1]}}]\n\
         gateway: {{name: eg, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}\n\
         sharding: {{strategy: wildcardPerOrganization}}\norganizations: [{{name: acme, services: [{{name: web, port: 80}}]}}]\n\
         routes:\n{}",
        routes.concat()
    );
    let root = yaml::read(&text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document");
    let picture = of(&crate::plan(root, &Scope::default()).0);
    assert_eq!(column(&picture, Column::Origin), ["1 organization", "40 routes"]);
}

/// A Gateway, an HTTPRoute and a GRPCRoute `shop` in front of it, and one in front of a Gateway elsewhere.
fn routes_of_one_name(more: &str) -> Picture {
    let text = format!(
        "externalServices: [{{name: api, port: 80, endpoints: [192.0.2.1]}}]\n{more}\
         gateway: {{name: eg, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}\nroutes:\n\
         \x20 - {{name: shop, hostnames: [a.example.com], rules: [{{backendRefs: [{{name: api}}]}}]}}\n\
         \x20 - {{name: shop, kind: GRPCRoute, hostnames: [b.example.com], rules: [{{backendRefs: [{{name: api}}]}}]}}\n\
         \x20 - {{name: far, parentRefs: [{{name: other}}], rules: [{{backendRefs: [{{name: api}}]}}]}}\n"
    );
    let root = yaml::read(&text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document");
    of(&crate::plan(root, &Scope::default()).0)
}

#[test]
fn routes_of_one_name_and_two_kinds_are_two() {
    let picture = routes_of_one_name("");
    let origins = picture.nodes.iter().filter(|node| node.column == Column::Origin);
    let origins: Vec<&[String]> = origins.map(|node| node.lines.as_slice()).collect();
    assert_eq!(origins, [["shop", "HTTPRoute"], ["shop", "GRPCRoute"]]);
}

/// What stands on a Gateway that exists already, nobody said.
#[test]
fn a_gateway_of_elsewhere_is_not_called_empty() {
    let gateways = |more: &str| {
        let nodes = routes_of_one_name(more).nodes.into_iter().filter(|node| node.column == Column::Gateway);
        nodes.map(|node| (node.lines.join(", "), node.fill.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(gateways(""), [("eg, 1 of 64 listeners".to_owned(), true), ("other".to_owned(), false)]);
    assert_eq!(
        gateways("enabled: {gateway: false}\n"),
        [("eg".to_owned(), false), ("other".to_owned(), false)]
    );
}

#[test]
fn no_name_ends_a_label() {
    let mut drawn = picture(1, "listenerSets", "");
    for node in &mut drawn.nodes {
        node.lines.push("a\"]<b>&#\\".to_owned());
    }
    assert!(dot(&drawn).contains(r#"\na\"]<b>&#\\"]"#), "{}", dot(&drawn));
    assert!(mermaid(&drawn).contains("a#quot;]#lt;b#gt;#amp;#35;\\"), "{}", mermaid(&drawn));
    assert!(svg(&drawn).contains(">a&quot;]&lt;b&gt;&amp;#\\</text>"), "{}", svg(&drawn));
}
