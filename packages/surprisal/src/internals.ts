/**
 * `surprisal/internals`: parts that the project's own conformance runner and benchmarks drive one by one. Not covered by the
 * version's promise; everything a program needs is at the other entries.
 */
export { interpreterDevice } from "./backends/interpreter/device.ts";
export { capabilities } from "./backends/wasm/capabilities.ts";
export { productCeiling } from "./backends/wasm/ceiling.ts";
export { wasmDevice } from "./backends/wasm/device.ts";
export { link, symbol } from "./backends/wasm/relocation.ts";
export { wasmTarget } from "./backends/wasm/target.ts";
export { ThreefryStream } from "./base/threefry.ts";
export { lower } from "./compile/lower.ts";
export { plan } from "./compile/passes/plan.ts";
export { structureOf } from "./compile/structure.ts";
export * as model from "./model/index.ts";
export { Model } from "./train/model.ts";
