//! Backends of an Ingress: a Service with the number of one of its ports.

use super::read::{Backend, INGRESS_MALFORMED, Reading};
use crate::diagnostic::{Code, Severity};
use crate::import::objects::Object;
use crate::path::Path;
use crate::tree::{Node, Value};

/// A port that the Service does not have.
const NO_PORT: Code = Code("import-no-port");

/// Numbers that a port may have. Source: Gateway API v1.6.1, `PortNumber`; Kubernetes v1.36, `IsValidPortNum`.
const PORTS: std::ops::RangeInclusive<i64> = 1..=65_535;

/// What to do where a port is not known.
const GIVE: &str = "give the Services too (`kubectl get ingress,services -A -o json`), or write the number";

/// What is known of a port.
enum Port {
    /// Its number.
    Is(i64),
    /// The Service is in the input, and has none like it.
    Missing,
    /// The Service is not in the input.
    Unknown,
}

impl Reading<'_, '_> {
    /// Service and port of a backend, in the form of `networking.k8s.io/v1`, or in that of `v1beta1`, whose port is a
    /// number or a name.
    ///
    /// Source: Kubernetes v1.21, `IngressBackend` of `networking.k8s.io/v1beta1`.
    pub(super) fn backend(&mut self, backend: Option<&Node<'_>>, at: &Path) -> Option<Backend> {
        let get = |key: &str| backend.and_then(|backend| backend.get(key));
        let (service, name_key, at_name) = match get("service") {
            Some(service) => (service.get("name"), "name", at.key("service")),
            None => (get("serviceName"), "serviceName", at.clone()),
        };
        let of_service = |key: &str| get("service").and_then(|service| service.get("port")?.get(key));
        let port = of_service("number").or_else(|| of_service("name")).or_else(|| get("servicePort"));
        let is_resource = get("resource").is_some_and(|resource| !resource.is_null());
        let name = self.text(service, &at_name.key(name_key));
        if name.is_none() && service.is_some_and(|name| !name.is_null()) {
            return None;
        }
        let written = port.and_then(|port| match &port.value {
            Value::Integer(number) => Some(number.to_string()),
            _ => port.as_text().map(str::to_owned),
        });
        let (Some(name), Some(written)) = (name, written) else {
            let (message, hint) = if is_resource {
                let message = "a resource is no Service: left out, as in ingress-nginx, where the rest of the host answers";
                (message, "write a rule to a Service, or with what the controller has for such a resource")
            } else {
                ("has no Service with a port: left out", "name a Service and its port")
            };
            self.say(Severity::Error, INGRESS_MALFORMED, at, message.to_owned(), hint);
            return None;
        };
        if !self.is_name("Service", name, &at_name.key(name_key)) {
            return None;
        }
        let number = written.parse().ok();
        if let Some(number) = number.filter(|number| !PORTS.contains(number)) {
            let message = format!(
                "port {number} of Service `{name}` is outside {} to {}: left out",
                PORTS.start(),
                PORTS.end()
            );
            self.say(Severity::Error, INGRESS_MALFORMED, at, message, "write the number of one of its ports");
            return None;
        }
        let port = match (self.port(name, &written), number) {
            (Port::Is(port), _) | (Port::Unknown, Some(port)) => port,
            (Port::Missing, Some(port)) => {
                let message = format!(
                    "Service `{name}` has no port {port}: ingress-nginx answers 503, and a Gateway 500 or nothing"
                );
                let hint = "write the number of one of its ports";
                self.say(Severity::Warning, NO_PORT, at, message, hint);
                port
            }
            (Port::Missing, None) => {
                let message = format!(
                    "Service `{name}` has no port `{written}`: left out, as ingress-nginx answers 503"
                );
                let hint = "write the number of one of its ports";
                self.say(Severity::Error, NO_PORT, at, message, hint);
                return None;
            }
            (Port::Unknown, None) => {
                let message = format!(
                    "the number of port `{written}` is not known, as Service `{name}` is not in the input, or stands for a host \
                     name and has no such port: left out"
                );
                self.say(Severity::Error, INGRESS_MALFORMED, at, message, GIVE);
                return None;
            }
        };
        Some(Backend { service: name.to_owned(), port, written })
    }

    /// The port that a number or a name means: the first with that number, that target or that name.
    ///
    /// Source: ingress-nginx v1.12.1, `serviceEndpoints` and `externalNamePorts` of
    /// `internal/ingress/controller/controller.go`.
    fn port(&self, service: &str, written: &str) -> Port {
        let index = self.objects.find("", "Service", self.object.namespace(), service);
        let Some(service) = index.and_then(|index| self.objects.get(index)) else { return Port::Unknown };
        let ports = service.spec("ports").and_then(Node::as_list).unwrap_or_default();
        let found = ports.iter().find(|port| {
            let is = |key: &str| port.get(key).and_then(text_or_number).is_some_and(|text| text == written);
            is("port") || is("targetPort") || is("name")
        });
        match found.and_then(|port| port.get("port")?.as_integer()) {
            Some(port) => Port::Is(port),
            None if is_outside(service) => Port::Unknown,
            None => Port::Missing,
        }
    }
}

fn text_or_number(node: &Node<'_>) -> Option<String> {
    node.as_text().map(str::to_owned).or_else(|| node.as_integer().map(|number| number.to_string()))
}

/// Whether a Service stands for a host name, which has every port.
fn is_outside(service: &Object<'_>) -> bool {
    service.spec("type").and_then(Node::as_text) == Some("ExternalName")
}
