//! Plain HTTP to an API server, on one connection that stays open.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::api_server::{ApiServer, free_ports};
use super::process::{Server, Watchdog};
use super::temporary::Temporary;

/// How long `kubectl proxy` may take to listen.
const READY: Duration = Duration::from_secs(20);

/// `kubectl proxy` in front of an API server, which speaks TLS with a certificate of its own.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    agent: ureq::Agent,
    _watchdog: Watchdog,
    _server: Server,
    _folder: Temporary,
}

impl Proxy {
    pub(super) fn start(server: &ApiServer) -> Result<Self> {
        let folder = Temporary::new("proxy")?;
        let [port] = free_ports()?;
        let mut command = server.kubectl_command()?;
        command.args(["proxy", "--address=127.0.0.1", &format!("--port={port}")]);
        let mut server = Server::start(&mut command, "kubectl proxy", &folder.path().join("proxy.log"))?;
        let watchdog = Watchdog::start(&[&server], folder.path())?;
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("http://127.0.0.1:{port}");
        server.wait_until("readiness", READY, || get(&agent, &format!("{url}/readyz")))?;
        Ok(Self { url, agent, _watchdog: watchdog, _server: server, _folder: folder })
    }

    /// Asks for a path.
    pub fn get(&self, path: &str) -> Result<Value> {
        let text = get(&self.agent, &format!("{}{path}", self.url))?;
        serde_json::from_str(&text).with_context(|| format!("reading the answer for {path}"))
    }

    /// Sends an object, and gives the status code with the answer.
    pub fn send(&self, method: Method, path: &str, object: &Value) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.url);
        let body = object.to_string();
        let request = match method {
            Method::Create => self.agent.post(&url),
            Method::Update => self.agent.put(&url),
        };
        let mut answer = request
            .content_type("application/json")
            .send(&body)
            .with_context(|| format!("sending to {path}"))?;
        let text = answer.body_mut().read_to_string().with_context(|| format!("hearing of {path}"))?;
        Ok((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }
}

/// What is done with an object.
#[derive(Clone, Copy, Debug)]
pub enum Method {
    /// POST to its collection.
    Create,
    /// PUT in its place.
    Update,
}

fn get(agent: &ureq::Agent, url: &str) -> Result<String> {
    let mut answer = agent.get(url).call().with_context(|| format!("asking for {url}"))?;
    anyhow::ensure!(answer.status().is_success(), "{url} answers {}", answer.status());
    answer.body_mut().read_to_string().with_context(|| format!("hearing of {url}"))
}
