//! The full name of a release, which names what belongs to no entry.

use crate::Scope;
use crate::hostname::LABEL_MAX;
use crate::values::{DEFAULT_CHART, Values};

/// Helm's usual full name: `fullnameOverride`, else release and chart, without saying one twice.
///
/// An alias of the chart may hold capitals and underscores, which no object's name may; it is cut to
/// leave room for a suffix.
pub(super) fn of(values: &Values<'_>, scope: &Scope) -> String {
    const ROOM_FOR_SUFFIX: usize = 10;
    let chart = values.app_name(scope);
    let name = match values.fullname_override {
        Some(fullname) => fullname.to_owned(),
        None if scope.release.is_empty() => chart.to_owned(),
        None if scope.release.contains(chart) => scope.release.clone(),
        None => format!("{}-{chart}", scope.release),
    };
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(LABEL_MAX - ROOM_FOR_SUFFIX)
        .collect();
    let name = name.trim_matches('-');
    if name.is_empty() { DEFAULT_CHART.to_owned() } else { name.to_owned() }
}
