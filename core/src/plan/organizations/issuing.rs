//! What an issuer makes of the certificates of organizations: whether it can prove them, and how long that takes.

use std::collections::BTreeMap;

use super::issuers::Kindless;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::plan::Certificate;
use crate::public_suffix;
use crate::values::{Solver, Values, quoted};

/// A wildcard certificate whose issuer cannot, or may not be able to, prove it.
const WILDCARD_NEEDS_DNS01: Code = Code("wildcard-needs-dns01");
/// More certificates of one domain than are issued in a week.
const CERTIFICATES_PER_WEEK: Code = Code("certificates-per-week");

/// New certificates of one registered domain that are issued at once. Beyond them issuing waits; renewals do not count.
///
/// Source: Let's Encrypt, documentation "Rate Limits", as of June 2025: 50 in seven days, a bucket that fills again by
/// and by.
const AT_ONCE: usize = 50;

/// Minutes until one more is issued: seven days in 50 parts.
const MINUTES_EACH: usize = (7 * MINUTES_A_DAY).div_ceil(AT_ONCE);

const MINUTES_A_DAY: usize = 24 * 60;

/// Certificates of organizations, counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issued {
    /// How many hold wildcards, and the first wildcard.
    wildcards: usize,
    first: String,
    /// How many there are of each registered domain.
    by_domain: BTreeMap<String, usize>,
    /// The last registered domain below which no other is: most names are below the same one.
    last: String,
    kindless: Kindless,
}

impl Issued {
    /// Counts more of them.
    pub(crate) fn add<'c, 'v: 'c>(&mut self, certificates: impl Iterator<Item = &'c Certificate<'v>>) {
        for certificate in certificates {
            self.kindless.add(certificate);
            if let Some(wildcard) = certificate.dns_names.iter().find(|name| name.is_wildcard()) {
                if self.wildcards == 0 {
                    self.first = wildcard.to_string();
                }
                self.wildcards += 1;
            }
            // A certificate of names below several domains counts for each of them.
            let names = certificate.dns_names.iter();
            let mut domains: Vec<&str> = names.filter_map(|name| self.registered(name)).collect();
            domains.sort_unstable();
            domains.dedup();
            for domain in domains {
                if let Some(count) = self.by_domain.get_mut(domain) {
                    *count += 1;
                } else {
                    self.by_domain.insert(domain.to_owned(), 1);
                }
            }
        }
    }

    /// Says what an issuer cannot do, or not at once.
    pub(crate) fn check(&self, values: &Values<'_>, out: &mut Vec<Diagnostic>) {
        let solver = values.certificates.as_ref().and_then(|certificates| certificates.solver);
        out.extend(self.without_dns01(solver));
        out.extend(self.kindless.finding(values));
        if solver != Some(Solver::NotAcme) {
            out.extend(self.late());
        }
    }

    /// Wildcards are certified only by issuers that prove control of the domain by DNS.
    fn without_dns01(&self, solver: Option<Solver>) -> Option<Diagnostic> {
        if self.wildcards == 0 {
            return None;
        }
        let what = format!(
            "{} ({} first), which ACME issues by DNS-01 only",
            if self.wildcards == 1 {
                "a certificate holds wildcards".to_owned()
            } else {
                format!("{} certificates hold wildcards", self.wildcards)
            },
            quoted(&self.first)
        );
        let path = Path::ROOT.key("certificates").key("solver");
        let found = match solver {
            Some(Solver::Http01) => {
                Diagnostic::error(WILDCARD_NEEDS_DNS01, path, format!("{what}, but `solver` is http01"))
                    .hint("name an issuer with a dns01 solver, or take `sharding.strategy: perService`")
            }
            None => Diagnostic::warning(
                WILDCARD_NEEDS_DNS01,
                path,
                format!("{what}; nobody says how the issuer proves them"),
            )
            .hint("see that the issuer has a dns01 solver and set `certificates.solver: dns01`, or `none` if it is no ACME issuer"),
            Some(Solver::Dns01 | Solver::NotAcme) => return None,
        };
        Some(
            found.source(
                "Let's Encrypt, documentation of challenge types: HTTP-01 cannot be used for wildcards",
            ),
        )
    }

    fn registered<'h>(&mut self, name: &'h Hostname<'_>) -> Option<&'h str> {
        let name = name.as_str();
        let name = name.strip_prefix("*.").unwrap_or(name);
        let above = name.len().checked_sub(self.last.len()).and_then(|start| name.split_at_checked(start));
        if let Some((below, domain)) = above
            && !domain.is_empty()
            && domain == self.last
            && (below.is_empty() || below.ends_with('.'))
        {
            return Some(domain);
        }
        let domain = public_suffix::registered(name)?;
        if !public_suffix::has_rules_below(domain) {
            domain.clone_into(&mut self.last);
        }
        Some(domain)
    }

    /// The domain with the most certificates, if those are more than are issued at once.
    fn late(&self) -> Option<Diagnostic> {
        let (domain, count) = self.by_domain.iter().max_by_key(|(_, count)| **count)?;
        let later = count.checked_sub(AT_ONCE).filter(|later| *later > 0)?;
        let message = format!(
            "{count} certificates below `{domain}`: Let's Encrypt issues {AT_ONCE} new ones of a registered domain in \
             seven days, then one every {MINUTES_EACH} minutes, so that the last waits {}",
            waiting(later * MINUTES_EACH)
        );
        let path = Path::ROOT.key("certificates");
        Some(
            Diagnostic::warning(CERTIFICATES_PER_WEEK, path, message)
                .source("Let's Encrypt, documentation \"Rate Limits\": new certificates per registered domain")
                .hint("ask for a higher limit, let the organizations come week by week, or set `certificates.solver: none` if another issuer has no such limit"),
        )
    }
}

/// A time in words, in the unit that says most.
fn waiting(minutes: usize) -> String {
    match minutes.div_ceil(60) {
        hours @ ..48 => format!("{hours} hours"),
        hours => format!("{} days", hours.div_ceil(24)),
    }
}
