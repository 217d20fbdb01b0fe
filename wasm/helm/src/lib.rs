//! The post-renderer for Helm 4's runtime `extism/v1`: a message with manifests in, one with manifests out.
//!
//! No release of Helm up to 4.2.4 can call it: the message that it sends has no manifests (helm/helm#31832). The
//! subprocess plugin works everywhere; this module is for the day that is mended, and takes manifests as a text or in
//! base64, since it is not decided which it will be.
//!
//! Source: Helm v4.2.4, `internal/plugin/schema/postrenderer.go` and `internal/plugin/runtime_extismv1.go`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_core::diagnostic::{Diagnostic, Severity};
use gatewright_core::{PostRender, PostRendered, post_render};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What Helm releases send that cannot call a post-renderer of this kind.
const BROKEN: &str = "Helm sent no manifests: its releases up to 4.2.4 cannot call a post-renderer of runtime extism/v1 \
                      (helm/helm#31832); install the plugin of runtime subprocess";

/// The one argument that is known.
const ALLOW_MISSING_CARRIER: &str = "--allow-missing-carrier";

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    manifests: Value,
    #[serde(default, rename = "extraArgs")]
    extra_args: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Answer {
    manifests: String,
}

/// Answers Helm's message.
///
/// # Errors
/// What keeps manifests from being rendered, one fault a line; Helm shows it and applies nothing.
pub fn answer(message: &str) -> Result<String, String> {
    let Message { manifests, extra_args } =
        serde_json::from_str(message).map_err(|error| format!("the message is not Helm's: {error}"))?;
    let mut settings = PostRender::default();
    for argument in extra_args.unwrap_or_default() {
        if argument != ALLOW_MISSING_CARRIER {
            return Err(format!("there is no argument `{argument}`; there is `{ALLOW_MISSING_CARRIER}`"));
        }
        settings.allow_missing_carrier = true;
    }
    let (text, is_coded) = match manifests {
        Value::String(text) => decoded(text),
        _ => return Err(BROKEN.to_owned()),
    };
    let PostRendered { output, diagnostics, .. } = post_render(&text, &settings);
    let faults: Vec<String> =
        diagnostics.iter().filter(|found| found.severity == Severity::Error).map(words).collect();
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    let manifests = if is_coded { STANDARD.encode(output) } else { output };
    serde_json::to_string(&Answer { manifests }).map_err(|error| error.to_string())
}

/// The manifests, and whether they came in base64, which no manifests of one line are: those have `: ` in them.
fn decoded(text: String) -> (String, bool) {
    match STANDARD.decode(&text).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(decoded) if !text.is_empty() => (decoded, true),
        _ => (text, false),
    }
}

fn words(found: &Diagnostic) -> String {
    let hint = if found.hint.is_empty() { String::new() } else { format!(" ({})", found.hint) };
    format!("{found}{hint}")
}

#[cfg(target_arch = "wasm32")]
mod plugin {
    #![allow(unsafe_code, reason = "the macro exports a function by its name")]

    use extism_pdk::{Error, FnResult, plugin_fn};

    #[plugin_fn]
    pub fn helm_plugin_main(message: String) -> FnResult<String> {
        Ok(crate::answer(&message).map_err(Error::msg)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "---\n# Source: web/templates/carrier.yaml\napiVersion: render.gatewright.dev/v1alpha1\nkind: GatewayValues\n\
        metadata:\n  name: web\npayload: '{\"schemaVersion\":1,\"values\":{\"externalServices\":[{\"name\":\"api\",\"port\":443,\
        \"endpoints\":[\"api.example.com\"]}]},\"release\":{\"name\":\"web\",\"namespace\":\"edge\",\"revision\":1,\
        \"isInstall\":true,\"isUpgrade\":false,\"service\":\"Helm\"},\"chart\":{\"name\":\"gatewright\",\"version\":\"0.1.0\",\
        \"appVersion\":\"0.1.0\"},\"capabilities\":{\"kubeVersion\":\"v1.34.0\",\"apiVersions\":[],\"helmVersion\":\"v4.2.4\"}}'\n";

    fn rendered(message: &Value) -> Result<String, String> {
        let answer = answer(&message.to_string())?;
        let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
        Ok(answer["manifests"].as_str().expect("they are a text").to_owned())
    }

    #[test]
    fn manifests_come_back_as_they_came() {
        let plain =
            rendered(&serde_json::json!({"manifests": STREAM, "extraArgs": null})).expect("it is rendered");
        assert!(plain.contains("kind: Service") && !plain.contains("GatewayValues"), "{plain}");
        assert_eq!(plain, post_render(STREAM, &PostRender::default()).output);
        let coded =
            rendered(&serde_json::json!({"manifests": STANDARD.encode(STREAM)})).expect("it is rendered");
        assert_eq!(STANDARD.decode(coded).expect("it is base64"), plain.as_bytes());
    }

    #[test]
    fn what_cannot_be_rendered_is_an_error_with_words() {
        let told = |message: Value| rendered(&message).expect_err("it is refused");
        assert_eq!(told(serde_json::json!({"manifests": {}})), BROKEN);
        assert_eq!(told(serde_json::json!({})), BROKEN);
        assert!(told(serde_json::json!(1)).starts_with("the message is not Helm's"));
        assert!(told(serde_json::json!({"manifests": "", "extraArgs": ["--x"]})).contains("`--x`"));
        assert!(told(serde_json::json!({"manifests": "a: 1\n"})).contains("carrier-missing"));
        assert!(answer("{").is_err());
        let foreign = serde_json::json!({"manifests": "a: 1\n", "extraArgs": [ALLOW_MISSING_CARRIER]});
        assert_eq!(rendered(&foreign), Ok("a: 1\n".to_owned()));
    }
}
