//! Keys and certificates that live as long as a test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::process::ask;
use super::temporary::Temporary;

/// A certificate authority of its own.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
    own: Certificate,
    _folder: Option<Temporary>,
}

/// The files of a certificate and its key, in PEM.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    pub fn new() -> Result<Self> {
        let folder = Temporary::new("authority")?;
        let path = folder.path().to_owned();
        Ok(Self { _folder: Some(folder), ..Self::inside(path)? })
    }

    /// One whose files go with a folder of the caller's, for an authority that is never dropped.
    pub fn inside(folder: PathBuf) -> Result<Self> {
        let own = Certificate::in_folder(&folder, "authority");
        request(&own, "test authority", &["-addext", "basicConstraints=critical,CA:TRUE"])?;
        Ok(Self { folder, own, _folder: None })
    }

    /// The authority's certificate, which its clients trust.
    pub fn certificate(&self) -> &Path {
        &self.own.certificate
    }

    /// Issues a certificate for DNS names; a wildcard may be among them.
    pub fn issue(&self, names: &[&str]) -> Result<Certificate> {
        let first = names.first().context("a certificate needs a name")?;
        let issued = Certificate::in_folder(&self.folder, &first.replace('*', "any"));
        let alternatives: Vec<String> = names.iter().map(|name| format!("DNS:{name}")).collect();
        let extension = format!("subjectAltName={}", alternatives.join(","));
        let (certificate, key) = (text(&self.own.certificate)?, text(&self.own.key)?);
        let words = ["-CA", certificate, "-CAkey", key, "-addext", &extension];
        request(&issued, first, &[&words[..], &["-addext", "basicConstraints=CA:FALSE"]].concat())?;
        Ok(issued)
    }
}

impl Certificate {
    fn in_folder(folder: &Path, name: &str) -> Self {
        Self { certificate: folder.join(format!("{name}.crt")), key: folder.join(format!("{name}.key")) }
    }

    /// A Secret of type `kubernetes.io/tls`, as YAML.
    pub fn secret(&self, namespace: &str, name: &str) -> Result<String> {
        let read =
            |path: &Path| fs::read_to_string(path).with_context(|| format!("reading {}", path.display()));
        let secret = serde_json::json!({
            "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
            "metadata": {"namespace": namespace, "name": name},
            "stringData": {"tls.crt": read(&self.certificate)?, "tls.key": read(&self.key)?},
        });
        Ok(format!("---\n{secret}\n"))
    }
}

/// An RSA key, which an API server signs its tokens with.
pub(crate) fn rsa_key(file: &Path) -> Result<()> {
    ask(Command::new("openssl").args(["genrsa", "-out"]).arg(file).arg("2048"), "")?
        .succeeded()
        .context("making an RSA key")
        .map(drop)
}

fn request(wanted: &Certificate, name: &str, words: &[&str]) -> Result<()> {
    ask(
        Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-days", "2", "-subj"])
            .arg(format!("/CN={name}"))
            .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout"])
            .arg(&wanted.key)
            .arg("-out")
            .arg(&wanted.certificate)
            .args(words),
        "",
    )?
    .succeeded()
    .with_context(|| format!("making a certificate for {name}"))
    .map(drop)
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("the temporary folder's path is not UTF-8")
}
