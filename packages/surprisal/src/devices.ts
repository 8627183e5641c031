/** Where a model computes: `sequential(layers, { device: "interpreter" })`. Adding a backend is a folder and a line here. */
import { interpreterDevice } from "./backends/interpreter/device.ts";
import { wasmDevice } from "./backends/wasm/device.ts";
import { InvalidArgumentError, unknownName } from "./base/errors.ts";
import type { Device } from "./compile/device.ts";

export type {
  Device,
  DeviceBuffer,
  Executable,
  KernelReport,
  MemoryUse,
  Program,
  ProgramReport,
} from "./compile/device.ts";

/**
 * A WebAssembly device of its own, with its own memory; `get("wasm")` gives the one that models share. Node and browsers.
 * @param options.mostBytes what its memory may grow to, rounded down to 64 KiB; default and most: 4 GiB. What needs more is refused
 * with a `SurprisalError` (`device/out-of-memory`).
 * @throws InvalidArgumentError for a size that no memory has.
 */
export const wasm = ({ mostBytes }: { readonly mostBytes?: number } = {}): Device =>
  wasmDevice(mostBytes === undefined ? {} : { mostBytes });
/** A device that evaluates node by node in float64: slow, and the truth that the others are held to. */
export const interpreter = (): Device => interpreterDevice();

const makers = { wasm, interpreter } as const;

/** The names of devices. */
export type DeviceName = keyof typeof makers;
/** What `device` takes: `"auto"`, a name, or a device of your own. */
export type DeviceLike = "auto" | DeviceName | Device;

const shared = new Map<DeviceName, Device>();

/** Every device, the preferred one first. */
export function list(): readonly DeviceName[] {
  return Object.keys(makers) as DeviceName[];
}

/**
 * The device that is meant. By name it is always the same one: models share it and its memory. `"auto"` is the first of `list()`.
 * @throws UnknownNameError with the nearest names; InvalidArgumentError for what is no device.
 */
export function get(device: DeviceLike = "auto"): Device {
  if (typeof device === "string") {
    const name = device === "auto" ? (list()[0] as DeviceName) : device;
    if (!Object.hasOwn(makers, name)) throw unknownName("device", device, ["auto", ...list()]);
    const known = shared.get(name) ?? makers[name]();
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
