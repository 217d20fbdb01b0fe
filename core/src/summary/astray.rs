//! Host names whose requests go, after a change, to a listener that no route of theirs is on: behind one door the
//! narrowest listener takes a host, whether or not a route attaches there.

use serde::Serialize;

use super::Summary;
use super::moment::Moment;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::shorten::listed;

/// Host names that a change leaves to a listener that none of their routes is on.
const UNSERVED_AFTER: Code = Code("unserved-after");

/// A host name that was served, and whose requests go to a listener that no route of it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Astray<'s> {
    /// The host name.
    pub host: &'s str,
    /// The namespace of the Gateway.
    pub namespace: &'s str,
    /// The Gateway.
    pub gateway: &'s str,
    /// The port.
    pub port: u16,
    /// The listener that takes it.
    pub listener: &'s str,
}

/// Host names that a Gateway serves before a change, and gives to another listener after it.
pub(super) fn between<'s>(old: &'s Summary, new: &'s Summary) -> Vec<Astray<'s>> {
    let served = Moment::whole(old).serving();
    let astray = Moment::whole(new).astray().into_iter().filter(|(call, _)| served.contains(call));
    let astray = astray.map(|((host, (namespace, gateway, port, _)), listener)| Astray {
        host,
        namespace,
        gateway,
        port,
        listener: &listener.name,
    });
    astray.collect()
}

/// Says so of a change, if there are any.
pub(super) fn finding(astray: &[Astray<'_>]) -> Option<Diagnostic> {
    let words = |found: &Astray<'_>| {
        let Astray { host, gateway, port, listener, .. } = found;
        format!("`{host}` (listener `{listener}` of Gateway `{gateway}`, port {port})")
    };
    let message = format!(
        "after this change requests go to a listener that no route of their host is on, and are lost: {}",
        listed(astray.iter().map(words))
    );
    (!astray.is_empty()).then(|| {
        Diagnostic::warning(UNSERVED_AFTER, Path::ROOT, message)
            .source("Gateway API v1.6.1, `apis/v1/gateway_types.go:78-216`: the most specific listener takes a request")
            .hint("let a route of the host name that listener too (`sectionName`, `parentRefs`), or take the listener out")
    })
}

#[cfg(test)]
mod tests {
    use super::super::Summary;
    use super::super::testing::plan;
    use super::between;

    /// A listener for every host, one for `a.com`, and another port.
    const LISTENERS: &str = "{name: wide, port: 80, protocol: HTTP}, {name: own, port: 80, protocol: HTTP, hostname: a.com}, \
                             {name: other, port: 81, protocol: HTTP}";

    fn route(hostname: &str, parents: &str) -> String {
        format!("hostnames: ['{hostname}'], parentRefs: [{parents}]")
    }

    #[test]
    fn a_host_whose_route_leaves_the_listener_that_takes_it_is_lost() {
        let with = |listeners: &str, parents: &str| plan(listeners, &route("a.com", parents));
        let (own, wide) = ("{name: gw, sectionName: own}", "{name: gw, sectionName: wide}");
        let other = "{name: gw, sectionName: other}";
        let old = with(LISTENERS, own);
        let lost = |new: &Summary| {
            between(&old, new).iter().map(|found| (found.port, found.listener.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(lost(&with(LISTENERS, wide)), [(80, "own".to_owned())]);
        assert_eq!(lost(&with(LISTENERS, &format!("{wide}, {other}"))), [(80, "own".to_owned())]);
        for kept in [own.to_owned(), format!("{own}, {wide}"), "{name: gw}".to_owned(), other.to_owned()] {
            assert_eq!(lost(&with(LISTENERS, &kept)), [], "{kept}");
        }
        let without = LISTENERS.replace("hostname: a.com", "hostname: b.com");
        assert_eq!(lost(&with(&without, wide)), []);
        assert_eq!(between(&with(LISTENERS, wide), &with(LISTENERS, wide)), [], "it was not served before");
    }

    #[test]
    fn a_listener_that_comes_takes_hosts_from_a_wider_one() {
        let with = |hostname: &str| {
            let listeners = LISTENERS.replace("hostname: a.com", &format!("hostname: '{hostname}'"));
            plan(&listeners, &route("a.b.com", "{name: gw, sectionName: wide}"))
        };
        assert_eq!(between(&with("*.a.com"), &with("*.b.com")).len(), 1);
        assert_eq!(between(&with("*.a.com"), &with("a.a.com")).len(), 0);
    }
}
