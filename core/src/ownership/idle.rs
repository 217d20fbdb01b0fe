//! Grants of a context that permit less than they seem to. A review says of one only that nothing is granted by it; whoever
//! has the context can mend it.

use super::Context;
use super::hostname_grant::HostnameGrant;
use super::rule::{self, Fault};
use super::settings::Settings;
use super::uses::At;
use crate::diagnostic::{Diagnostic, Level};
use crate::path::Path;

/// Most faults that are told; our own bound.
const TOLD_MAX: usize = 8;

/// Warns of grants whose selector reaches nothing, or which have a host name that permits nothing: of those that are meant.
pub fn idle_grants(
    context: &Context<'_>,
    settings: &Settings,
    is_meant: &dyn Fn(&HostnameGrant<'_>) -> bool,
) -> Vec<Diagnostic> {
    if !settings.needs_grants {
        return Vec::new();
    }
    let faults =
        context.grants.iter().flat_map(|grant| faults(grant, settings).map(move |fault| (grant, fault)));
    let mut faults = faults.filter(|(grant, _)| is_meant(grant));
    let told = faults.by_ref().take(TOLD_MAX).map(|(grant, fault)| {
        let message = format!("HostnameGrant `{}`: {}", grant.name, fault.text);
        Diagnostic::warning(fault.code, Path::ROOT, message).hint(fault.hint)
    });
    let mut told: Vec<Diagnostic> = told.collect();
    let more = faults.count();
    if let Some(last) = told.last().filter(|_| more > 0) {
        let message = format!("{more} more such faults of HostnameGrants are not listed");
        told.push(Diagnostic::warning(last.code, Path::ROOT, message));
    }
    told.into_iter().map(|found| found.level(Level::Ownership)).collect()
}

/// At most one of each kind.
fn faults<'g>(grant: &'g HostnameGrant<'_>, settings: &'g Settings) -> impl Iterator<Item = Fault> {
    let selector = grant.untrusted(settings).first().map(|label| rule::untrusted_selector::fault(label));
    let name = grant.faults().next().map(|(index, host, fault)| {
        let fault = rule::hostname_not_canonical::fault(host, &fault, At::Hostname(index));
        Fault { text: format!("{}: it permits nothing", fault.text), ..fault }
    });
    selector.into_iter().chain(name)
}
