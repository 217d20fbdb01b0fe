//! Bounds that the API server enforces, each with its source. What passes one is split or refused.

use crate::release::{Release, Target};

/// Most listeners of one Gateway or ListenerSet; the API server refuses a 65th.
///
/// Source: Gateway API v1.6.1, Gateway `spec.listeners` `maxItems`.
pub const LISTENERS_MAX: usize = 64;

/// Percent of a bound above which a Gateway counts as nearly full: in pictures, and in alerts unless the values say
/// otherwise.
///
/// Source: the PRD that asks for organizations, its alert on "Gateway listener count > 80% limit".
pub const NEARLY_FULL_PERCENT: u8 = 80;

/// Most rules of one HTTPRoute or GRPCRoute. A longer list is split into several routes.
///
/// Source: Gateway API v1.6.1, HTTPRoute and GRPCRoute `spec.rules` `maxItems`.
pub const RULES_MAX: usize = 16;

/// Most matches of one rule. A longer list is split into several rules.
///
/// Source: Gateway API v1.6.1, HTTPRoute and GRPCRoute `spec.rules[].matches` `maxItems`.
pub const MATCHES_PER_RULE_MAX: usize = 64;

/// Most matches of one route over all its rules. More are split into several routes.
///
/// Source: Gateway API v1.6.1, HTTPRoute and GRPCRoute CEL rule on `spec.rules` (`<= 128`).
pub const MATCHES_PER_ROUTE_MAX: usize = 128;

/// Most backends of one rule; a seventeenth cannot be split off, since shares hold within one rule.
///
/// Source: Gateway API v1.6.1, `spec.rules[].backendRefs` `maxItems` of every route kind.
pub const BACKEND_REFS_MAX: usize = 16;

/// Most rules of one TLSRoute, TCPRoute or UDPRoute.
///
/// Source: Gateway API v1.6.1, `spec.rules` `maxItems` of TLSRoute, TCPRoute and UDPRoute v1.
pub const L4_RULES_MAX: usize = 1;

/// Largest weight of a backend.
///
/// Source: Gateway API v1.6.1, `spec.rules[].backendRefs[].weight` `maximum`.
pub const WEIGHT_MAX: u32 = 1_000_000;

/// Most filters of one rule.
///
/// Source: Gateway API v1.6.1, HTTPRoute and GRPCRoute `spec.rules[].filters` `maxItems`.
pub const FILTERS_MAX: usize = 16;

/// Most host names of one HTTPRoute or GRPCRoute. A longer list is split into several routes.
///
/// Source: Gateway API v1.6.1, HTTPRoute and GRPCRoute `spec.hostnames` `maxItems`.
pub const HOSTNAMES_MAX: usize = 16;

/// Most host names of one TLSRoute: 16 before 1.6, 1024 from then on.
///
/// Source: TLSRoute `spec.hostnames` `maxItems` in Gateway API v1.5.1 and v1.6.1.
pub fn tls_hostnames_max(target: Target) -> usize {
    if target.release >= Release::V1_6 { 1024 } else { HOSTNAMES_MAX }
}

/// Most parts one route is split into: part numbers have three digits, so that names sort in rule order.
pub const ROUTE_PARTS_MAX: usize = 999;

/// Most endpoints of one EndpointSlice; more go into further slices of the same Service.
///
/// Source: Kubernetes v1.36, `discovery.k8s.io/v1` EndpointSlice, field `endpoints`.
pub const SLICE_ENDPOINTS_MAX: usize = 1000;

/// Most bytes of a ConfigMap's data.
///
/// Source: Kubernetes v1.36, `MaxSecretSize`, which holds for ConfigMaps too: 1 MiB.
pub const CONFIG_MAP_BYTES_MAX: usize = 1_048_576;

/// Most bytes of a Secret's data.
///
/// Source: Kubernetes v1.36, `MaxSecretSize`: 1 MiB. Helm keeps each revision of a release in one.
pub const SECRET_BYTES_MAX: usize = CONFIG_MAP_BYTES_MAX;

/// Most bytes of an object, as JSON without blanks. The API server cannot store a larger one.
///
/// Source: etcd v3.6, flag `--max-request-bytes`: 1.5 MiB, and the object is not all of a request.
pub const OBJECT_BYTES_MAX: usize = 1_572_864;

/// Most bytes of an object's name where it must be a DNS subdomain.
///
/// Source: Kubernetes v1.36, `DNS1123SubdomainMaxLength`.
pub const OBJECT_NAME_MAX: usize = 253;

/// Most bytes of all keys and values of an object's annotations together.
///
/// Source: Kubernetes v1.36, `TotalAnnotationSizeLimitB`: 256 KiB.
pub const ANNOTATIONS_BYTES_MAX: usize = 262_144;

/// Most characters of a header's value, and of what a header or query parameter is matched with.
///
/// Source: Gateway API v1.6.1, `HTTPHeader` and `HTTPHeaderMatch` `value` `maxLength`.
pub const HEADER_VALUE_MAX: usize = 4096;

/// Most characters of the name of a header or query parameter.
///
/// Source: Gateway API v1.6.1, type `HeaderName` `maxLength`.
pub const HEADER_NAME_MAX: usize = 256;

/// Most characters of a kind in a reference.
///
/// Source: Gateway API v1.6.1, type `Kind` `maxLength`.
pub const KIND_MAX: usize = 63;

/// Most characters of a path, matched or put in another's place.
///
/// Source: Gateway API v1.6.1, `HTTPPathMatch.value` and `HTTPPathModifier` `maxLength`.
pub const PATH_MAX: usize = 1024;

/// Most characters of a value of a listener's TLS options.
///
/// Source: Gateway API v1.6.1, type `AnnotationValue` `maxLength`.
pub const TLS_OPTION_MAX: usize = 4096;

/// Most characters of the name of a set of certificates that a controller knows.
///
/// Source: Gateway API v1.6.1, BackendTLSPolicy `spec.validation.wellKnownCACertificates` `maxLength`.
pub const WELL_KNOWN_MAX: usize = 253;
