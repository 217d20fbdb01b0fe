//! Organizations by the number.

use std::io::{self, Write};

/// What the values have beside their organizations, in the strategy's words.
pub fn beside(sharding: &str) -> String {
    format!(
        "profile: envoy-gateway\ngatewayAPI: {{version: \"1.6\"}}\nbaseDomain: example.com\nreferenceGrants: all\n\
         certificates: {{enabled: true, solver: dns01, issuerRef: {{name: letsencrypt-dns}}}}\n\
         gateway: {{name: eg, namespace: edge, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}\n\
         sharding: {sharding}\n"
    )
}

/// Organizations with so many services each, one JSON object a line.
pub fn stream(organizations: usize, services: usize, out: &mut dyn Write) -> io::Result<()> {
    for number in 0..organizations {
        writeln!(out, "{}", organization(number, services))?;
    }
    Ok(())
}

/// The same as a list of values.
pub fn list(organizations: usize, services: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "organizations:")?;
    for number in 0..organizations {
        writeln!(out, "  - {}", organization(number, services))?;
    }
    Ok(())
}

fn organization(number: usize, services: usize) -> String {
    let services: Vec<String> =
        (0..services).map(|service| format!("{{\"name\": \"web-{service:02}\", \"port\": 80}}")).collect();
    format!("{{\"name\": \"org-{number:07}\", \"services\": [{}]}}", services.join(", "))
}
