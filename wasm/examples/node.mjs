import { readFileSync } from "node:fs";
import { call, initSync } from "./browser/gatewright.js";

initSync({ module: readFileSync(new URL("./browser/gatewright_bg.wasm", import.meta.url)) });
const values = "externalServices: [{name: api, protocol: HTTPS, port: 443, endpoints: [api.example.com]}]";
const files = [{ name: "values.yaml", text: values }];
const { ok, error } = JSON.parse(call(JSON.stringify({ op: "render", files })));
if (error) throw new Error(error.message);
console.log(ok.manifests || JSON.stringify(ok.report.results, null, 2));
