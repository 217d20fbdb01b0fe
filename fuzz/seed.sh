#!/usr/bin/env bash
# Fills fuzz/corpus from the golden cases, the seeds of check, the vectors of reviews and the cases of Helm's YAML; cargo fuzz reads it from there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p corpus/values corpus/yaml corpus/post_render corpus/check corpus/review
for values in ../tests/golden/*/values.yaml ../chart/examples/*.yaml; do
  name=$(echo "${values#../}" | tr '/' '-')
  cp "$values" "corpus/values/$name"
  cp "$values" "corpus/yaml/$name"
done
for manifests in ../tests/golden/*/*.yaml ../tests/check/seeds/*.yaml; do
  [ "$(basename "$manifests")" = values.yaml ] || cp "$manifests" "corpus/check/$(echo "${manifests#../}" | tr '/' '-')"
done
python3 - ../tests/helm-yaml/cases.json corpus <<'PYTHON'
import json, pathlib, sys
table, corpus = json.load(open(sys.argv[1])), pathlib.Path(sys.argv[2])
for case in table["cases"]:
    (corpus / "yaml" / ("helm-" + case["name"].replace("/", "-"))).write_text(case["yaml"])
def carrier(values):
    payload = json.dumps({"schemaVersion": 1, "values": values, "release": {"name": "demo", "namespace": "edge"},
                          "chart": {"name": "gatewright", "version": "0.1.0"}, "capabilities": {}})
    return ("---\n# Source: gatewright/templates/carrier.yaml\napiVersion: render.gatewright.dev/v1alpha1\n"
            "kind: GatewayValues\nmetadata:\n  name: demo\npayload: " + json.dumps(payload) + "\n")
service = {"externalServices": [{"name": "web", "port": 80, "endpoints": ["web.example.com"]}]}
other = "---\n# Source: shop/templates/map.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata:\n  a: |\n    ---\n    b\n"
for name, stream in {"empty": "", "carrier": carrier(service), "none": other, "both": other + carrier(service),
                     "bad": carrier({"externalService": 1}), "two": carrier(service) + carrier(service)}.items():
    (corpus / "post_render" / name).write_text(stream)
for file in pathlib.Path("../tests/vectors").glob("*.json"):
    for index, vector in enumerate(json.load(open(file))):
        text = json.dumps({key: vector[key] for key in ("settings", "context", "review")}, separators=(",", ":"))
        if len(text) < 4096:
            (corpus / "review" / f"{file.stem}-{index}").write_text(text)
PYTHON
