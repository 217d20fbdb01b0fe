//! What the controller that is named makes of the answer, where that is not what Gateway API has.

use super::Tracer;
use super::answer::{Answer, Share};
use crate::check::controller::upstream_tls;
use crate::profile::Profile;

impl<'c> Tracer<'_, 'c> {
    /// Notes where the named controller does otherwise than the answer says.
    pub(super) fn note_controller(&mut self, answer: &Answer<'c>) {
        let Some(profile) = self.settings.controller() else { return };
        let route = answer.route.as_ref().map(|route| route.kind).filter(|kind| profile.refuses(kind));
        self.notes.extend(route.map(|kind| profile.refusal_of_route(kind)));
        for share in &answer.backends {
            let found = self.upstream_notes(profile, share);
            for note in found {
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
            }
        }
    }

    /// What it makes of the BackendTLSPolicy of a backend, in the words of `upstream-tls`.
    fn upstream_notes(&self, profile: &Profile, share: &Share<'_>) -> Vec<String> {
        let Some(tls) = &share.tls else { return Vec::new() };
        let policy = self.attachments.index.policy(share.namespace, share.name, share.port);
        let name = format!("BackendTLSPolicy `{}/{}`", share.namespace, tls.policy);
        if !profile.tls_policy.value {
            return vec![format!("{name}: {}", profile.refusal_of_route("BackendTLSPolicy"))];
        }
        let found = policy.map(|policy| upstream_tls(self.settings, profile, policy)).unwrap_or_default();
        found.into_iter().map(|finding| format!("{name}: {}", finding.diagnostic.message)).collect()
    }
}
