/** Where a model computes: `sequential(layers, { device: "interpreter" })`. Adding a backend is a folder and a line here. */
import { interpreterDevice, interpreterFeatures } from "./backends/interpreter/device.ts";
import { type WasmOptions, wasmDevice } from "./backends/wasm/device.ts";
import { wasmFeatures } from "./backends/wasm/features.ts";
import { InvalidArgumentError, unknownName } from "./base/errors.ts";
import { type CeilingOptions, type Ceilings, measureCeilings } from "./compile/ceilings.ts";
import type { Device, DeviceFeature } from "./compile/device.ts";

export { renderC } from "./backends/c/program.ts";
export type { CeilingOptions, Ceilings, MemoryCeiling } from "./compile/ceilings.ts";
export type {
  Device,
  DeviceBuffer,
  DeviceFeature,
  Executable,
  KernelReport,
  MemoryUse,
  Program,
  ProgramReport,
} from "./compile/device.ts";
export type { Explanation, KernelMeasure, ProgramMeasure } from "./compile/measure.ts";
export type { Timing, TimingOptions } from "./compile/timing.ts";

/** How a WebAssembly device computes, and how large its memory may be. */
export type WasmDeviceOptions = Pick<WasmOptions, "fusedMultiplyAdd" | "mostBytes">;

/**
 * A WebAssembly device of its own, with its own memory; `get("wasm")` gives the one that models share. Node and browsers.
 * @param options `fusedMultiplyAdd: false` gives the bits of a machine without fused multiply-add; `mostBytes` is what the memory may grow to,
 * rounded down to 64 KiB (default and most: 4 GiB), and what needs more is refused with a `SurprisalError` (`device/out-of-memory`)
 * @throws InvalidArgumentError where `fusedMultiplyAdd: true` asks for what the engine does not have, and for a size that no memory has
 */
export const wasm = ({ fusedMultiplyAdd, mostBytes }: WasmDeviceOptions = {}): Device =>
  wasmDevice({
    ...(fusedMultiplyAdd !== undefined && { fusedMultiplyAdd }),
    ...(mostBytes !== undefined && { mostBytes }),
  });
/** A device that evaluates node by node in float64: slow, and the truth that the others are held to. */
export const interpreter = (): Device => interpreterDevice();

const kinds = {
  wasm: { make: wasm, features: wasmFeatures },
  interpreter: { make: interpreter, features: interpreterFeatures },
} as const;

/** The names of devices. */
export type DeviceName = keyof typeof kinds;
/** What `device` takes: `"auto"`, a name, or a device of your own. */
export type DeviceLike = "auto" | DeviceName | Device;

const shared = new Map<DeviceName, Device>();

/** Every device, the preferred one first. */
export function list(): readonly DeviceName[] {
  return Object.keys(kinds) as DeviceName[];
}

/** The name that is meant. @throws UnknownNameError with the nearest names. */
function nameOf(name: "auto" | DeviceName): DeviceName {
  if (name === "auto") return list()[0] as DeviceName;
  if (!Object.hasOwn(kinds, name)) throw unknownName("device", name, ["auto", ...list()]);
  return name;
}

/**
 * The device that is meant. By name it is always the same one: models share it and its memory. `"auto"` is the first of `list()`.
 * @throws UnknownNameError with the nearest names; InvalidArgumentError for what is no device.
 */
export function get(device: DeviceLike = "auto"): Device {
  if (typeof device === "string") {
    const name = nameOf(device);
    const known = shared.get(name) ?? kinds[name].make();
    shared.set(name, known);
    return known;
  }
  if (typeof (device as Partial<Device> | null)?.load === "function") return device;
  throw new InvalidArgumentError("device/not-a-device", {
    received: `${device === null ? "null" : `a ${typeof device}`} was given as a device`,
    expected: "a name or a device is needed",
    hint: `Leave it out, or pass one of ${list()
      .map((name) => `"${name}"`)
      .join(", ")}.`,
  });
}

/** What there is to say of a device on this machine. */
export interface DeviceDescription {
  readonly name: string;
  /** Whether models can compute there: nothing that it needs is missing. */
  readonly works: boolean;
  readonly features: readonly DeviceFeature[];
}

/**
 * What a device finds on this machine and makes of it. By name no device is made for it, so that it also tells why none can be.
 * @throws as `get` does.
 */
export function describe(device: DeviceLike = "auto"): DeviceDescription {
  const name = typeof device === "string" ? nameOf(device) : get(device).name;
  const features = typeof device === "string" ? kinds[name as DeviceName].features() : (device.features?.() ?? []);
  return { name, works: features.every(({ needed, state }) => !needed || state !== "missing"), features };
}

/**
 * The best that a device does on this machine, measured now, in a fraction of a second: matrix products, elementwise chains, and memory.
 * By name a device with a memory of its own is measured and let go.
 * @throws as `get` does; InvalidArgumentError for a device whose programs are not done when they return.
 */
export async function ceilings(device: DeviceLike = "auto", options: CeilingOptions = {}): Promise<Ceilings> {
  return measureCeilings(typeof device === "string" ? kinds[nameOf(device)].make() : get(device), options);
}
