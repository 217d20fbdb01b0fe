//! Rule: class-refuses-route
//!
//! A controller may make different things of its classes, each for its own kinds of route.

use super::gateways;
use crate::check::model::{Gateway, Route};
use crate::check::rule::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::profile::{Layer, Profile};

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
    for (route, parents) in context.model.routes.iter().zip(&context.attach.routes) {
        for (index, parent) in parents.iter().enumerate() {
            let gateway = gateways::of_target(context, parent.target);
            let Some(gateway) = gateway.and_then(|at| context.model.gateways.get(at)) else { continue };
            out.extend(judge(context, profile, gateway, (route, index)));
        }
    }
}

/// Judges one parent of a route. A Gateway of a class that nothing is known of may serve anything.
fn judge(
    context: &Context<'_>,
    profile: &Profile,
    gateway: &Gateway<'_>,
    (route, parent): (&Route<'_>, usize),
) -> Option<Finding> {
    let own = layer(context, profile, &gateway.class)?;
    let serves = |layer: &&Layer| layer.kinds.iter().any(|kind| kind.newest().kind == route.kind);
    let needed = profile.quirks.layers.iter().find(serves)?;
    if needed.controller == own.controller {
        return None;
    }
    let message = own.refuses_route(route.kind, &gateway.meta.name, &format!("class `{}`", gateway.class));
    let hint = format!(
        "attach it to a Gateway with a class of `{}` such as `{}`",
        needed.controller,
        needed.classes.first().copied().unwrap_or_default()
    );
    let path = Path::ROOT.key("spec").key("parentRefs").index(parent);
    Some(RULE.find(route.meta.object, path, message).hint(hint).source(needed.source))
}

/// What a class makes: by its GatewayClass where that was given, else by its name.
fn layer(context: &Context<'_>, profile: &Profile, class: &str) -> Option<&'static Layer> {
    let given = context.model.classes.iter().find(|given| given.meta.name == class);
    profile.quirks.layers.iter().find(|layer| match given {
        Some(given) => given.controller == layer.controller,
        None => layer.classes.contains(&class),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::RULE;

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
