/** The WebAssembly device: buffers in one memory, programs as modules over it. */
import { convert, type DType, type TypedArray } from "../../base/dtype.ts";
import { InvalidArgumentError } from "../../base/errors.ts";
import { type Shape, sizeOf } from "../../base/shape.ts";
import { Tensor } from "../../base/tensor.ts";
import type { Device, DeviceBuffer, Executable, Program, ProgramReport } from "../../compile/device.ts";
import type { KernelBuffer } from "../../compile/kernel.ts";
import { lower, reportKernel } from "../../compile/lower.ts";
import { alignment, bytesOf, plan } from "../../compile/passes/plan.ts";
import { capabilities } from "./capabilities.ts";
import { DeviceMemory } from "./memory.ts";
import { wasmTarget } from "./target.ts";

interface WasmBuffer extends DeviceBuffer {
  readonly address: number;
}

export interface WasmDevice extends Device {
  /** Address of the first red-zone byte that was touched, for tests; undefined when none was, or without red zones. */
  firstTouched(): number | undefined;
}

const views = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Int32Array } as const;

export interface WasmOptions {
  /**
   * Whether matrix products round each product and sum once (true) or both (false): two classes of arithmetic, "wasm-fma" and
   * "wasm". Default: once where the engine can. Turn it off to get the bits of a machine that can't.
   */
  readonly fusedMultiplyAdd?: boolean;
  /** Bytes of guard behind every buffer, for tests. */
  readonly redZone?: number;
  /** Bytes of temporaries that a program may take before it works on rows in blocks. Results do not depend on it. */
  readonly workspace?: number;
}

/**
 * Makes a WebAssembly device, with a memory of its own.
 * @throws InvalidArgumentError where fused multiply-add is asked for and the engine has none
 */
export function wasmDevice(options: WasmOptions = {}): WasmDevice {
  const fusedMultiplyAdd = multiplyAddOf(options.fusedMultiplyAdd);
  const target = wasmTarget({ fusedMultiplyAdd }, options.workspace);
  const memory = new DeviceMemory(options.redZone ?? 0);
  const zones: { start: number; bytes: number }[] = [];
  const scratch = { start: 0, bytes: 0 };

  /** Temporaries of all programs share one region: they never run at the same time. */
  const scratchOf = (bytes: number): number => {
    if (memory.gap > 0 || scratch.bytes < bytes) {
      scratch.start = memory.take(bytes);
      scratch.bytes = bytes;
    }
    return scratch.start;
  };

  const view = (buffer: DeviceBuffer) =>
    new views[buffer.dtype](memory.memory.buffer, (buffer as WasmBuffer).address, sizeOf(buffer.shape));

  const load = async (program: Program): Promise<Executable> => {
    const { program: kernels, passes } = lower(program, target.properties);
    const layout = plan(kernels, memory.gap);
    const base = scratchOf(layout.bytes);
    if (memory.gap > 0) {
      for (const [buffer, offset] of layout.offsets) {
        const start = base + offset + bytesOf(buffer);
        const zone = { start, bytes: memory.gap };
        memory.guardZone(zone.start, zone.bytes);
        zones.push(zone);
      }
    }
    const constants = new Map<KernelBuffer, number>();
    const addressOf = (buffer: KernelBuffer): number => {
      if (buffer.place.kind === "bound") return (buffer.place.binding as WasmBuffer).address;
      if (buffer.place.kind === "temporary") return base + (layout.offsets.get(buffer) as number);
      if (buffer.place.kind === "window")
        return addressOf(buffer.place.of) + buffer.place.start * (buffer.dtype === "float64" ? 8 : 4);
      const known = constants.get(buffer);
      if (known !== undefined) return known;
      const address = memory.take(bytesOf(buffer));
      constants.set(buffer, address);
      const { values } = buffer.place;
      const target = new views[buffer.dtype](memory.memory.buffer, address, buffer.elements);
      if (values.length === 1) target.fill(values[0] as number);
      else target.set(values);
      return address;
    };
    const code = target.emit(kernels, addressOf);
    const { instance } = await WebAssembly.instantiate(code, { env: { memory: memory.memory } });
    const run = instance.exports.run as () => void;
    return {
      run,
      runKernel: (i: number) => (instance.exports[`kernel${i}`] as () => void)(),
      report: (): ProgramReport => ({
        label: program.label ?? "program",
        device: "wasm",
        passes,
        kernels: kernels.kernels.map(reportKernel),
        scratchBytes: layout.bytes,
        scratchBytesWithoutReuse: layout.bytesWithoutReuse,
        codeBytes: code.length,
      }),
    };
  };

  return {
    name: "wasm",
    arithmetic: fusedMultiplyAdd ? "wasm-fma" : "wasm",
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
    },
    load,
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
