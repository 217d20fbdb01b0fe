//! May this namespace use this host name? The question of a person, put as the object that would ask it.

use serde_json::json;

use super::kinds::Kind;
use super::object::Object;
use super::{Asking, Change, Context, Decision, GatewayLimit, Settings, Traced, decide, idle_grants, rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;

/// What a person wants to know.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The host name, exact or wildcard; `*` for every host.
    pub host: &'q str,
    /// The kind of the object that is to use it.
    pub kind: Kind,
    /// Its namespace.
    pub namespace: &'q str,
    /// Namespace and name of the Gateway that it is to be served on; without one only grants for any Gateway count.
    pub gateway: Option<(&'q str, &'q str)>,
}

/// Kinds that can be asked about: those with host names of their own.
pub const ASKABLE: [&str; 8] = [
    "HTTPRoute",
    "GRPCRoute",
    "TLSRoute",
    "Gateway",
    "ListenerSet",
    "Ingress",
    "DomainClaim",
    "GatewayHostnameRequest",
];

impl Kind {
    /// A kind that can be asked about, by its name.
    pub fn askable(name: &str) -> Option<Self> {
        let groups = [crate::release::GATEWAY_GROUP, "networking.k8s.io", super::kinds::GROUP];
        ASKABLE.contains(&name).then(|| groups.into_iter().find_map(|group| Self::of(group, name)))?
    }
}

/// A Gateway that somebody asks about, in a context that has others.
const NO_GATEWAY: Code = Code("gateway-not-in-context");

/// Answers a question.
pub fn can_i(question: &Question<'_>, context: &Context<'_>, settings: &Settings) -> Decision {
    let text = question.object().to_string();
    let object = match Object::read(&text) {
        Ok(object) => object,
        Err(error) => return Decision::malformed(error.to_string()),
    };
    let asking = Asking { namespace: question.namespace, user: "", wants_trace: true };
    let mut decision = decide(question.kind, Change::Create(&object), &asking, context, settings).0;
    for fault in decision.findings.iter_mut().map(|found| &mut found.fault) {
        // Reviews map no name, and have no table for it; to a person the name is told.
        if fault.code == rule::hostname_not_canonical::RULE.code
            && let Ok((canonical, Some(_))) = Hostname::parse(question.host)
        {
            fault.hint = format!("write `{canonical}`");
        }
        if fault.code == rule::hostname_not_granted::RULE.code
            && let Some(limit) = question.limit_that_permits(&decision.trace, context)
        {
            let GatewayLimit { namespace, name } = limit;
            let name = name.as_deref().unwrap_or("NAME");
            fault.hint = format!("name a Gateway that it is granted on: `--gateway {namespace}/{name}`");
        }
    }
    decision
}

/// What a person may have overlooked: grants that are meant for the name and permit nothing, and a Gateway that is not there.
pub fn overlooked(question: &Question<'_>, context: &Context<'_>, settings: &Settings) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    if let Some((namespace, name)) = question.gateway
        && question.kind != Kind::Gateway
        && !context.may_have_gateway(namespace, name)
    {
        let message = format!("the context has Gateways, and no `{namespace}/{name}` among them");
        out.push(
            Diagnostic::warning(NO_GATEWAY, Path::ROOT, message).hint("see whether its name is another"),
        );
    }
    out.extend(idle_grants(context, settings, &|grant, code| {
        let is_named = grant.names_namespace(question.namespace);
        let is_for_it = if code == rule::untrusted_selector::RULE.code {
            !is_named
        } else {
            grant.covering(question.host).is_none() && (is_named || grant.selector.is_some())
        };
        is_for_it && grant.meaning(question.host).is_some()
    }));
    out
}

impl Question<'_> {
    /// Where no Gateway is asked for, the first that a grant permits the name on.
    fn limit_that_permits<'c>(
        &self,
        trace: &[Traced],
        context: &'c Context<'_>,
    ) -> Option<&'c GatewayLimit<'c>> {
        let has_flag = matches!(self.kind, Kind::Route(_) | Kind::ListenerSet(_) | Kind::Gateway);
        if self.gateway.is_some() || !has_flag {
            return None;
        }
        let near = trace.first()?.nearest_grant.as_ref()?;
        let grant = context.grants.iter().find(|grant| grant.name == near.name)?;
        // A Gateway is asked about in its own namespace only.
        let is_askable =
            |limit: &&GatewayLimit<'_>| self.kind != Kind::Gateway || limit.namespace == self.namespace;
        let permits = grant.names(self.kind.name()) && grant.covering(self.host).is_some();
        grant.limits().iter().find(is_askable).filter(|_| permits)
    }

    fn object(&self) -> serde_json::Value {
        let Self { host, kind, namespace, gateway } = *self;
        let parent = gateway.map(|(namespace, name)| json!({"namespace": namespace, "name": name}));
        // A host that is every host is what a listener without one has.
        let hostname = (host != super::EVERY_HOST).then_some(host);
        let listener = json!([{"name": "asked", "protocol": "HTTPS", "port": 443, "hostname": hostname}]);
        let name = match (kind, gateway) {
            (Kind::Gateway, Some((_, name))) => name,
            _ => "asked",
        };
        let spec = match kind {
            Kind::Gateway => json!({"listeners": listener}),
            Kind::ListenerSet(_) => json!({"parentRef": parent, "listeners": listener}),
            Kind::Ingress => json!({"rules": [{"host": hostname}]}),
            Kind::Claim => json!({"hostname": host, "namespace": namespace}),
            Kind::Request => json!({"hostname": host}),
            _ => match parent {
                Some(parent) => json!({"hostnames": [host], "parentRefs": [parent]}),
                None => json!({"hostnames": [host], "useDefaultGateways": "All"}),
            },
        };
        let api_version = match kind {
            Kind::Ingress => "networking.k8s.io/v1",
            Kind::Claim | Kind::Request => super::kinds::API_VERSION,
            _ => "gateway.networking.k8s.io/v1",
        };
        json!({"apiVersion": api_version, "kind": kind.name(), "metadata": {"name": name, "namespace": namespace}, "spec": spec})
    }
}
