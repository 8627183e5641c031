/** The WebAssembly backend as the engine has it, with memory guarded around every buffer. */
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { backendContract } from "./contract.ts";

backendContract("wasm", () => wasmDevice({ redZone: 192 }), {
  graphs: Number(process.env.SURPRISAL_GRAPHS ?? 500),
});
