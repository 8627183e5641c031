/** What WebAssembly finds on this machine, for people. */
import type { DeviceFeature } from "../../compile/device.ts";
import { capabilities } from "./capabilities.ts";
import { propertiesOf } from "./target.ts";

/** A function that makes a vector and drops it. */
const vectorModule = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
  ...[0x0a, 0x17, 1, 0x15, 0, 0xfd, 0x0c, ...new Array<number>(16).fill(0), 0x1a, 0x0b],
);

/**
 * Asks nothing of a device, so that it also answers where none can be made.
 * @param used whether products are rounded once
 */
export function wasmFeatures(used?: boolean): readonly DeviceFeature[] {
  if (typeof WebAssembly === "undefined") {
    const why = "this engine runs without it (--jitless, lockdown mode)";
    return [{ name: "WebAssembly", state: "missing", why, needed: true }];
  }
  const { lanes, registers } = propertiesOf(capabilities());
  const can = capabilities().fusedMultiplyAdd;
  const fused = used ?? can;
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
        ? `${lanes.float32} float32 or ${lanes.float64} float64 at once; matrix products keep ${registers} vectors in registers`
        : "this engine is too old for it",
      needed: true,
    },
    {
      name: "fused multiply-add",
      state: fused ? "used" : can ? "unused" : "missing",
      why: fused
        ? "a product and a sum are rounded once, and take one instruction"
        : can
          ? "this device was made without it: it gives the bits of machines that have none"
          : "a test by values says that this engine, or this machine, rounds a product and a sum one by one",
    },
    {
      name: "shared memory",
      state: shares ? "unused" : "missing",
      why: shares ? "programs run on one thread" : "only pages that are cross-origin isolated have it",
    },
  ];
}
