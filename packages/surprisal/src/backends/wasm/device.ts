/** The WebAssembly device: buffers in one memory, programs as modules over it. */
import { convert, type DType, type TypedArray } from "../../base/dtype.ts";
import { InvalidArgumentError, SurprisalError } from "../../base/errors.ts";
import { type Shape, showShape, sizeOf } from "../../base/shape.ts";
import { Tensor } from "../../base/tensor.ts";
import type { Device, DeviceBuffer, MemoryUse } from "../../compile/device.ts";
import { elementBytes } from "../../compile/kernel.ts";
import { alignment } from "../../compile/passes/plan.ts";
import { capabilities } from "./capabilities.ts";
import { loadProgram } from "./executable.ts";
import { wasmFeatures } from "./features.ts";
import { DeviceMemory } from "./memory.ts";
import { Scratch } from "./scratch.ts";
import { wasmTarget } from "./target.ts";

interface WasmBuffer extends DeviceBuffer {
  /** −1 once it is freed. */
  address: number;
  /** Its elements in the memory; when the memory grows it is empty and is made anew. */
  view: MemoryView;
}

type MemoryView = Float32Array | Float64Array | Int32Array;

export interface WasmDevice extends Device {
  memoryUse(): MemoryUse;
  /** Address of the first red-zone byte that was touched, for tests; undefined when none was, or without red zones. */
  firstTouched(): number | undefined;
}

const views = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Int32Array } as const;

/** The view of a buffer that has no memory. */
const none = new Float32Array(0);

export interface WasmOptions {
  /**
   * Whether matrix products round each product and sum once (true) or both (false): two classes of arithmetic, "wasm-fma" and
   * "wasm". Default: once where the engine can. Turn it off to get the bits of a machine that can't.
   */
  readonly fusedMultiplyAdd?: boolean;
  /** Most that its memory may grow to, in bytes; rounded down to 64 KiB. Default and most: 4 GiB. */
  readonly mostBytes?: number;
  /** Bytes of guard behind every buffer, for tests. */
  readonly redZone?: number;
  /** Bytes of temporaries that a program may take before it works on rows in blocks. Results do not depend on it. */
  readonly workspace?: number;
}

/**
 * Makes a WebAssembly device, with a memory of its own.
 * @throws InvalidArgumentError where fused multiply-add is asked for and the engine has none, and for a size that no memory has
 */
export function wasmDevice(options: WasmOptions = {}): WasmDevice {
  const fusedMultiplyAdd = multiplyAddOf(options.fusedMultiplyAdd);
  const target = wasmTarget({ fusedMultiplyAdd }, options.workspace);
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

  const viewAt = (dtype: DType, address: number, elements: number): MemoryView =>
    new views[dtype](memory.memory.buffer, address, elements);

  const view = (buffer: DeviceBuffer): MemoryView => {
    const own = buffer as WasmBuffer;
    if (own.view.length === 0) own.view = viewAt(own.dtype, addressOf(own), sizeOf(own.shape));
    return own.view;
  };

  const guardZone = (zone: { start: number; bytes: number }) => {
    memory.guardZone(zone.start, zone.bytes);
    zones.push(zone);
  };

  return {
    name: "wasm",
    arithmetic: fusedMultiplyAdd ? "wasm-fma" : "wasm",
    allocate(dtype: DType, shape: Shape): WasmBuffer {
      const elements = sizeOf(shape);
      const address = memory.take(Math.max(alignment, elements * elementBytes(dtype)));
      return { dtype, shape, address, view: viewAt(dtype, address, elements) };
    },
    write(buffer, values, offset = 0) {
      view(buffer).set(values, offset);
    },
    read: async (buffer) => new Tensor(convert(buffer.dtype, view(buffer)) as TypedArray, buffer.shape),
    readNow(buffer, into, at = 0) {
      const held = view(buffer);
      const room = into.length - at;
      into.set(held.length <= room ? held : held.subarray(0, room), at);
    },
    free(buffer) {
      const own = buffer as WasmBuffer;
      memory.give(own.address);
      own.address = -1;
      own.view = none;
    },
    another: () => wasmDevice(options),
    features: () => wasmFeatures(fusedMultiplyAdd),
    load: (program) => loadProgram(program, target, memory, scratch, addressOf, guardZone),
    memoryUse: () => memory.use,
    firstTouched: () => memory.firstTouched(zones),
  };
}

/** Whether products use it: as asked for, else where the engine has it. */
function multiplyAddOf(asked: unknown): boolean {
  if (asked !== undefined && typeof asked !== "boolean") {
    throw new InvalidArgumentError("device/bad-fused-multiply-add", {
      received: `fusedMultiplyAdd is a ${typeof asked}`,
      expected: "it is true or false",
      hint: "Leave it out to use what the engine has.",
    });
  }
  if (asked === true && !capabilities().fusedMultiplyAdd) {
    throw new InvalidArgumentError("device/no-fused-multiply-add", {
      received: "fusedMultiplyAdd is true",
      expected:
        "this WebAssembly engine rounds a product and a sum twice, or does not let programs ask for one rounding",
      hint: "Leave it out. Node has it from 20.16 on, on processors that have the instruction.",
    });
  }
  return asked ?? capabilities().fusedMultiplyAdd;
}
