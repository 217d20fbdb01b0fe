//! The manifests that are measured, in blocks as a team of a platform has them: a Gateway, a grant, seven
//! HTTPRoutes and a GRPCRoute.

use std::io::{Result, Write};

/// Objects in a block.
const BLOCK: usize = 10;

/// Writes at least so many objects, up to whole blocks; gives how many.
pub fn write(count: usize, out: &mut dyn Write) -> Result<usize> {
    let blocks = count.div_ceil(BLOCK);
    for team in 0..blocks {
        block(team, out)?;
    }
    Ok(blocks * BLOCK)
}

/// The same as a text.
pub fn text(count: usize) -> (String, usize) {
    let mut out = Vec::new();
    let count = write(count, &mut out).expect("memory takes what is written");
    (String::from_utf8(out).expect("manifests are text"), count)
}

fn block(team: usize, out: &mut dyn Write) -> Result<()> {
    write!(
        out,
        "\
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge-{team:05}
  labels: {{team: team-{team:05}}}
spec:
  gatewayClassName: eg
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      hostname: \"*.team-{team:05}.example.com\"
      allowedRoutes: {{namespaces: {{from: Same}}}}
    - name: https
      port: 443
      protocol: HTTPS
      hostname: \"*.team-{team:05}.example.com\"
      tls: {{mode: Terminate, certificateRefs: [{{name: wildcard-{team:05}}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {{name: grant-{team:05}}}
spec:
  from: [{{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: partners}}]
  to: [{{group: \"\", kind: Service}}]
"
    )?;
    for route in 0..7 {
        write!(
            out,
            "\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop-{team:05}-{route}
  labels: {{team: team-{team:05}, app: shop-{route}}}
spec:
  parentRefs:
    - {{name: edge-{team:05}, sectionName: https}}
  hostnames: [shop-{route}.team-{team:05}.example.com]
  rules:
    - matches:
        - path: {{type: PathPrefix, value: /cart}}
          headers: [{{name: x-version, value: \"2\"}}]
        - path: {{type: Exact, value: /checkout}}
          method: POST
      filters:
        - type: RequestHeaderModifier
          requestHeaderModifier: {{set: [{{name: x-team, value: team-{team:05}}}]}}
        - type: URLRewrite
          urlRewrite: {{hostname: internal.example.com}}
      backendRefs:
        - {{name: cart-{route}, port: 8080, weight: 90}}
        - {{name: cart-{route}-canary, port: 8080, weight: 10}}
      timeouts: {{request: 10s, backendRequest: 2s}}
    - matches: [{{path: {{type: PathPrefix, value: /}}}}]
      backendRefs: [{{name: shop-{route}, port: 8080}}]
"
        )?;
    }
    write!(
        out,
        "\
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {{name: prices-{team:05}}}
spec:
  parentRefs: [{{name: edge-{team:05}, sectionName: https}}]
  hostnames: [prices.team-{team:05}.example.com]
  rules:
    - matches: [{{method: {{service: shop.Prices, method: Get}}}}]
      backendRefs: [{{name: prices, port: 9090}}]
"
    )
}
