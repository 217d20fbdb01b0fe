//! The Envoy Gateway peer serves requests through a real Envoy.

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::Result;
use gatewright_tests::peers::{Authority, EnvoyGatewayLab, Request, Serve};

/// One lab for all tests here: a lab takes ten seconds to start. A `static` is never dropped, so it
/// ends with the process.
static LAB: LazyLock<EnvoyGatewayLab> = LazyLock::new(|| EnvoyGatewayLab::start().expect("a lab starts"));

const LIMIT: Duration = Duration::from_secs(30);

/// A port of a Service and the same port of its endpoints carry one name.
const MANIFESTS: &str = r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {namespace: default, name: public}
spec:
  gatewayClassName: envoy-gateway
  listeners:
  - {name: http, protocol: HTTP, port: 80}
  - name: https
    protocol: HTTPS
    port: 443
    tls: {certificateRefs: [{name: public}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {namespace: default, name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
  - backendRefs: [{name: shop, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {namespace: default, name: shop}
spec:
  ports: [{name: http, port: 80, targetPort: 8001}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  namespace: default
  name: shop
  labels: {kubernetes.io/service-name: shop}
addressType: IPv4
ports: [{name: http, port: 8001, protocol: TCP}]
endpoints: [{addresses: [198.51.100.10]}]
";

#[test]
fn serves_a_request_through_envoy() -> Result<()> {
    let lab = &*LAB;
    let authority = Authority::new()?;
    let shop = lab.backend("shop", &EnvoyGatewayLab::backend_address(0), 8001, &Serve::Http)?;
    lab.apply(&authority.issue(&["shop.example.com"])?.secret("default", "public")?)?;
    lab.apply(MANIFESTS)?;
    lab.wait_condition("default", "gateway/public", "Accepted", "True", LIMIT)?;
    lab.wait_condition("default", "httproute/shop", "ResolvedRefs", "True", LIMIT)?;

    let request = Request::get("shop.example.com", "/cart?item=1");
    let echo = lab.send_until(&request, LIMIT, |reply| reply.status == 200)?.echo()?;
    assert_eq!(echo["backend"], shop.name);
    assert_eq!(echo["host"], "shop.example.com");
    assert_eq!(echo["path"], "/cart?item=1");

    assert_eq!(lab.send(&Request::get("other.example.com", "/"))?.status, 404);

    let tls = Some(("shop.example.com".to_owned(), authority.certificate().to_owned()));
    let secure = Request { port: 443, tls, ..request.clone() };
    lab.send_until(&secure, LIMIT, |reply| reply.status == 200)?;

    let replies = lab.send_many(&request, 100)?;
    assert!(replies.iter().all(|reply| reply.status == 200));

    drop(shop);
    let gone = lab.send(&request)?;
    assert_eq!(gone.status, 503, "a backend ends with its value: {gone:?}");
    Ok(())
}

#[test]
fn backends_speak_tls_and_tell_the_name_they_were_asked_for() -> Result<()> {
    let lab = &*LAB;
    let authority = Authority::new()?;
    let certificate = authority.issue(&["*.example.net"])?;
    let address = EnvoyGatewayLab::backend_address(1);
    let _backend = lab.backend("secure", &address, 8443, &Serve::Tls(certificate))?;
    lab.name_host("a.example.net", &address)?;

    let tls = Some(("a.example.net".to_owned(), authority.certificate().to_owned()));
    let request = Request { port: 8443, tls, ..Request::get("a.example.net", "/") };
    let echo = lab.send_to("a.example.net", &request, 1)?[0].echo()?;
    assert_eq!((echo["backend"].as_str(), echo["sni"].as_str()), (Some("secure"), Some("a.example.net")));

    let tls = Some(("wrong.example.com".to_owned(), authority.certificate().to_owned()));
    let wrong = lab.send_to(&address, &Request { tls, ..request }, 1)?.remove(0);
    assert_eq!(wrong.status, 0);
    assert!(wrong.body.contains("CERTIFICATE_VERIFY_FAILED"), "{}", wrong.body);
    Ok(())
}
