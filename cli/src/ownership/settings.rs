//! The settings of decisions as flags.

use clap::{Arg, Args};
use gatewright_core::ownership::rule::RULES;
use gatewright_core::ownership::{Action, Settings};
use gatewright_core::values::nearest;

/// What the flags of settings stand under in help.
const HEADING: &str = "Settings of the cluster";

/// Makes a flag of settings depend on `--context`, without which nobody asks for it.
pub(crate) fn only_with_context(flag: Arg) -> Arg {
    if flag.get_help_heading() == Some(HEADING) { flag.requires("context") } else { flag }
}

/// Keeps flags of settings away from `--replay`: a recording has its own.
pub(super) fn not_with_replay(flag: Arg) -> Arg {
    if flag.get_help_heading() == Some(HEADING) { flag.conflicts_with("replay") } else { flag }
}

/// What the cluster asks for.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = HEADING)]
pub(crate) struct Flags {
    /// Whether other namespaces' claims stand (respect), and whether every name must be claimed too (require)
    #[arg(long, value_name = "WORD", default_value = "respect", value_parser = ["off", "respect", "require"])]
    claims: String,
    /// Whether host names need a grant
    #[arg(long, value_name = "WORD", default_value = "require", value_parser = ["off", "require"])]
    grants: String,
    /// Whether TCPRoutes and UDPRoutes need a grant that names their kind
    #[arg(long, value_name = "WORD", default_value = "open", value_parser = ["open", "grant"])]
    l4: String,
    /// A label of namespaces that only the platform sets, beside kubernetes.io/metadata.name; repeat it for more
    #[arg(long, value_name = "KEY")]
    trusted_namespace_label: Vec<String>,
    /// A namespace whose objects are not judged; repeat it for more
    #[arg(long, value_name = "NAMESPACE")]
    exempt_namespace: Vec<String>,
    /// A kind of parents that are passed over, beside core/Service; repeat it for more
    #[arg(long, value_name = "GROUP/KIND")]
    unjudged_parent: Vec<String>,
    /// What the faults of a rule do: deny, warn or audit; repeat it for more
    #[arg(long, value_name = "CODE=ACTION")]
    rule: Vec<String>,
}

impl Flags {
    /// The same as JSON, which is how recordings have them.
    pub(crate) fn json(&self) -> Result<serde_json::Value, String> {
        let mut rules = serde_json::Map::new();
        for rule in &self.rule {
            let (code, action) =
                rule.split_once('=').ok_or_else(|| format!("--rule `{rule}` is no CODE=ACTION"))?;
            known(code).map_err(|fault| format!("--rule `{rule}`: {fault}"))?;
            if Action::parse(action).is_none() {
                return Err(format!("--rule `{rule}`: `{action}` is none of deny, warn and audit"));
            }
            rules.insert(code.to_owned(), action.into());
        }
        Ok(serde_json::json!({
            "claims": self.claims,
            "grants": self.grants,
            "l4": self.l4,
            "trustedNamespaceLabels": self.trusted_namespace_label,
            "exemptNamespaces": self.exempt_namespace,
            "unjudgedParents": self.unjudged_parent,
            "rules": rules,
        }))
    }

    /// As the core has them.
    pub(crate) fn settings(&self) -> Result<Settings, String> {
        read(&self.json()?)
    }
}

/// The same, with what only requests have: a user, and any kind.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = HEADING)]
pub(crate) struct RequestFlags {
    #[command(flatten)]
    flags: Flags,
    /// A user whose requests are not judged; repeat it for more
    #[arg(long, value_name = "USER")]
    exempt_user: Vec<String>,
    /// What becomes of kinds that are judged by no rule
    #[arg(long, value_name = "WORD", default_value = "allow", value_parser = ["allow", "deny"])]
    unknown_kinds: String,
}

impl RequestFlags {
    /// As recordings have them.
    pub(crate) fn json(&self) -> Result<serde_json::Value, String> {
        let mut settings = self.flags.json()?;
        settings["exemptUsers"] = self.exempt_user.clone().into();
        settings["unknownKinds"] = self.unknown_kinds.clone().into();
        Ok(settings)
    }

    /// As the core has them.
    pub(crate) fn settings(&self) -> Result<Settings, String> {
        read(&self.json()?)
    }
}

/// Whether a rule has this code.
fn known(code: &str) -> Result<(), String> {
    let codes = || RULES.iter().map(|rule| rule.code.0);
    if codes().any(|known| known == code) {
        return Ok(());
    }
    Err(match nearest(code, codes()) {
        Some(near) => format!("no rule has the code `{code}`; did you mean `{near}`?"),
        None => {
            format!("no rule has the code `{code}`: there are {}", codes().collect::<Vec<_>>().join(", "))
        }
    })
}

fn read(settings: &serde_json::Value) -> Result<Settings, String> {
    Settings::parse(&settings.to_string())
}
