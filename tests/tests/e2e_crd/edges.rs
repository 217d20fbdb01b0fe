//! Numbers and texts at the edges of what Go reads, where JSON Schema, kube-cel and Rust read otherwise.

use anyhow::{Context as _, Result, ensure};
use gatewright_tests::golden::root;
use gatewright_tests::peers::{ApiServer, Method};
use serde_json::{Value, json};

use super::{All, add, documents, served, verdict};

#[test]
fn never_says_otherwise_than_the_api_server_at_edges() -> Result<()> {
    let folder = root().join("tests/check/definitions");
    let server = ApiServer::start(std::slice::from_ref(&folder))?;
    let proxy = server.proxy()?;
    let mut all = All::new();
    for document in documents(&folder)? {
        add(&document, &mut all)?;
    }
    let (mut accepted, mut unknown, mut count) = (0, 0, 0);
    for (field, values) in fields() {
        for value in values.as_array().context("a field has values")? {
            let object = json!({
                "apiVersion": "example.com/v1", "kind": "Probe", "metadata": {"name": "edge"}, "spec": {field: value},
            });
            let served = served(&mut all, &object)?;
            let path = format!("{}?dryRun=All&fieldValidation=Strict", served.path);
            let (status, answer) = proxy.send(Method::Create, &path, &object)?;
            let takes = status == 201;
            ensure!(takes || status == 422, "the server answers {status}: {answer} of {object}");
            let (allowed, found) = verdict(served, &object, None)?;
            ensure!(
                allowed.is_none_or(|allowed| allowed == takes),
                "{object}\nserver: {status} {answer}\nours: {found:#?}"
            );
            accepted += usize::from(takes);
            unknown += usize::from(allowed.is_none());
            count += 1;
        }
    }
    ensure!(accepted * 4 > count && accepted * 4 < count * 3, "{accepted} of {count}: one verdict is rare");
    ensure!(unknown * 4 < count, "too much is not known: {unknown} of {count}");
    Ok(())
}

fn fields() -> Vec<(&'static str, Value)> {
    vec![
        ("step", json!([5, -5, 7, i64::MAX, 9_223_372_036_854_775_805_i64, u64::MAX, 1e19, 1e30])),
        ("small", json!([-1, i32::MAX, 2_147_483_648_u32, i64::MIN, u64::MAX, 1e30, 1.5])),
        ("either", json!([10, 11, i64::MIN, u64::MAX, 1e30, "5"])),
        ("single", json!([i64::MAX, u64::MAX, 3.402_823_5e38, 3.402_823_57e38, -3.5e38, 1e39, 1e-50])),
        ("other", json!([2_147_483_648_u32, u64::MAX, 1e30])),
        ("tenth", json!([0, 1, 0.1, 0.3, 0.35, 0.7, 2.3, 123_456.7, -0.3, 1e17, 1e300])),
        (
            "id",
            json!([
                "123e4567-e89b12d3a456426614174000",
                "123E4567e89b-12d3-a456-426614174000",
                "123e4567--e89b12d3a456426614174000",
                "123e456-7e89b12d3a456426614174000",
                "",
            ]),
        ),
        (
            "old",
            json!([
                "1.2.3.04",
                "001.2.3.4",
                "1.2.3.0256",
                "::ffff:1.2.3.4",
                "::ffff:1.2.3.04",
                "::ffff:102:304",
                "::1",
                "00001::1.2.3.4",
                "1.2.3.4/8",
                "",
            ]),
        ),
        ("address", json!(["1.2.3.04", "::ffff:102:304", "::ffff:1.2.3.04", "1::1%eth0", "00001::"])),
        (
            "amount",
            json!([
                "1", " 1", "1 ", "\n1", "", "1Gi", "1.5", "1e3", "1E", "1K", ".5", "5.", "+1", "--1", "1 Gi",
                "0x1", "1e100",
            ]),
        ),
        ("more", json!(["1", " 1", "1 ", "-6", "a", "1Gi"])),
        (
            "net",
            json!([
                "1.2.3.4/8",
                "1.2.3.4/08",
                "1.2.3.4/33",
                "1.2.3.04/8",
                "::1/128",
                "::ffff:1.2.3.4/100",
                "::1"
            ]),
        ),
        (
            "time",
            json!([
                "2024-01-01T00:00:00Z",
                "2024-01-01t00:00:00Z",
                "2024-01-01T00:00:00z",
                "2024-01-01 00:00:00Z",
                "0000-01-01T00:00:00Z",
                "0001-01-01T00:00:00Z",
                "0001-01-01T00:00:00+01:00",
                "9999-12-31T23:59:59Z",
                "9999-12-31T23:59:59-01:00",
                "10000-01-01T00:00:00Z",
                "2024-02-30T00:00:00Z",
                "2016-12-31T23:59:60Z",
                "2024-01-01T00:00:00,5Z",
                "2024-01-01T0:00:00Z",
                "2024-01-01T00:00:00+24:00",
                "2024-01-01",
                "",
            ]),
        ),
    ]
}
