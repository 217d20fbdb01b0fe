//! Manifests come back from types that others made without a loss: no field that they do not know,
//! none of another type.
//!
//! The crate `gateway-api` has Gateway API 1.5, so every case is rendered for that release; cases
//! that it cannot express are left to `e2e_crd_schema`.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::BTreeMap;
use std::fs;

use gateway_api::{
    backendtlspolicies, gateways, grpcroutes, httproutes, listenersets, referencegrants, tlsroutes,
};
use gatewright_tests::golden::{self, Object, Settings, cases};
use k8s_openapi::api::{apps, core, discovery, networking, policy};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// There and back.
fn turn<T: DeserializeOwned + Serialize>(object: &Value) -> Result<Value, String> {
    let typed: T = serde_json::from_value(object.clone()).map_err(|fault| fault.to_string())?;
    serde_json::to_value(typed).map_err(|fault| fault.to_string())
}

/// What a library makes of an object; `None` for kinds that neither library has.
fn by_type(object: &Object) -> Option<Result<Value, String>> {
    let turn = match (object.api_version.as_str(), object.kind.as_str()) {
        ("v1", "Service") => turn::<core::v1::Service>,
        ("v1", "ConfigMap") => turn::<core::v1::ConfigMap>,
        ("apps/v1", "Deployment") => turn::<apps::v1::Deployment>,
        ("policy/v1", "PodDisruptionBudget") => turn::<policy::v1::PodDisruptionBudget>,
        ("networking.k8s.io/v1", "NetworkPolicy") => turn::<networking::v1::NetworkPolicy>,
        ("discovery.k8s.io/v1", "EndpointSlice") => turn::<discovery::v1::EndpointSlice>,
        ("gateway.networking.k8s.io/v1", "Gateway") => turn::<gateways::Gateway>,
        ("gateway.networking.k8s.io/v1", "HTTPRoute") => turn::<httproutes::HttpRoute>,
        ("gateway.networking.k8s.io/v1", "GRPCRoute") => turn::<grpcroutes::GrpcRoute>,
        ("gateway.networking.k8s.io/v1", "TLSRoute") => turn::<tlsroutes::TlsRoute>,
        ("gateway.networking.k8s.io/v1", "ListenerSet") => turn::<listenersets::ListenerSet>,
        ("gateway.networking.k8s.io/v1", "BackendTLSPolicy") => turn::<backendtlspolicies::BackendTlsPolicy>,
        // The crate has v1 alone, of the same fields.
        ("gateway.networking.k8s.io/v1" | "gateway.networking.k8s.io/v1beta1", "ReferenceGrant") => {
            let mut renamed = object.json.clone();
            renamed["apiVersion"] = "gateway.networking.k8s.io/v1".into();
            let back = turn::<referencegrants::ReferenceGrant>(&renamed).map(|mut back| {
                back["apiVersion"] = object.api_version.as_str().into();
                back
            });
            return Some(back);
        }
        _ => return None,
    };
    Some(turn(&object.json))
}

#[test]
fn no_field_is_lost_in_the_types_of_others() {
    let mut faults = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases() {
        let values = fs::read_to_string(&case.values).expect("a case has values");
        for profile in &case.profiles {
            for object in golden::render(&values, Settings { profile, gateway_api: "1.5" }).objects {
                let Some(back) = by_type(&object) else { continue };
                *counts.entry(object.kind.clone()).or_default() += 1;
                let about = format!("{}: {profile}: {} {}", case.name, object.kind, object.name);
                match back {
                    Ok(back) if back == object.json => {}
                    Ok(back) => faults.push(format!("{about}:\n{:#}\n{back:#}", object.json)),
                    Err(fault) => faults.push(format!("{about}: {fault}")),
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} objects differ:\n{}", faults.len(), faults.join("\n"));
    for kind in [
        "Service",
        "ConfigMap",
        "Deployment",
        "PodDisruptionBudget",
        "NetworkPolicy",
        "EndpointSlice",
        "Gateway",
        "HTTPRoute",
        "GRPCRoute",
        "TLSRoute",
        "BackendTLSPolicy",
        "ReferenceGrant",
    ] {
        assert!(counts.contains_key(kind), "no case gives a {kind} for Gateway API 1.5: {counts:?}");
    }
}
