use super::{Column, Picture, dot, mermaid, of, svg};
use crate::Scope;
use crate::tree::yaml::{self, Limits};

/// The picture of so many organizations on one Gateway, with ListenerSets or without.
fn picture(count: usize, strategy: &str) -> Picture {
    let organizations: Vec<String> = (0..count)
        .map(|number| format!("  - {{name: org-{number:04}, services: [{{name: web, port: 80}}]}}\n"))
        .collect();
    let text = format!(
        "baseDomain: example.com\nprofile: envoy-gateway\ngateway: {{name: eg, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}\n\
         certificates: {{enabled: true, solver: dns01, issuerRef: {{name: a}}}}\nsharding: {{strategy: {strategy}, maxGateways: 99}}\norganizations:\n{}",
        organizations.concat()
    );
    let root = yaml::read(&text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document");
    of(&crate::plan(root, &Scope::default()).0)
}

fn column(picture: &Picture, column: Column) -> Vec<&str> {
    let nodes = picture.nodes.iter().filter(|node| node.column == column);
    nodes.filter_map(|node| node.lines.first().map(String::as_str)).collect()
}

#[test]
fn five_organizations_are_drawn_one_by_one() {
    for strategy in ["wildcardPerOrganization", "listenerSets"] {
        let picture = picture(5, strategy);
        let names = ["org-0000", "org-0001", "org-0002", "org-0003", "org-0004"];
        assert_eq!(column(&picture, Column::Origin), names);
        assert_eq!(column(&picture, Column::Listener).len(), 6);
        assert_eq!(column(&picture, Column::Gateway), ["eg"]);
        assert_eq!(picture.arrows.len(), 5 + 6);
    }
}

#[test]
fn five_thousand_are_a_node_for_each_gateway() {
    let picture = picture(5_000, "pool");
    let gateways = column(&picture, Column::Gateway).len();
    assert!((80..90).contains(&gateways), "{gateways}");
    assert_eq!(picture.nodes.len(), 3 * gateways);
    let most = picture.nodes.iter().filter_map(|node| node.fill).max();
    assert_eq!(most, Some(100));
}

#[test]
fn no_name_ends_a_label() {
    let mut drawn = picture(1, "listenerSets");
    for node in &mut drawn.nodes {
        node.lines.push("a\"]<b>&#\\".to_owned());
    }
    assert!(dot(&drawn).contains(r#"\na\"]<b>&#\\"]"#), "{}", dot(&drawn));
    assert!(mermaid(&drawn).contains("a#quot;]#lt;b#gt;#amp;#35;\\"), "{}", mermaid(&drawn));
    assert!(svg(&drawn).contains(">a&quot;]&lt;b&gt;&amp;#\\</text>"), "{}", svg(&drawn));
}
