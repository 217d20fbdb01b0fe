//! Real peers for tests: an API server, both Helms, and Envoy Gateway with Envoy.
//!
//! `cargo xtask peers` brings their programs into a cache; this module starts and stops them.
//! Everything runs on loopback or inside a private network namespace, in temporary folders, and
//! ends with the value that started it, or with the test process if that dies first.

mod api_server;
mod backend;
mod cache;
mod certificate;
mod envoy;
mod helm;
mod javascript;
mod lab;
mod namespace;
mod process;
mod proxy;
mod temporary;

pub use api_server::ApiServer;
pub use backend::{Backend, Serve};
pub use cache::{conformance, crds, gatewright, plugins, program, schema};
pub use certificate::{Authority, Certificate};
pub use envoy::Envoy;
pub use helm::Helm;
pub use javascript::{extism, node, page, typescript};
pub use lab::{EnvoyGatewayLab, Reply, Request};
pub use namespace::Namespace;
pub use process::{Said, wait_until};
pub use proxy::{Method, Proxy};
pub use temporary::Temporary;
