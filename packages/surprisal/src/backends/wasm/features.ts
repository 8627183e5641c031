/** What WebAssembly finds on this machine, for people. */
import type { DeviceFeature } from "../../compile/device.ts";
import { properties } from "./target.ts";

/** A function that makes a vector and drops it. */
const vectorModule = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
  ...[0x0a, 0x17, 1, 0x15, 0, 0xfd, 0x0c, ...new Array<number>(16).fill(0), 0x1a, 0x0b],
);

/** Asks nothing of a device, so that it also answers where none can be made. */
export function wasmFeatures(): readonly DeviceFeature[] {
  if (typeof WebAssembly === "undefined") {
    const why = "this engine runs without it (--jitless, lockdown mode)";
    return [{ name: "WebAssembly", state: "missing", why, needed: true }];
  }
  const { lanes, tile, fusedMultiplyAdd } = properties;
  const vectors = WebAssembly.validate(vectorModule);
  const shares =
    typeof SharedArrayBuffer !== "undefined" &&
    (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
  return [
    {
      name: "WebAssembly",
      state: "used",
      why: "programs are assembled for it; memory grows up to 4096 MiB",
      needed: true,
    },
    {
      name: "SIMD",
      state: vectors ? "used" : "missing",
      why: vectors
        ? `${lanes.float32} float32 or ${lanes.float64} float64 at once; matrix products in tiles of ${tile.rows} rows and ${tile.vectors} vectors`
        : "this engine is too old for it",
      needed: true,
    },
    {
      name: "fused multiply-add",
      state: fusedMultiplyAdd ? "used" : "unused",
      why: fusedMultiplyAdd
        ? "a product and a sum are rounded once, and take one instruction"
        : "products and sums are rounded one by one, so that every machine gives the same bits",
    },
    {
      name: "shared memory",
      state: shares ? "unused" : "missing",
      why: shares ? "programs run on one thread" : "only pages that are cross-origin isolated have it",
    },
  ];
}
