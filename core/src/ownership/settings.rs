//! What a cluster asks for: which questions are put, who is exempt, and what a fault does.

use super::rule;
use crate::diagnostic::Severity;
use crate::hostname::parts;
use crate::release::NAME_LABEL;
use crate::shorten::joined;
use crate::tree::Node;
use crate::tree::json::{self, Keep};

/// How decisions are made; `gatewright review --help` says the same of its flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether another's claims stand, and whether one's own are needed.
    pub claims: Claims,
    /// Whether grants are needed.
    pub needs_grants: bool,
    /// Whether TCPRoutes and UDPRoutes need a grant that names their kind.
    pub needs_l4_grants: bool,
    /// Labels of namespaces that tenants cannot edit. Selectors with any other key reach nothing.
    pub trusted_labels: Vec<String>,
    /// Namespaces whose objects are not judged.
    pub exempt_namespaces: Vec<String>,
    /// Users, by `userInfo.username`, whose requests are not judged.
    pub exempt_users: Vec<String>,
    /// Group and kind of parents that are passed over; the core group is the empty text.
    pub unjudged_parents: Vec<(String, String)>,
    /// Whether objects of kinds that we do not know are denied.
    pub denies_unknown_kinds: bool,
    /// What faults do, where it is not what they do by default.
    pub actions: Vec<(&'static str, Action)>,
}

/// What DomainClaims are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claims {
    /// Nothing.
    Off,
    /// Nobody uses what another namespace has claimed.
    Respect,
    /// The same, and every name must be claimed by the own namespace.
    Require,
}

/// What a fault does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// The request is denied.
    Deny,
    /// It is allowed, with a warning for whoever sent it.
    Warn,
    /// It is allowed, with an annotation in the audit log.
    Audit,
}

impl Action {
    /// What it weighs as a diagnostic.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Deny => Severity::Error,
            Self::Warn => Severity::Warning,
            Self::Audit => Severity::Info,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            claims: Claims::Respect,
            needs_grants: true,
            needs_l4_grants: false,
            trusted_labels: vec![NAME_LABEL.to_owned()],
            exempt_namespaces: Vec::new(),
            exempt_users: Vec::new(),
            unjudged_parents: vec![(String::new(), "Service".to_owned())],
            denies_unknown_kinds: false,
            actions: Vec::new(),
        }
    }
}

/// The keys of settings as JSON, each with how its values are written.
const KEYS: [(&str, &str); 9] = [
    ("claims", "off, respect or require"),
    ("grants", "off or require"),
    ("l4", "open or grant"),
    ("trustedNamespaceLabels", "keys of labels"),
    ("exemptNamespaces", "names of namespaces"),
    ("exemptUsers", "names of users"),
    ("unjudgedParents", "group/kind, such as core/Service"),
    ("unknownKinds", "allow or deny"),
    ("rules", "a map of codes to deny, warn or audit"),
];

impl Settings {
    /// Reads settings from a JSON text. Keys are taken in the spelling of flags too (`trusted-namespace-label`), `context` is
    /// passed over, and null counts as absent.
    ///
    /// # Errors
    /// What is not known or not legal, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let keep = |key: &str| if key == "context" { Keep::Nothing } else { Keep::Whole };
        let node = json::part(text, keep).map_err(|fault| format!("the settings cannot be read: {fault}"))?;
        let mut settings = Self::default();
        if node.is_null() {
            return Ok(settings);
        }
        let Some(map) = node.as_map() else {
            return Err(format!("settings are a map, and here they are {}", node.type_word()));
        };
        for entry in map.iter().filter(|entry| !entry.value.is_null()) {
            let plain = plain(&entry.key);
            let Some((key, form)) = KEYS.iter().find(|(key, _)| self::plain(key) == plain) else {
                let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
                let known = joined(&known, ", ");
                return Err(format!("unknown setting `{}`: known are {known}", entry.key));
            };
            let is_set = match &entry.value {
                value if *key == "rules" => settings.read_actions(value)?,
                value => match words(value) {
                    Some(words) => settings.set(key, &words),
                    None => false,
                },
            };
            if !is_set {
                return Err(format!("setting `{key}` takes {form}"));
            }
        }
        Ok(settings)
    }

    /// Sets one by its key in JSON; false where a value is not legal.
    fn set(&mut self, key: &str, values: &[&str]) -> bool {
        match (key, values) {
            ("claims", ["off"]) => self.claims = Claims::Off,
            ("claims", ["respect"]) => self.claims = Claims::Respect,
            ("claims", ["require"]) => self.claims = Claims::Require,
            ("grants", [word @ ("off" | "require")]) => self.needs_grants = *word == "require",
            ("l4", [word @ ("open" | "grant")]) => self.needs_l4_grants = *word == "grant",
            ("unknownKinds", [word @ ("allow" | "deny")]) => self.denies_unknown_kinds = *word == "deny",
            ("trustedNamespaceLabels", keys) => {
                self.trusted_labels.extend(keys.iter().map(ToString::to_string));
            }
            ("exemptNamespaces", names) => {
                self.exempt_namespaces.extend(names.iter().map(ToString::to_string));
            }
            ("exemptUsers", names) => self.exempt_users.extend(names.iter().map(ToString::to_string)),
            ("unjudgedParents", kinds) => {
                for kind in kinds {
                    let mut parts = parts(kind, b'/');
                    let (Some(group), Some(kind), None) = (parts.next(), parts.next(), parts.next()) else {
                        return false;
                    };
                    let group = if group == "core" { "" } else { group };
                    self.unjudged_parents.push((group.to_owned(), kind.to_owned()));
                }
            }
            _ => return false,
        }
        true
    }

    fn read_actions(&mut self, node: &Node<'_>) -> Result<bool, String> {
        let Some(map) = node.as_map() else { return Ok(false) };
        for entry in map.iter().filter(|entry| !entry.value.is_null()) {
            let Some(action) = entry.value.as_text().and_then(Action::parse) else { return Ok(false) };
            self.set_action(&entry.key, action)?;
        }
        Ok(true)
    }

    /// Sets what a fault does.
    ///
    /// # Errors
    /// Where no rule has this code, or its faults always deny.
    pub fn set_action(&mut self, code: &str, action: Action) -> Result<(), String> {
        let Some(known) = rule::CODES.into_iter().find(|known| known.0 == code) else {
            let known: Vec<&str> = rule::CODES.iter().map(|code| code.0).collect();
            let known = joined(&known, ", ");
            return Err(format!("no rule `{code}`: known are {known}"));
        };
        if known == rule::review_malformed::RULE.code {
            return Err(format!("`{code}` always denies: what cannot be read cannot be judged"));
        }
        match self.actions.iter_mut().find(|(set, _)| *set == known.0) {
            Some((_, set)) => *set = action,
            None => self.actions.push((known.0, action)),
        }
        Ok(())
    }

    /// Whether nothing at all is asked of host names.
    pub fn asks_nothing(&self) -> bool {
        !self.needs_grants && self.claims == Claims::Off
    }

    /// Whether objects of a namespace are not judged.
    pub fn is_exempt(&self, namespace: &str) -> bool {
        self.exempt_namespaces.iter().any(|exempt| exempt == namespace)
    }

    /// Whether tenants cannot edit a label of namespaces.
    pub fn is_trusted(&self, label: &str) -> bool {
        self.trusted_labels.iter().any(|trusted| trusted == label)
    }
}

impl Action {
    /// Reads the word of an action.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "deny" => Some(Self::Deny),
            "warn" => Some(Self::Warn),
            "audit" => Some(Self::Audit),
            _ => None,
        }
    }
}

/// A key without what differs between its spellings: case, hyphens, and the plural.
fn plain(key: &str) -> String {
    let plain: String = key.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    plain.strip_suffix('s').map(str::to_owned).unwrap_or(plain)
}

/// One text, or a list of texts.
fn words<'n>(node: &'n Node<'_>) -> Option<Vec<&'n str>> {
    match node.as_list() {
        Some(items) => items.iter().filter(|item| !item.is_null()).map(Node::as_text).collect(),
        None => Some(vec![node.as_text()?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        Settings::parse(text)
    }

    #[test]
    fn reads_keys_in_either_spelling() {
        let text = r#"{"claims": "require", "grants": "off", "l4": "grant", "trusted-namespace-label": "team",
            "exemptNamespaces": ["kube-system"], "unjudgedParents": ["example.com/Mesh"], "unknown-kind": "deny",
            "rules": {"grant-in-use": "deny"}, "exemptUsers": null, "context": {}}"#;
        let settings = read(text).expect("legal");
        assert_eq!(
            (settings.claims, settings.needs_grants, settings.needs_l4_grants),
            (Claims::Require, false, true)
        );
        assert_eq!(settings.trusted_labels, [NAME_LABEL, "team"]);
        assert_eq!(settings.unjudged_parents.last(), Some(&("example.com".to_owned(), "Mesh".to_owned())));
        assert_eq!(settings.actions, [("grant-in-use", Action::Deny)]);
        assert!(settings.denies_unknown_kinds);
        assert_eq!(read("null"), Ok(Settings::default()));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for (text, words) in [
            ("[]", "settings are a map"),
            (r#"{"claim": "maybe"}"#, "setting `claims` takes off, respect or require"),
            (r#"{"colour": "red"}"#, "unknown setting `colour`"),
            (r#"{"unjudgedParents": ["Service"]}"#, "takes group/kind"),
            (r#"{"rules": {"no-such": "deny"}}"#, "no rule `no-such`"),
            (r#"{"rules": {"review-malformed": "warn"}}"#, "always denies"),
            (r#"{"rules": {"grant-in-use": "shout"}}"#, "setting `rules` takes"),
        ] {
            let fault = read(text).expect_err(text);
            assert!(fault.contains(words), "{text}: {fault}");
        }
    }
}
