//! Runs the binary.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Values with nothing wrong in them.
pub(crate) const SOUND: &str =
    "externalServices:\n  - {name: api, port: 80, endpoints: [\"192.0.2.10:8080\"]}\n";

/// Values with one error, on line 2.
pub(crate) const FAULTY: &str =
    "externalServices:\n  - {name: api, prot: 80, port: 80, endpoints: [\"192.0.2.10:8080\"]}\n";

/// A stream as Helm 3 hands it over: one document of the user's, one carrier.
pub(crate) const STREAM: &str = r#"---
# Source: edge/templates/configmap.yaml
apiVersion: v1
kind:   ConfigMap
metadata: {name: untouched}   # spaces and all
---
# Source: edge/templates/carrier.yaml
apiVersion: render.gatewright.dev/v1alpha1
kind: GatewayValues
metadata:
  name: web-edge
payload: "{\"schemaVersion\":1,\"values\":{\"externalServices\":[{\"name\":\"api\",\"port\":80,\"endpoints\":[\"192.0.2.10:8080\"]}]},\"release\":{\"name\":\"web\",\"namespace\":\"edge\",\"revision\":1,\"isInstall\":true,\"isUpgrade\":false,\"service\":\"Helm\"},\"chart\":{\"name\":\"gatewright\",\"version\":\"0.1.0\",\"appVersion\":\"0.1.0\"},\"capabilities\":{\"kubeVersion\":\"v1.36.0\",\"apiVersions\":[],\"helmVersion\":\"v3.17.3\"}}"
"#;

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A directory of its own for one test, empty.
pub(crate) fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("the target directory takes new directories");
    directory
}

/// Writes a file and gives its path.
pub(crate) fn file(directory: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = directory.join(name);
    std::fs::write(&path, content).expect("the test's directory takes new files");
    path.to_str().expect("the target directory has a UTF-8 name").to_owned()
}

/// The binary, with nothing in the environment that changes what it says.
pub(crate) fn gatewright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GATEWRIGHT_REPORT"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end with this on stdin.
pub(crate) fn finish(command: &mut Command, stdin: impl AsRef<[u8]>) -> Run {
    let mut child = command.spawn().expect("the binary is built");
    // A run that refuses its arguments reads nothing; the pipe is then closed already.
    let _ = child.stdin.take().expect("stdin is piped").write_all(stdin.as_ref());
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the run ends");
    let text = |bytes| String::from_utf8(bytes).expect("we write UTF-8");
    Run { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// Runs `gatewright` with these arguments and this on stdin.
pub(crate) fn run(arguments: &[&str], stdin: impl AsRef<[u8]>) -> Run {
    finish(&mut gatewright(arguments), stdin)
}
