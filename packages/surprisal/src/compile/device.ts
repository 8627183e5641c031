/**
 * What the trainer sees of a backend: a place that holds buffers and runs loaded programs. A device decides itself how a program
 * becomes something that runs (the interpreter walks the graph, the others lower it to kernels for their `Target`).
 */
import type { DType, TypedArray } from "../base/dtype.ts";
import type { Shape } from "../base/shape.ts";
import type { Tensor } from "../base/tensor.ts";
import type { Node } from "../graph/index.ts";

/** A tensor that lives on a device, between runs as well. Opaque but for its type. */
export interface DeviceBuffer {
  readonly dtype: DType;
  readonly shape: Shape;
}

/**
 * A graph with all its ends tied to buffers. Outputs are written after everything is read, so an output may go into a buffer
 * that an input is bound to: that is how state (weights, optimizer slots, counters) is updated.
 */
export interface Program {
  readonly outputs: readonly { readonly node: Node; readonly into: DeviceBuffer }[];
  /** A buffer for every input node that the outputs need. */
  readonly bindings: ReadonlyMap<Node, DeviceBuffer>;
  /** Shown by `explain`. */
  readonly label?: string;
}

/** What `explain` says of one kernel. */
export interface KernelReport {
  readonly name: string;
  readonly family: string;
  /** Index space, outermost first. */
  readonly space: Shape;
  /** Graph ops that it computes. */
  readonly ops: readonly string[];
  readonly flops: number;
  /** Of these, the products and sums of a matrix product, which have their own roof. Default 0. */
  readonly productFlops?: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** What `explain` says of a program. */
export interface ProgramReport {
  readonly label: string;
  readonly device: string;
  /** Passes in order, with the node or kernel count after each and the rewrites that fired. */
  readonly passes: readonly { readonly name: string; readonly count: number; readonly notes: readonly string[] }[];
  readonly kernels: readonly KernelReport[];
  /** Peak bytes of temporaries, after reuse; and without reuse. */
  readonly scratchBytes: number;
  readonly scratchBytesWithoutReuse: number;
  /** Bytes of emitted code, 0 where none is. */
  readonly codeBytes: number;
  /** Whether an earlier program of the same structure had been compiled, whose code this one runs at its own addresses. */
  readonly cached: boolean;
}

/** A program that a device has made ready to run. */
export interface Executable {
  /** Runs the program once on what its buffers hold now. */
  run(): void | Promise<void>;
  report(): ProgramReport;
  /** Runs one kernel of the report alone, for timing; devices without kernels leave it out. */
  runKernel?(index: number): void;
  /**
   * Gives back what the program holds on the device besides the buffers that it is tied to. It cannot run afterwards. Nobody has to
   * call it: a program that is not reachable any more is given back too, later. Devices whose programs hold nothing leave it out.
   */
  free?(): void;
}

/** How much of a device's memory is taken, in bytes. */
export interface MemoryUse {
  /** By buffers and loaded programs, now. */
  readonly inUse: number;
  /** What the device has taken from the system: the most that was in use at once, and some to spare. */
  readonly reserved: number;
  /** More than this is refused. */
  readonly most: number;
}

/** Something that a machine may have, and what a device makes of it. */
export interface DeviceFeature {
  readonly name: string;
  /** `unused`: it is there, but the device does without. */
  readonly state: "used" | "unused" | "missing";
  /** What it is good for, or why it is not used; a phrase. */
  readonly why: string;
  /** Without it the device can run nothing. */
  readonly needed?: boolean;
}

/** A place that holds tensors and runs programs on them. */
export interface Device {
  readonly name: string;
  /** Devices of one word give the same bits for the same program. Default: the name. */
  readonly arithmetic?: string;
  /** A zero-filled buffer. */
  allocate(dtype: DType, shape: Shape): DeviceBuffer;
  /** Copies values in, from element `offset` on. */
  write(buffer: DeviceBuffer, values: ArrayLike<number>, offset?: number): void;
  /** A copy of what the buffer holds. */
  read(buffer: DeviceBuffer): Promise<Tensor>;
  /**
   * Copies what the buffer holds into an array at once, from element `at` on and as far as there is room. Only devices whose programs run
   * to their end when they are called have it: there `run` returns nothing, and what it wrote can be read in the same breath.
   */
  readNow?(buffer: DeviceBuffer, into: TypedArray, at?: number): void;
  free(buffer: DeviceBuffer): void;
  /** A device of the same kind with a memory of its own, for what would make this one grow. */
  another?(): Device;
  /** What it found on this machine, for people. */
  features?(): readonly DeviceFeature[];
  /** Devices that do not count leave it out. */
  memoryUse?(): MemoryUse;
  load(program: Program): Promise<Executable>;
}
