//! Grants of a context that permit less than they seem to. A review says of one only that nothing is granted by it; whoever
//! has the context can mend it.

use super::Context;
use super::hostname_grant::HostnameGrant;
use super::rule::{self, Fault};
use super::settings::Settings;
use super::uses::At;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::path::Path;

/// Most faults of one code that are told; our own bound.
const TOLD_MAX: usize = 8;

/// Warns of grants whose selector reaches nothing, or which have a host name that permits nothing: of those that are meant.
pub fn idle_grants(
    context: &Context<'_>,
    settings: &Settings,
    is_meant: &dyn Fn(&HostnameGrant<'_>, Code) -> bool,
) -> Vec<Diagnostic> {
    if !settings.needs_grants {
        return Vec::new();
    }
    let faults: [fn(&HostnameGrant<'_>, &Settings) -> Option<Fault>; 2] = [of_selector, of_names];
    let mut out = Vec::new();
    for of in faults {
        let faults = context.grants.iter().filter_map(|grant| Some((grant, of(grant, settings)?)));
        let mut faults = faults.filter(|(grant, fault)| is_meant(grant, fault.code));
        for (grant, fault) in faults.by_ref().take(TOLD_MAX) {
            let message = format!("HostnameGrant `{}`: {}", grant.name, fault.text);
            out.push(Diagnostic::warning(fault.code, Path::ROOT, message).hint(fault.hint));
        }
        if let Some((_, Fault { code, .. })) = faults.next() {
            let message = format!("{} more HostnameGrants have such a fault", 1 + faults.count());
            out.push(Diagnostic::warning(code, Path::ROOT, message));
        }
    }
    out.into_iter().map(|found| found.level(Level::Ownership)).collect()
}

fn of_selector(grant: &HostnameGrant<'_>, settings: &Settings) -> Option<Fault> {
    grant.untrusted(settings).first().map(|label| rule::untrusted_selector::fault(label))
}

fn of_names(grant: &HostnameGrant<'_>, _: &Settings) -> Option<Fault> {
    let (index, host, fault) = grant.faults().next()?;
    let fault = rule::hostname_not_canonical::fault(host, &fault, At::Hostname(index));
    Some(Fault { text: format!("{}: it permits nothing", fault.text), ..fault })
}
