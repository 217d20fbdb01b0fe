//! What other controllers are asked for: DNS records and certificates.

use crate::tree::Node;

/// `dns`.
#[derive(Debug)]
pub struct Dns<'v> {
    /// Time to live of the records, in seconds.
    pub ttl: i64,
    /// What the records point to.
    pub targets: Vec<&'v str>,
}

/// `certificates`.
#[derive(Debug)]
pub struct Certificates<'v> {
    /// `issuerRef`, as it is.
    pub issuer_ref: &'v Node<'v>,
    /// `solver`.
    pub solver: Option<Solver>,
}

/// How an issuer proves control of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// By a record in DNS.
    Dns01,
    /// By an answer over HTTP.
    Http01,
    /// It is no ACME issuer.
    NotAcme,
}
