//! The values that are measured.

use std::fmt::Write as _;

const GATEWAY: &str = "\
gateway:
  name: edge
  className: eg
  listeners:
    - name: http
      protocol: HTTP
      port: 80
";

/// Services of one endpoint each, as a platform team's file lists them. Each becomes a Service, an
/// EndpointSlice and an HTTPRoute.
pub fn services(count: usize) -> String {
    let mut text =
        format!("{GATEWAY}names:\n  hostname: \"{{{{ service }}}}.example.com\"\nexternalServices:\n");
    for service in 0..count {
        let (high, low, team) = (service >> 8 & 255, service & 255, service % 50);
        write!(
            text,
            "  - name: service-{service:06}
    port: 8080
    protocol: HTTP
    endpoints:
      - 10.{}.{high}.{low}:8443
    labels:
      team: team-{team}
",
            service >> 16 & 255
        )
        .expect("text takes all that is written");
    }
    text
}

/// Routes of a thousand host names each to one service. Each becomes 63 HTTPRoutes.
pub fn hostnames(count: usize) -> String {
    let mut text = format!(
        "{GATEWAY}externalServices:
  - name: upstream
    port: 8080
    protocol: HTTP
    endpoints: [192.0.2.10:8080]
routes:
"
    );
    for site in 0..count.div_ceil(1000) {
        writeln!(text, "  - name: site-{site:04}\n    hostnames:").expect("text takes all that is written");
        for host in 0..1000.min(count - site * 1000) {
            writeln!(text, "      - h{host:03}.site-{site:04}.example.com")
                .expect("text takes all that is written");
        }
        text.push_str("    rules:\n      - backendRefs: [{name: upstream}]\n");
    }
    text
}
