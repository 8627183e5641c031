/** Thousands of seeded programs on the WebAssembly device, with a red zone behind every buffer. */
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { classes } from "../classes.ts";
import { fuzzDevice } from "../fuzz.ts";

for (const { name, fusedMultiplyAdd } of classes) {
  fuzzDevice(name, () => wasmDevice({ redZone: 192, fusedMultiplyAdd }));
}
