//! The values that are measured. They are written piece by piece: what this process holds would be
//! counted as its children's (see [`Memory`](crate::measure::Memory)).

use std::io::{Result, Write};

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
pub fn services(count: usize, out: &mut dyn Write) -> Result<()> {
    write!(out, "{GATEWAY}names:\n  hostname: \"{{{{ service }}}}.example.com\"\nexternalServices:\n")?;
    for service in 0..count {
        let (high, low, team) = (service >> 8 & 255, service & 255, service % 50);
        write!(
            out,
            "  - name: service-{service:06}
    port: 8080
    protocol: HTTP
    endpoints:
      - 10.{}.{high}.{low}:8443
    labels:
      team: team-{team}
",
            service >> 16 & 255
        )?;
    }
    Ok(())
}

/// Routes of a thousand host names each to one service. Each is split at the limit of 16 host names.
pub fn hostnames(count: usize, out: &mut dyn Write) -> Result<()> {
    write!(
        out,
        "{GATEWAY}externalServices:
  - name: upstream
    port: 8080
    protocol: HTTP
    endpoints: [192.0.2.10:8080]
routes:
"
    )?;
    for site in 0..count.div_ceil(1000) {
        writeln!(out, "  - name: site-{site:04}\n    hostnames:")?;
        for host in 0..1000.min(count - site * 1000) {
            writeln!(out, "      - h{host:03}.site-{site:04}.example.com")?;
        }
        writeln!(out, "    rules:\n      - backendRefs: [{{name: upstream}}]")?;
    }
    Ok(())
}
