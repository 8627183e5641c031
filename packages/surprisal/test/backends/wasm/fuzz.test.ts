/** Thousands of seeded programs on the WebAssembly device, with a red zone behind every buffer. */
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { fuzzDevice } from "../fuzz.ts";

fuzzDevice("wasm", () => wasmDevice({ redZone: 192 }));
