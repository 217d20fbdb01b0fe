//! Eight writers at once against a real API server: never two namespaces admitted for names that overlap, while claims are
//! required. `races.rs` tries every interleaving of the same steps; here are those that an API server gives.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use anyhow::{Context as _, Result, ensure};
use gatewright_core::admission;
use gatewright_core::hostname::Hostname;
use gatewright_core::ownership::{Claims, Context, PublicSuffixes, Settings, name_of};
use gatewright_tests::golden;
use gatewright_tests::peers::{ApiServer, Method, Proxy};
use serde_json::{Value, json};

const WRITERS: usize = 8;
const ROUNDS: usize = 6;

const CLAIMS: &str = "/apis/gatewright.dev/v1alpha1/domainclaims";
const LEDGERS: &str = "/api/v1/namespaces/default/configmaps";

/// Names of which some overlap: of a round, two writers want each.
fn wanted(round: usize, writer: usize) -> String {
    match writer % 4 {
        0 => format!("*.r{round}.example.com"),
        1 => format!("pay.r{round}.example.com"),
        2 => format!("*.pay.r{round}.example.com"),
        _ => format!("a.pay.r{round}.example.com"),
    }
}

fn team(writer: usize) -> String {
    format!("team-{writer}")
}

fn overlap(one: &str, other: &str) -> bool {
    match (Hostname::parse(one), Hostname::parse(other)) {
        (Ok((one, _)), Ok((other, _))) => one.overlaps(&other),
        _ => true,
    }
}

/// The claim of a writer; who comes second gets none, for a name is created once.
fn create_claim(proxy: &Proxy, host: &str, namespace: &str) -> Result<bool> {
    let claim = json!({"apiVersion": "gatewright.dev/v1alpha1", "kind": "DomainClaim",
        "metadata": {"name": name_of(host)}, "spec": {"hostname": host, "namespace": namespace}});
    let (status, answer) = proxy.send(Method::Create, CLAIMS, &claim)?;
    ensure!(status == 201 || status == 409, "{status}: {answer}");
    Ok(status == 201)
}

/// Enters a claim into the ledger, one object for all names that may overlap, by compare-and-swap; false where another
/// namespace's name overlaps.
fn enter(proxy: &Proxy, round: usize, host: &str, namespace: &str) -> Result<bool> {
    let path = format!("{LEDGERS}/ledger-{round}");
    loop {
        let mut ledger = proxy.get(&path)?;
        let entries = ledger["data"].as_object().cloned().unwrap_or_default();
        let is_taken = |entry: &Value| {
            let (other, of) = entry.as_str().and_then(|text| text.split_once('@')).unwrap_or_default();
            of != namespace && overlap(other, host)
        };
        if entries.values().any(is_taken) {
            return Ok(false);
        }
        ledger["data"][name_of(host).as_ref()] = json!(format!("{host}@{namespace}"));
        let (status, answer) = proxy.send(Method::Update, &path, &ledger)?;
        match status {
            200 => return Ok(true),
            409 => {}
            _ => anyhow::bail!("{status}: {answer}"),
        }
    }
}

/// Says in a claim's status that it is bound.
fn bind(proxy: &Proxy, host: &str) -> Result<()> {
    let path = format!("{CLAIMS}/{}", name_of(host));
    let mut claim = proxy.get(&path)?;
    claim["status"] = json!({"phase": "Bound"});
    let (status, answer) = proxy.send(Method::Update, &format!("{path}/status"), &claim)?;
    ensure!(status == 200, "{status}: {answer}");
    Ok(())
}

/// What a replica knows: every claim, and a grant of everything to everybody.
fn known(proxy: &Proxy) -> Result<Vec<String>> {
    let claims = proxy.get(CLAIMS)?;
    let claims = claims["items"].as_array().context("a list of claims")?.iter().map(|claim| {
        let mut claim = claim.clone();
        claim["apiVersion"] = json!("gatewright.dev/v1alpha1");
        claim["kind"] = json!("DomainClaim");
        claim.to_string()
    });
    let everybody: Vec<String> = (0..WRITERS).map(team).collect();
    let grant = json!({"apiVersion": "gatewright.dev/v1alpha1", "kind": "HostnameGrant", "metadata": {"name": "all"},
        "spec": {"namespaces": everybody, "hostnames": ["*"]}});
    Ok(claims.chain([grant.to_string()]).collect())
}

/// Whether a route of a namespace would be admitted.
fn is_admitted(known: &[String], host: &str, namespace: &str, claims: Claims) -> Result<bool> {
    let review = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "1", "operation": "CREATE", "namespace": namespace, "userInfo": {"username": "writer"},
        "kind": {"group": "gateway.networking.k8s.io", "version": "v1", "kind": "HTTPRoute"},
        "object": {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": "web", "namespace": namespace},
            "spec": {"parentRefs": [{"name": "public", "namespace": "edge"}], "hostnames": [host]}}}});
    let context = Context::new(known.iter().map(String::as_str), None, PublicSuffixes::BuiltIn)
        .map_err(|(index, error)| anyhow::anyhow!("object {index}: {error}"))?;
    let settings = Settings { claims, ..Settings::default() };
    Ok(admission::review(review.to_string().as_bytes(), &context, &settings, false).response.allowed)
}

/// One writer: claims, has the claim bound if the ledger takes it, and asks.
fn write(proxy: &Proxy, round: usize, writer: usize, barrier: &Barrier) -> Result<bool> {
    let (host, namespace) = (wanted(round, writer), team(writer));
    barrier.wait();
    if create_claim(proxy, &host, &namespace)? && enter(proxy, round, &host, &namespace)? {
        bind(proxy, &host)?;
    }
    is_admitted(&known(proxy)?, &host, &namespace, Claims::Require)
}

fn writers<T: Send>(each: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    thread::scope(|scope| {
        let each = &each;
        let threads: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || each(writer))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no writer panics")).collect()
    })
}

#[test]
fn no_two_namespaces_are_admitted_for_names_that_overlap() -> Result<()> {
    let server = ApiServer::start(&[golden::root().join(Path::new("crds"))])?;
    let proxies: Vec<Proxy> = (0..WRITERS).map(|_| server.proxy()).collect::<Result<_>>()?;
    let first = proxies.first().context("there are writers")?;
    let mut winners = BTreeSet::new();
    for round in 0..ROUNDS {
        let ledger =
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": format!("ledger-{round}")}});
        let (status, answer) = first.send(Method::Create, LEDGERS, &ledger)?;
        ensure!(status == 201, "{status}: {answer}");
        let barrier = Barrier::new(WRITERS);
        let while_writing =
            writers(|writer| write(proxies.get(writer).context("a proxy")?, round, writer, &barrier))?;
        // Whoever was not admitted while others wrote asks again.
        let after = writers(|writer| {
            let proxy = proxies.get(writer).context("a proxy")?;
            is_admitted(&known(proxy)?, &wanted(round, writer), &team(writer), Claims::Require)
        })?;
        let admitted: Vec<usize> =
            (0..WRITERS).filter(|writer| while_writing[*writer] || after[*writer]).collect();
        assert!(!admitted.is_empty(), "round {round}: nobody was admitted");
        for one in &admitted {
            for other in admitted.iter().filter(|other| *other > one) {
                let names = (wanted(round, *one), wanted(round, *other));
                assert!(
                    !overlap(&names.0, &names.1),
                    "round {round}: {one} and {other} are admitted for {names:?}"
                );
            }
        }
        winners.extend(admitted);
    }
    assert!(!winners.is_empty(), "{winners:?}");
    Ok(())
}

/// What keeps them apart is needed: a cache from before the first claim admits everybody where claims are only respected,
/// and two bound claims that overlap, as a binder without a ledger leaves them, admit nobody.
#[test]
fn without_claims_everybody_is_admitted_and_without_a_ledger_nobody() -> Result<()> {
    let server = ApiServer::start(&[golden::root().join(Path::new("crds"))])?;
    let proxies: Vec<Proxy> = (0..WRITERS).map(|_| server.proxy()).collect::<Result<_>>()?;
    let barrier = Barrier::new(WRITERS);
    let admitted = writers(|writer| {
        let proxy = proxies.get(writer).context("a proxy")?;
        let stale = known(proxy)?;
        barrier.wait();
        create_claim(proxy, &wanted(0, writer), &team(writer))?;
        is_admitted(&stale, &wanted(0, writer), &team(writer), Claims::Respect)
    })?;
    assert_eq!(admitted, [true; WRITERS]);
    let first = proxies.first().context("there are writers")?;
    for writer in 0..4 {
        bind(first, &wanted(0, writer))?;
    }
    let known = known(first)?;
    for writer in 0..WRITERS {
        let host = wanted(0, writer);
        assert!(!is_admitted(&known, &host, &team(writer), Claims::Require)?, "{host}");
    }
    Ok(())
}
