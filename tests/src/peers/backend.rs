//! Small servers for a data plane to send requests to.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::certificate::Certificate;
use super::namespace::{Host, Namespace};
use super::process::Server;
use super::temporary::Temporary;

const PROGRAM: &str = include_str!("backend.py");

/// A Python with a cold cache takes a second to import its TLS.
const READY: Duration = Duration::from_secs(20);

/// What a backend speaks.
#[derive(Clone, Debug)]
pub enum Serve {
    Http,
    /// TLS with this certificate whatever name the client asks for; the answer tells that name.
    Tls(Certificate),
}

/// A running echo server. It answers 200 with JSON: `backend` (its own name), `method`, `host`,
/// `path`, `headers` (lower case) and `sni`.
#[derive(Debug)]
pub struct Backend {
    pub name: String,
    pub address: String,
    pub port: u16,
    server: Server,
    _folder: Temporary,
}

impl Backend {
    pub(crate) fn start(
        namespace: &Namespace,
        name: &str,
        address: &str,
        port: u16,
        serve: &Serve,
    ) -> Result<Self> {
        let folder = Temporary::new("backend")?;
        let program = folder.write("backend.py", PROGRAM)?;
        let mut command = namespace.command_on(Host::Upstreams, Path::new("python3"));
        command.arg(program).args([name, address, &port.to_string()]);
        if let Serve::Tls(Certificate { certificate, key }) = serve {
            command.arg(certificate).arg(key);
        }
        let log = folder.path().join("log");
        let mut server = Server::start(&mut command, &format!("backend {name}"), &log)?;
        server.wait_until("readiness", READY, || {
            ensure!(fs::read_to_string(&log)?.contains("ready"), "it has not said `ready`");
            Ok(())
        })?;
        Ok(Self { name: name.into(), address: address.into(), port, server, _folder: folder })
    }

    /// The last lines of its log, which tells of connections that failed.
    pub fn log_end(&self) -> String {
        self.server.log_end()
    }
}
