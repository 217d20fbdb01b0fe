import init, { call } from "./browser/gatewright.js";
const ready = init();
onmessage = async ({ data: { id, message } }) => {
  try {
    await ready;
    postMessage({ id, answer: JSON.parse(call(JSON.stringify(message))) });
  } catch (fault) {
    postMessage({ id, answer: { error: { code: "", message: String(fault), hint: "" } } });
  }
};
