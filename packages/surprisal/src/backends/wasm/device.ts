/** The WebAssembly device: buffers in one memory, programs as modules over it. */
import { convert, type DType, type TypedArray } from "../../base/dtype.ts";
import { SurprisalError } from "../../base/errors.ts";
import { type Shape, showShape, sizeOf } from "../../base/shape.ts";
import { Tensor } from "../../base/tensor.ts";
import type { Device, DeviceBuffer, MemoryUse } from "../../compile/device.ts";
import { alignment } from "../../compile/passes/plan.ts";
import { loadProgram } from "./executable.ts";
import { DeviceMemory } from "./memory.ts";
import { Scratch } from "./scratch.ts";

interface WasmBuffer extends DeviceBuffer {
  /** −1 once it is freed. */
  address: number;
}

export interface WasmDeviceOptions {
  /** Most that its memory may grow to, in bytes; rounded down to 64 KiB. Default and most: 4 GiB. */
  readonly mostBytes?: number;
  /** Bytes of guard behind every buffer, for tests. */
  readonly redZone?: number;
}

export interface WasmDevice extends Device {
  memoryUse(): MemoryUse;
  /** Address of the first red-zone byte that was touched, for tests; undefined when none was, or without red zones. */
  firstTouched(): number | undefined;
}

const views = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Int32Array } as const;

/** Makes a WebAssembly device, with a memory of its own. @throws InvalidArgumentError for a size that no memory has. */
export function wasmDevice(options: WasmDeviceOptions = {}): WasmDevice {
  const memory = new DeviceMemory(options.redZone ?? 0, options.mostBytes);
  const scratch = new Scratch(memory);
  const zones: { start: number; bytes: number }[] = [];

  const addressOf = (buffer: DeviceBuffer): number => {
    const { address } = buffer as WasmBuffer;
    if (address >= 0) return address;
    throw new SurprisalError("device/buffer-freed", {
      received: `a ${buffer.dtype} buffer ${showShape(buffer.shape)} was used after it had been freed`,
      expected: "its memory may be another's by now",
      hint: "Use it before it is freed; a model cannot be used after dispose().",
    });
  };

  const view = (buffer: DeviceBuffer) =>
    new views[buffer.dtype](memory.memory.buffer, addressOf(buffer), sizeOf(buffer.shape));

  const guardZone = (zone: { start: number; bytes: number }) => {
    memory.guardZone(zone.start, zone.bytes);
    zones.push(zone);
  };

  return {
    name: "wasm",
    allocate: (dtype: DType, shape: Shape): WasmBuffer => ({
      dtype,
      shape,
      address: memory.take(Math.max(alignment, sizeOf(shape) * (dtype === "float64" ? 8 : 4))),
    }),
    write(buffer, values, offset = 0) {
      view(buffer).set(values, offset);
    },
    read: async (buffer) => new Tensor(convert(buffer.dtype, view(buffer)) as TypedArray, buffer.shape),
    free(buffer) {
      memory.give((buffer as WasmBuffer).address);
      (buffer as WasmBuffer).address = -1;
    },
    load: (program) => loadProgram(program, memory, scratch, addressOf, guardZone),
    memoryUse: () => memory.use,
    firstTouched: () => memory.firstTouched(zones),
  };
}
