//! Which object stands for a group of endpoints with a controller.

use std::collections::{BTreeMap, BTreeSet};

use super::{Backend, BackendTls};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::profile::words::ALPHA_POLICY;
use crate::profile::{Form, Profile, SkipVerify, Support};
use crate::release::{Channel, Kind, Target};
use crate::values::{Endpoint, ExternalHostnames, Host, NOT_IN_RELEASE, Protocol, Service, Values};

/// No object of the controller can express the upstream.
const UNSUPPORTED_UPSTREAM: Code = Code("unsupported-upstream");
/// The controller's own way does not fit this upstream; the relay does.
const RELAY_INSTEAD: Code = Code("relay-instead");
/// Something an administrator must have switched on.
const NEEDS_SWITCH: Code = Code("needs-switch");
/// The upstream's certificate is not checked.
const INSECURE_UPSTREAM: Code = Code("insecure-upstream");
/// The controller does not originate TLS as asked for.
const UPSTREAM_TLS: Code = Code("upstream-tls");

/// What to do about a controller that checks the chain of a certificate and not its name.
const NAME_UNCHECKED_HINT: &str = "name a CA that signs for this upstream alone, or hand TLS through (`protocol: TLS`), \
                                   or use another controller";

/// What a Service of type ExternalName holds.
const EXTERNAL_NAME_SOURCE: &str = "Kubernetes v1.36, ServiceSpec.externalName: one name";
/// What Envoy Gateway's Backend holds.
const MIXED_SOURCE: &str = "Envoy Gateway 1.9.0, api/v1alpha1/backend_types.go, CEL rule of endpoints: fqdn addresses cannot be \
                            mixed with other address types";
/// What Gateway API's XBackend holds.
pub(crate) const X_BACKEND_SOURCE: &str = "Gateway API v1.6.3, XBackend spec (experimental)";

/// Why a backend has its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormReason {
    /// So the profile reaches host names.
    HostName,
    /// So the profile reaches IP addresses.
    Address,
    /// `externalHostnames` asks for it.
    Asked,
    /// The profile's own way does not fit, for this reason.
    Misfit(Misfit),
    /// Only so can the upstream's certificate stay unchecked.
    Unchecked,
    /// Another Gateway's controller needs the relay, whose Service then serves both.
    Shared,
}

/// Why an object cannot hold the endpoints of an upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// What there is, and the bound.
    pub why: String,
    /// Where the bound is written down.
    pub source: &'static str,
}

/// What is to be expressed.
pub(super) struct Request<'r, 'v> {
    pub(super) service: &'v Service<'v>,
    pub(super) endpoints: &'r [&'v Endpoint<'v>],
    pub(super) tls: Option<&'r BackendTls<'v>>,
}

impl Request<'_, '_> {
    fn fault(&self, code: Code, message: String) -> Diagnostic {
        Diagnostic::error(code, self.service.path.clone(), message).level(Level::Controller)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.endpoints.iter().filter_map(|endpoint| match &endpoint.host {
            Host::Name(name) => Some(name.as_str()),
            Host::Ip(_) => None,
        })
    }
}

/// Something asked for that a controller takes and does not do: collected, since each is said once.
pub(super) struct Ignored<'v> {
    profile: &'static Profile,
    what: &'static str,
    effect: &'static str,
    source: &'static str,
    hint: &'static str,
    service: &'v Service<'v>,
}

/// Chooses the form and says why; `None` after an error. What is not done goes to `ignored`.
pub(super) fn choose<'v>(
    request: &Request<'_, 'v>,
    profile: &'static Profile,
    values: &Values<'_>,
    ignored: &mut Vec<Ignored<'v>>,
    out: &mut Vec<Diagnostic>,
) -> Option<(Form, FormReason)> {
    let (form, reason) = if request.names().next().is_some() {
        named(request, profile, values, out)?
    } else {
        addressed(request, profile)
    };
    check_transport(request, form, profile, out)?;
    if let Some(tls) = request.tls {
        check_tls(request, tls, form, profile, values.target, ignored, out)?;
    }
    Some((form, reason))
}

/// Says what must be switched on for the forms in use: once each, since it is about the cluster.
pub(super) fn say_switches(backends: &[Backend<'_>], out: &mut Vec<Diagnostic>) {
    let mut said = BTreeSet::new();
    for backend in backends {
        for switch in backend.profile.switches.iter().filter(|switch| switch.form == backend.form) {
            if said.insert(switch.text) {
                let path = backend.service.path.clone();
                let info = Diagnostic::info(NEEDS_SWITCH, path, switch.text);
                out.push(info.level(Level::Controller).source(switch.source));
            }
        }
    }
}

/// Says what controllers take and do not do: once each, at the first service, for there may be thousands.
pub(super) fn say_ignored(ignored: &[Ignored<'_>], out: &mut Vec<Diagnostic>) {
    let mut groups: BTreeMap<(&str, &str), Vec<&Ignored<'_>>> = BTreeMap::new();
    for one in ignored {
        let group = groups.entry((one.profile.word, one.what)).or_default();
        // The objects of one service come one after the other.
        if group.last().is_none_or(|last| last.service.path != one.service.path) {
            group.push(one);
        }
    }
    for group in groups.values() {
        let [Ignored { profile, what, effect, source, hint, service }, ..] = group.as_slice() else {
            continue;
        };
        let message = profile.neglect(what, effect) + &counted(group);
        out.push(
            Diagnostic::warning(UPSTREAM_TLS, service.path.key("tls"), message)
                .level(Level::Controller)
                .source(*source)
                .hint(*hint),
        );
    }
}

/// ` (12 services: `shop`, `api`, `web`, …)`, where there are several.
fn counted(group: &[&Ignored<'_>]) -> String {
    const NAMED: usize = 3;
    if group.len() == 1 {
        return String::new();
    }
    let mut names: Vec<_> = group.iter().take(NAMED).map(|one| format!("`{}`", one.service.name)).collect();
    if group.len() > NAMED {
        names.push("…".to_owned());
    }
    format!(" ({} services: {})", group.len(), names.join(", "))
}

/// An upstream at IP addresses. Where skipping verification needs the controller's own object, that is used.
fn addressed(request: &Request<'_, '_>, profile: &Profile) -> (Form, FormReason) {
    let skip_verify = request.tls.is_some_and(|tls| tls.skip_verify);
    match (skip_verify, profile.skip_verify.value) {
        (true, SkipVerify::EnvoyGatewayBackend) => (Form::EnvoyGatewayBackend, FormReason::Unchecked),
        (true, SkipVerify::DestinationRule) => (Form::ServiceEntry, FormReason::Unchecked),
        _ => (profile.ip.value, FormReason::Address),
    }
}

fn named(
    request: &Request<'_, '_>,
    profile: &'static Profile,
    values: &Values<'_>,
    out: &mut Vec<Diagnostic>,
) -> Option<(Form, FormReason)> {
    let wanted = match values.external_hostnames {
        ExternalHostnames::Auto => return Some(automatic(request, profile, out)),
        ExternalHostnames::Relay => return Some((Form::Relay, FormReason::Asked)),
        ExternalHostnames::Backend => profile.vendor.value,
        ExternalHostnames::ExternalName => profile.external_name.value.then_some(Form::ExternalName),
        ExternalHostnames::XBackend => {
            return x_backend(request, profile, values, out).map(|form| (form, FormReason::Asked));
        }
    };
    let Some(form) = wanted else {
        let (asked, source) = match values.external_hostnames {
            ExternalHostnames::Backend => {
                ("backend` needs an object of the controller's own, and", profile.vendor.source)
            }
            _ => ("externalName` needs ExternalName Services, and", profile.external_name.source),
        };
        let message = format!("`externalHostnames: {asked} {} takes none", profile.title);
        out.push(request.fault(UNSUPPORTED_UPSTREAM, message).source(source).hint(alternatives(profile)));
        return None;
    };
    if let Some(Misfit { why, source }) = misfit(request, form, profile) {
        let message = format!("{why}, for {}", profile.title);
        out.push(
            request
                .fault(UNSUPPORTED_UPSTREAM, message)
                .source(source)
                .hint("use `externalHostnames: relay`, which takes any name"),
        );
        return None;
    }
    Some((form, FormReason::Asked))
}

/// The profile's way, or the relay where that way does not fit.
fn automatic(
    request: &Request<'_, '_>,
    profile: &'static Profile,
    out: &mut Vec<Diagnostic>,
) -> (Form, FormReason) {
    let form = profile.dns.value;
    let Some(found) = misfit(request, form, profile) else { return (form, FormReason::HostName) };
    let path = &request.service.path;
    // Once a service, although each of its endpoints may be the reason.
    if !out.last().is_some_and(|last| last.code == RELAY_INSTEAD && last.path == *path) {
        let message = format!("{}, for {}: reached by the relay instead", found.why, profile.title);
        out.push(
            Diagnostic::info(RELAY_INSTEAD, path.clone(), message)
                .level(Level::Controller)
                .source(found.source),
        );
    }
    (Form::Relay, FormReason::Misfit(found))
}

/// Why a form cannot hold these endpoints.
fn misfit(request: &Request<'_, '_>, form: Form, profile: &Profile) -> Option<Misfit> {
    let count = request.endpoints.len();
    let mixed = request.names().count() != count;
    let (why, source) = match form {
        Form::ExternalName | Form::XBackend if count > 1 => {
            let source = if form == Form::XBackend { X_BACKEND_SOURCE } else { EXTERNAL_NAME_SOURCE };
            (format!("{count} endpoints in one object, but it names one host"), source)
        }
        Form::EnvoyGatewayBackend if mixed => {
            ("host names and IP addresses in one Backend".to_owned(), MIXED_SOURCE)
        }
        Form::EnvoyGatewayBackend => {
            let min = profile.vendor_labels_min;
            let short = request.names().find(|name| name.split('.').count() < min.value)?;
            let why =
                format!("`{short}` has one label, but a Backend's host name has at least {}", min.value);
            (why, min.source)
        }
        _ => return None,
    };
    Some(Misfit { why, source })
}

fn x_backend(
    request: &Request<'_, '_>,
    profile: &'static Profile,
    values: &Values<'_>,
    out: &mut Vec<Diagnostic>,
) -> Option<Form> {
    let (message, source) = if Kind::XBackend.served(values.target).is_none() {
        let message =
            format!("XBackend is not in {}: it is {}", values.target, Kind::XBackend.availability());
        out.push(request.fault(NOT_IN_RELEASE, message).level(Level::Api).hint(alternatives(profile)));
        return None;
    } else if let Some(name) = request.names().find(|name| name.ends_with(".cluster.local")) {
        (format!("`{name}` is a name inside the cluster, which XBackend refuses"), X_BACKEND_SOURCE)
    } else if request.tls.is_some_and(|tls| tls.skip_verify) {
        ("XBackend cannot leave the certificate unchecked".to_owned(), X_BACKEND_SOURCE)
    } else if let Some(Misfit { why, source }) = misfit(request, Form::XBackend, profile) {
        (why, source)
    } else {
        return Some(Form::XBackend);
    };
    out.push(request.fault(UNSUPPORTED_UPSTREAM, message).source(source).hint(alternatives(profile)));
    None
}

/// What the forms can carry.
fn check_transport(
    request: &Request<'_, '_>,
    form: Form,
    profile: &'static Profile,
    out: &mut Vec<Diagnostic>,
) -> Option<()> {
    let carries_udp = matches!(form, Form::Endpoints | Form::ExternalName | Form::EnvoyGatewayBackend);
    if request.service.protocol != Protocol::Udp || carries_udp {
        return Some(());
    }
    let by_name = request.names().next().is_some();
    let (whom, source) =
        if by_name { ("named by DNS", profile.dns.source) } else { ("at an IP address", profile.ip.source) };
    let message = format!("{} carries no UDP to an upstream {whom} ({})", profile.title, form.words());
    let no_route = profile.routes_refused.value.contains(&Kind::UdpRoute);
    // Addresses help only where they are reached by something else than what carries names.
    let hint = if by_name && profile.ip.value == Form::Endpoints && !no_route {
        "give the upstream's IP addresses as endpoints, or use Envoy Gateway's Backend (`profile: envoy-gateway`)"
    } else {
        "use a controller that carries UDP there, such as Envoy Gateway (`profile: envoy-gateway`)"
    };
    out.push(request.fault(UNSUPPORTED_UPSTREAM, message).source(source).hint(hint));
    None
}

/// Whether the controller encrypts and checks as asked for.
fn check_tls<'v>(
    request: &Request<'_, 'v>,
    tls: &BackendTls<'_>,
    form: Form,
    profile: &'static Profile,
    target: Target,
    ignored: &mut Vec<Ignored<'v>>,
    out: &mut Vec<Diagnostic>,
) -> Option<()> {
    let path = request.service.path.key("tls");
    if tls.skip_verify {
        let can = matches!(
            (profile.skip_verify.value, form),
            (SkipVerify::EnvoyGatewayBackend, Form::EnvoyGatewayBackend)
                | (SkipVerify::DestinationRule, Form::ServiceEntry)
        );
        let path = path.key("insecureSkipVerify");
        if !can {
            let message = format!(
                "no object of {} can leave the upstream's certificate unchecked ({})",
                profile.title,
                form.words()
            );
            out.push(
                Diagnostic::error(UNSUPPORTED_UPSTREAM, path, message)
                    .level(Level::Controller)
                    .source(profile.skip_verify.source)
                    .hint("give the CA that signed it with `tls.caCertificateRefs`, or use profile envoy-gateway or istio"),
            );
            return None;
        }
        out.push(
            Diagnostic::warning(
                INSECURE_UPSTREAM,
                path,
                "the upstream's certificate is not checked: anybody between can answer",
            )
            .hint("give the CA that signed it with `tls.caCertificateRefs`"),
        );
        return Some(());
    }
    if form == Form::XBackend {
        return Some(());
    }
    let settings = request.service.tls.as_ref();
    if !profile.tls_policy.value {
        let message = format!(
            "{} encrypts to no upstream by BackendTLSPolicy, and has no object that checks a certificate",
            profile.title
        );
        out.push(
            request
                .fault(UNSUPPORTED_UPSTREAM, message)
                .source(profile.tls_policy.source)
                .hint("hand TLS through (`protocol: TLS`), or speak HTTP to a proxy that encrypts, or use another controller"),
        );
        return None;
    }
    let own_cas = settings.is_some_and(|tls| !tls.ca_certificate_refs.is_empty());
    if let Some(version) = profile.quirks.alpha_policy
        && target.channel == Channel::Standard
    {
        ignored.push(Ignored {
            profile,
            what: "TLS to an upstream by a BackendTLSPolicy of the standard channel",
            effect: ALPHA_POLICY,
            source: version.source,
            hint: "install Gateway API's experimental channel and set `gatewayAPI.channel: experimental`, or hand TLS \
                   through (`protocol: TLS`), or use another controller",
            service: request.service,
        });
    }
    if let Some(unchecked) = profile.quirks.name_unchecked
        && own_cas
    {
        ignored.push(Ignored {
            profile,
            what: "`tls.caCertificateRefs`",
            effect: unchecked.value,
            source: unchecked.source,
            hint: NAME_UNCHECKED_HINT,
            service: request.service,
        });
    }
    let mut judge =
        |support: Support, what: &'static str, source: &'static str, hint: &'static str| match support {
            Support::Yes | Support::Unreported => Some(()),
            Support::Ignored(effect) => {
                ignored.push(Ignored { profile, what, effect, source, hint, service: request.service });
                Some(())
            }
            Support::No => {
                let message = profile.refusal(what);
                out.push(
                    Diagnostic::error(UPSTREAM_TLS, path.clone(), message)
                        .level(Level::Controller)
                        .source(source)
                        .hint(hint),
                );
                None
            }
        };
    if !own_cas {
        let hint = "name a ConfigMap with the CA in `tls.caCertificateRefs`";
        judge(profile.system_cas.value, "the system's CA certificates", profile.system_cas.source, hint)?;
    }
    if settings.is_some_and(|tls| !tls.subject_alt_names.is_empty()) {
        let hint = match profile.quirks.name_unchecked {
            Some(_) => NAME_UNCHECKED_HINT,
            None => "use `tls.hostname` alone",
        };
        judge(profile.subject_alt_names.value, "`subjectAltNames`", profile.subject_alt_names.source, hint)?;
    }
    Some(())
}

fn alternatives(profile: &Profile) -> String {
    let mut ways = vec!["relay (any name)"];
    if profile.external_name.value {
        ways.push("externalName");
    }
    if profile.vendor.value.is_some() {
        ways.push("backend");
    }
    format!("`externalHostnames` may be {} here", ways.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::tree::Node;
    use crate::{Format, Scope, render};

    /// Messages of `upstream-tls` for so many services with two endpoints each.
    fn warnings(services: usize) -> Vec<String> {
        let service = |number: usize| {
            Node::map([
                ("name", Node::text(format!("s{number}"))),
                ("port", Node::integer(443)),
                ("protocol", Node::text("HTTPS")),
                ("endpoints", Node::list([Node::text("192.0.2.1"), Node::text("192.0.2.2")])),
                ("expansion", Node::text("perEndpoint")),
                ("tls", Node::map([("hostname", Node::text("a.example.com"))])),
            ])
        };
        let values = Node::map([
            ("profile", Node::text("cilium")),
            ("externalServices", Node::list((0..services).map(service))),
        ]);
        let rendered = render(values, &Scope::default(), Format::Yaml);
        let found = rendered.diagnostics.into_iter().filter(|found| found.code.0 == "upstream-tls");
        found.map(|found| format!("{}: {}", found.path, found.message)).collect()
    }

    /// What does not fit one object, each with whose bound that is.
    #[test]
    fn each_misfit_has_its_own_source() {
        for (profile, way, endpoints, source) in [
            (
                "envoy-gateway",
                "backend",
                "a.example.com, 192.0.2.1",
                "backend_types.go, CEL rule of endpoints",
            ),
            ("envoy-gateway", "backend", "pve1", "validateHostname"),
            ("contour", "externalName", "a.example.com, b.example.com", "ServiceSpec.externalName"),
            ("contour", "auto", "a.example.com, b.example.com", "ServiceSpec.externalName"),
        ] {
            let text = format!(
                "profile: {profile}\nexternalHostnames: {way}\nexternalServices: [{{name: s, port: 80, expansion: grouped, endpoints: [{endpoints}]}}]"
            );
            let limits = crate::tree::yaml::Limits::DEFAULT;
            let root = crate::tree::yaml::read(&text, 0, &limits, &mut Vec::new()).remove(0);
            let found = render(root, &Scope::default(), Format::Yaml).diagnostics;
            let codes = ["unsupported-upstream", "relay-instead"];
            let sources: Vec<&str> = found
                .iter()
                .filter(|found| codes.contains(&found.code.0))
                .map(|found| &*found.source)
                .collect();
            assert!(matches!(sources.as_slice(), [own] if own.contains(source)), "{text}: {sources:?}");
        }
    }

    #[test]
    fn what_a_controller_ignores_is_said_once() {
        let [one] = &warnings(1)[..] else { panic!("one warning") };
        assert!(one.starts_with("externalServices[0].tls: ") && !one.contains("services:"), "{one}");
        let [three] = &warnings(3)[..] else { panic!("one warning") };
        assert_eq!(three, &format!("{one} (3 services: `s0`, `s1`, `s2`)"));
        let [many] = &warnings(12)[..] else { panic!("one warning") };
        assert_eq!(many, &format!("{one} (12 services: `s0`, `s1`, `s2`, …)"));
    }
}
