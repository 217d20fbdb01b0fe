//! Rule: class-refuses-route
//!
//! A controller may make different things of its classes, each for its own kinds of route.

use std::collections::BTreeMap;

use super::gateways;
use crate::check::model::{Gateway, Route};
use crate::check::rule::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::profile::Layer;

pub(super) static RULE: Rule = Rule {
    code: Code("class-refuses-route"),
    severity: Severity::Error,
    what: "a route of a kind that its Gateway's class does not serve",
    why: "Such a controller makes a load balancer of requests of one class and one of connections of another, and no \
          Gateway is both: the route is not accepted.",
    source: "the profile of the controller, `layers`; each finding names its source",
    bad: r"
# with --profile aws
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: aws-alb
  listeners: [{name: tcp, port: 5432, protocol: TCP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: db}
spec:
  parentRefs: [{name: public}]
  rules: [{backendRefs: [{name: db, port: 5432}]}]
",
    good: r"
# with --profile aws
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: nlb-gateway
  listeners: [{name: tcp, port: 5432, protocol: TCP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: db}
spec:
  parentRefs: [{name: public}]
  rules: [{backendRefs: [{name: db, port: 5432}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller().filter(|profile| !profile.quirks.layers.is_empty())
    else {
        return;
    };
    let layers = profile.quirks.layers;
    let given = context.model.classes.iter();
    let given = given.map(|class| (class.meta.name.as_ref(), class.controller.as_ref())).collect();
    let gateways = context.model.gateways.iter();
    let own: Vec<Option<&Layer>> = gateways.map(|gateway| made_of(&gateway.class, layers, &given)).collect();
    for (route, parents) in context.model.routes.iter().zip(&context.attach.routes) {
        for (index, parent) in parents.iter().enumerate() {
            let Some(at) = gateways::of_target(context, parent.target) else { continue };
            // A Gateway of a class that nothing is known of may serve anything.
            if let (Some(gateway), Some(Some(own))) = (context.model.gateways.get(at), own.get(at)) {
                out.extend(judge(layers, own, gateway, (route, index)));
            }
        }
    }
}

/// What a class makes: by its GatewayClass where that was given, else by its name.
fn made_of(class: &str, layers: &'static [Layer], given: &BTreeMap<&str, &str>) -> Option<&'static Layer> {
    layers.iter().find(|layer| match given.get(class) {
        Some(controller) => *controller == layer.controller,
        None => layer.classes.contains(&class),
    })
}

/// Judges one parent of a route. A kind that no class serves is another rule's.
fn judge(
    layers: &[Layer],
    own: &Layer,
    gateway: &Gateway<'_>,
    (route, parent): (&Route<'_>, usize),
) -> Option<Finding> {
    let serves = |layer: &&Layer| layer.kinds.iter().any(|kind| kind.newest().kind == route.kind);
    if serves(&own) {
        return None;
    }
    let needed = layers.iter().find(serves)?;
    let message = own.refusal_of_route(route.kind, &gateway.meta.name, &format!("class `{}`", gateway.class));
    let hint = format!(
        "attach it to a Gateway with a class of `{}` such as `{}`",
        needed.controller,
        needed.classes.first().copied().unwrap_or_default()
    );
    let path = Path::ROOT.key("spec").key("parentRefs").index(parent);
    Some(RULE.find(route.meta.object, path, message).hint(hint).source(needed.source))
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::{RULE, judge};
    use crate::check::testing;
    use crate::profile::Layer;
    use crate::release::Kind;

    /// Of two classes that serve a kind either will do.
    #[test]
    fn a_kind_that_several_classes_serve_is_judged_by_the_gateways_own() {
        let layer = |controller, kinds| Layer { what: "w", controller, classes: &[], kinds, source: "s" };
        let layers = [
            layer("one", &[Kind::TcpRoute, Kind::TlsRoute]),
            layer("other", &[Kind::TlsRoute, Kind::UdpRoute]),
        ];
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g}
spec: {gatewayClassName: c, listeners: []}
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: r}
spec: {parentRefs: [{name: g}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: r}
spec: {parentRefs: [{name: g}]}
";
        let model = testing::model(text);
        let refused = |route: usize, own: usize| {
            judge(&layers, &layers[own], &model.gateways[0], (&model.routes[route], 0)).is_some()
        };
        assert_eq!([refused(0, 0), refused(0, 1), refused(1, 0), refused(1, 1)], [false, false, false, true]);
    }

    #[test]
    fn a_class_that_was_given_decides() {
        let class = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: CLASS}
spec: {controllerName: gateway.k8s.aws/CONTROLLER}
---";
        let text = |name: &str, controller: &str| {
            let class = class.replace("CLASS", name).replace("CONTROLLER", controller);
            class + &RULE.bad.replace("aws-alb", name)
        };
        assert!(with(&RULE, "aws", &text("aws-alb", "nlb")).is_empty());
        assert!(with(&RULE, "aws", &RULE.bad.replace("aws-alb", "own")).is_empty());
        assert_eq!(with(&RULE, "aws", &text("own", "alb")), ["2 error spec.parentRefs[0]"]);
    }
}
