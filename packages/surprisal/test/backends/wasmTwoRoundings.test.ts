/** The WebAssembly backend without fused multiply-add. Where the engine has none, this is what the test beside it runs already. */
import { capabilities } from "../../src/backends/wasm/capabilities.ts";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { backendContract } from "./contract.ts";

backendContract("wasm", () => wasmDevice({ redZone: 192, fusedMultiplyAdd: false }), {
  graphs: capabilities().fusedMultiplyAdd ? Number(process.env.SURPRISAL_GRAPHS ?? 200) : 1,
});
