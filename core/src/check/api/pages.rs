//! What `gatewright explain` says of the faults that the API server finds: a page a code, in their order.

use super::fault::{
    BOUND, DUPLICATE, ENUM, MALFORMED, METADATA, NOT_SERVED, PATTERN, REQUIRED, RULE, TOO_LONG, TOO_MANY,
    TYPE, UNKNOWN_FIELD,
};
use crate::check::Page;
use crate::diagnostic::{Code, Level, Severity};

/// Every code of level `api` that an object of Gateway API can get.
pub static CODES: [Code; 13] = [
    BOUND,
    DUPLICATE,
    ENUM,
    MALFORMED,
    METADATA,
    NOT_SERVED,
    PATTERN,
    REQUIRED,
    RULE,
    TOO_LONG,
    TOO_MANY,
    TYPE,
    UNKNOWN_FIELD,
];

const fn page(
    code: Code,
    what: &'static str,
    why: &'static str,
    source: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Page {
    Page { code, severity: Severity::Error, level: Level::Api, what, why, source, bad, good }
}

/// The pages, by code.
pub static PAGES: &[Page] = &[
    page(
        BOUND,
        "a number outside its bounds, or too few items or keys",
        "The schema of the CRD has a smallest or largest number for the field, or a smallest count. The API server compares and \
         refuses the whole object, with the bound in its message.",
        "Kubernetes v1.36, apiextensions `minimum`, `maximum`, `minItems`, `minProperties`; the bounds are Gateway API's",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{backendRefs: [{name: shop, port: 80, weight: 2000000}]}]}
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{backendRefs: [{name: shop, port: 80, weight: 1000000}]}]}
",
    ),
    page(
        DUPLICATE,
        "two items of a list that count as the same one",
        "Some lists are maps or sets to the API server: header matches are told apart by `name`, allowed origins by themselves. \
         Server-side apply merges such lists item by item, so two items under one key cannot be stored.",
        "Kubernetes v1.36, `x-kubernetes-list-type: map` and `set`; which lists, Gateway API's CRDs say",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
    - matches: [{headers: [{name: version, value: one}, {name: version, value: two}]}]
      backendRefs: [{name: shop, port: 80}]
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
    - matches: [{headers: [{name: version, value: one}]}, {headers: [{name: version, value: two}]}]
      backendRefs: [{name: shop, port: 80}]
",
    ),
    page(
        ENUM,
        "a word that is none of those the field takes",
        "The schema lists the words, in the case in which they must be written. The API server refuses any other and lists them \
         under `supported values`. Newer releases of Gateway API know more words than older ones.",
        "Kubernetes v1.36, apiextensions `enum`; the words are Gateway API's",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{matches: [{method: get}], backendRefs: [{name: shop, port: 80}]}]}
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{matches: [{method: GET}], backendRefs: [{name: shop, port: 80}]}]}
",
    ),
    page(
        MALFORMED,
        "a value that fits none of the forms it may have",
        "The schema gives several forms of which exactly one must fit (`oneOf`). An address of a Gateway is either of type \
         IPAddress with an IPv4 or IPv6 address, or of another type with any text.",
        "Kubernetes v1.36, apiextensions `oneOf`; Gateway API, Gateway spec.addresses",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web}
spec:
  gatewayClassName: eg
  addresses: [{type: IPAddress, value: 300.1.1.1}]
  listeners: [{name: http, port: 80, protocol: HTTP}]
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web}
spec:
  gatewayClassName: eg
  addresses: [{type: IPAddress, value: 203.0.113.1}]
  listeners: [{name: http, port: 80, protocol: HTTP}]
",
    ),
    page(
        METADATA,
        "a name, label, annotation or other metadata that Kubernetes refuses",
        "Metadata has the same rules for every kind and no CRD describes it: names of Gateway API's kinds are DNS subdomains (a-z, 0-9, \
         `-`, `.`), labels have 63 characters, annotations 256 KiB in total.",
        "Kubernetes v1.36, `k8s.io/apimachinery` `pkg/api/validation/objectmeta.go`",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: Shop_Route}
spec: {rules: [{backendRefs: [{name: shop, port: 80}]}]}
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop-route}
spec: {rules: [{backendRefs: [{name: shop, port: 80}]}]}
",
    ),
    page(
        NOT_SERVED,
        "a kind under an apiVersion that the release and channel do not serve",
        "A CRD names the versions that it serves, and the experimental channel has kinds that the standard one lacks. For any other \
         the API server has no address: `kubectl` says `no matches for kind`, and nothing of the file may be applied.",
        "Gateway API v1.4.1 to v1.7.0, `spec.versions` of the CRDs of both channels",
        r"
apiVersion: gateway.networking.k8s.io/v1alpha3
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{backendRefs: [{name: shop, port: 80}]}]}
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{backendRefs: [{name: shop, port: 80}]}]}
",
    ),
    page(
        PATTERN,
        "a text with characters that the field does not take",
        "The schema has a regular expression that the text must match. The message repeats it: for host names and names of objects it \
         means lower-case letters, digits, `-` and `.`, for durations up to four numbers with h, m, s or ms.",
        "Kubernetes v1.36, apiextensions `pattern`; the expressions are Gateway API's",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  hostnames: [Shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    ),
    page(
        REQUIRED,
        "a field that must be there and is not",
        "The field has no default, and without it the object would mean nothing. A key whose value is null or empty in YAML counts as \
         absent. Until it is there, the API server evaluates none of the CEL rules, so more may be found afterwards.",
        "Kubernetes v1.36, apiextensions `required`; which fields, Gateway API's CRDs say",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web}
spec:
  listeners: [{name: http, port: 80, protocol: HTTP}]
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web}
spec:
  gatewayClassName: eg
  listeners: [{name: http, port: 80, protocol: HTTP}]
",
    ),
    page(
        RULE,
        "fields that are fine each, but not together",
        "Gateway API's CRDs carry rules in the Common Expression Language: which filters exclude each other, that a redirect has no \
         backends, that `value` fits `type`. The API server evaluates them last and prints the rule's own message.",
        "Kubernetes v1.36, `x-kubernetes-validations`; the rules are Gateway API's",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
    - filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]
      backendRefs: [{name: shop, port: 80}]
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
    - filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]
",
    ),
    page(
        TOO_LONG,
        "a text of more characters than the field takes",
        "The schema bounds the length in characters, not bytes. CEL rules are not evaluated on such an object, since their cost is \
         reckoned from the bounds.",
        "Kubernetes v1.36, apiextensions `maxLength`; the bounds are Gateway API's",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
    - backendRefs:
        - {name: shop, group: example.com, kind: AKindWhoseNameHasMoreThanTheSixtyThreeLettersThatAKindMayHaveHere}
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
    - backendRefs:
        - {name: shop, group: example.com, kind: Backend}
",
    ),
    page(
        TOO_MANY,
        "more items or keys than the field takes",
        "The schema bounds the count: 16 host names and 16 rules a route, 64 matches a rule, 64 listeners a Gateway. What is \
         rendered from values is split at these bounds; what is written by hand must be divided into several objects.",
        "Kubernetes v1.36, apiextensions `maxItems`, `maxProperties`; the bounds are Gateway API's",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  hostnames: [a.example.com, b.example.com, c.example.com, d.example.com, e.example.com, f.example.com, g.example.com,
    h.example.com, i.example.com, j.example.com, k.example.com, l.example.com, m.example.com, n.example.com,
    o.example.com, p.example.com, q.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
        r#"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  hostnames: ["*.example.com"]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
"#,
    ),
    page(
        TYPE,
        "a value of another type than the field has",
        "YAML gives a value its type: `80` is a number, `\"80\"` a string, `yes` a boolean to some readers. The API server converts \
         nothing. Mostly quotes are missing or too many, or a list stands where one item belongs.",
        "Kubernetes v1.36, apiextensions `type`; the types are Gateway API's",
        r#"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web}
spec:
  gatewayClassName: eg
  listeners: [{name: http, port: "80", protocol: HTTP}]
"#,
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web}
spec:
  gatewayClassName: eg
  listeners: [{name: http, port: 80, protocol: HTTP}]
",
    ),
    page(
        UNKNOWN_FIELD,
        "a field that the schema does not have",
        "With strict validation, which `kubectl` asks for, the API server refuses it; without, it drops the field silently and the object \
         does less than its file says. It is a slip of the key, a field of another place, or one that only another release or channel has.",
        "Kubernetes v1.36, `fieldValidation: Strict`; the fields are Gateway API's",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{backendRef: [{name: shop, port: 80}]}]}
",
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{backendRefs: [{name: shop, port: 80}]}]}
",
    ),
];
