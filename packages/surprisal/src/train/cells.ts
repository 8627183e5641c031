/** A value that lives on the device between runs, and the node that programs know it by. */
import type { DType } from "../base/dtype.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { Device, DeviceBuffer, Executable, Program } from "../compile/device.ts";
import { input, type Node } from "../graph/index.ts";

export interface Cell {
  readonly node: Node;
  readonly buffer: DeviceBuffer;
}

/** A program under construction: what is computed, where it goes, and the cells it may read. */
export interface Wiring {
  readonly outputs: { node: Node; into: DeviceBuffer }[];
  readonly bindings: Map<Node, DeviceBuffer>;
}

export const newWiring = (): Wiring => ({ outputs: [], bindings: new Map() });

/** Reads a cell in the program. */
export function use(wiring: Wiring, cell: Cell): Node {
  wiring.bindings.set(cell.node, cell.buffer);
  return cell.node;
}

/** Writes a node into a cell when the program has run. */
export function assign(wiring: Wiring, cell: Cell, node: Node): void {
  wiring.outputs.push({ node, into: cell.buffer });
}

/** Cells, and programs over them, that are made and given back together. */
export class CellGroup {
  readonly device: Device;
  readonly #buffers: DeviceBuffer[] = [];
  readonly #programs: Executable[] = [];

  constructor(device: Device) {
    this.device = device;
  }

  /** A new cell, zeros unless told. `initial` is one value for all elements, or all of them. */
  make(label: string, dtype: DType, shape: Shape, initial: number | ArrayLike<number> = 0): Cell {
    const buffer = this.device.allocate(dtype, shape);
    this.#buffers.push(buffer);
    const cell = { node: input(label, dtype, shape), buffer };
    if (initial !== 0) this.fill(cell, initial);
    return cell;
  }

  /** Loads a program, which is freed with the group. */
  async load(program: Program): Promise<Executable> {
    const executable = await this.device.load(program);
    this.#programs.push(executable);
    return executable;
  }

  fill(cell: Cell, values: number | ArrayLike<number>): void {
    const all = typeof values === "number" ? new Float64Array(sizeOf(cell.buffer.shape)).fill(values) : values;
    this.device.write(cell.buffer, all);
  }

  /** For a finalizer, which may not hold the group itself. */
  get buffers(): readonly DeviceBuffer[] {
    return this.#buffers;
  }

  free(): void {
    for (const program of this.#programs) program.free?.();
    this.#programs.length = 0;
    for (const buffer of this.#buffers) this.device.free(buffer);
    this.#buffers.length = 0;
  }
}
