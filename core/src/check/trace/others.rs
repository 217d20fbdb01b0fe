//! Routes that had no chance: those of less specific listeners, and those that are not accepted.

use super::Tracer;
use super::http;
use super::listener::{self, Door, Layer};
use crate::check::attach::{Joined, ListenerId, Membership, Outcome, Target};
use crate::check::model::Route;
use crate::profile::Profile;

impl<'c> Tracer<'_, 'c> {
    /// Adds the routes that had no chance: those of less specific listeners, and those not accepted.
    pub(super) fn others(&mut self, door: &Door<'_, 'c>, chosen: Option<(ListenerId, &Joined<'c>)>) {
        let name = chosen.map_or(&self.parts.host, |(_, joined)| match listener::layer(joined) {
            Some(Layer::Tls) => &self.parts.sni,
            _ => &self.parts.host,
        });
        let host = name.clone();
        let fits = |route: &Route<'_>| listener::is_for(route, &host);
        if let Some((id, joined)) = chosen {
            let mut shadowed = false;
            for (other, less) in &door.listeners {
                if *other == id || !listener::serves(less, &host) {
                    continue;
                }
                for at in less.routes.iter().filter(|at| joined.routes.binary_search(at).is_err()) {
                    if let Some(route) = self.model.routes.get(*at).filter(|route| fits(route)) {
                        let why = format!(
                            "listener `{}` is less specific than `{}`",
                            less.listener.name, joined.listener.name
                        );
                        self.losers.push(http::whole(route, "listener-hostname", why));
                        shadowed = true;
                    }
                }
            }
            let profile = self.settings.controller().filter(|_| shadowed);
            if let Some(why) = profile.and_then(Profile::lack_of_isolation) {
                self.notes.push(format!("{why}: a less specific listener may answer there"));
            }
        }
        self.not_accepted(door, fits);
    }

    fn not_accepted(&mut self, door: &Door<'_, 'c>, fits: impl Fn(&Route<'_>) -> bool) {
        let sets = self.attachments.sets(door.gateway);
        let refused = |set: usize| {
            let membership = self.attachments.memberships.get(set);
            matches!(membership, Some(Membership::NotAllowed(gateway)) if *gateway == door.gateway)
        };
        let here = |target: Target, by_name: bool| match target {
            Target::Gateway(at) => at == door.gateway,
            Target::ListenerSet(at) => sets.contains(&at) || refused(at),
            // One that is not there may be misspelt; who is for every host is hardly meant.
            Target::Absent => by_name,
            Target::Other => false,
        };
        for (at, (route, parents)) in self.model.routes.iter().zip(&self.attachments.routes).enumerate() {
            let by_name = !route.hostnames.is_empty();
            let mut named = parents.iter().filter(|parent| here(parent.target, by_name)).peekable();
            if named.peek().is_none() || !fits(route) {
                continue;
            }
            if self.weighed.contains(&at) {
                continue;
            }
            let named: Vec<_> = named.map(|parent| (parent.outcome, parent.target)).collect();
            if named.iter().any(|(outcome, _)| *outcome == Outcome::Accepted) {
                continue;
            }
            let why = match named.first() {
                Some((Outcome::NoMatchingParent, Target::Absent)) => "its parent does not exist",
                Some((Outcome::NoMatchingParent, Target::ListenerSet(set))) if refused(*set) => {
                    "the Gateway does not take its ListenerSet"
                }
                Some((Outcome::NoMatchingParent, _)) => "`sectionName` or `port` names no listener",
                Some((Outcome::NotAllowedByListeners, _)) => "no listener allows its kind and namespace",
                Some((Outcome::NoMatchingListenerHostname, _)) => "no listener has a host in common with it",
                Some((Outcome::Unknown(doubt), _)) => doubt.words(),
                _ => "it is not attached",
            };
            self.losers.push(http::whole(route, "not-accepted", why.to_owned()));
        }
    }
}
