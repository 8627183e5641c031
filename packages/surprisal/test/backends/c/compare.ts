/** The same programs in C and on the WebAssembly device, bit by bit. */
import { cProgram } from "../../../src/backends/c/program.ts";
import { capabilities } from "../../../src/backends/wasm/capabilities.ts";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { convert, type DType } from "../../../src/base/dtype.ts";
import { sizeOf } from "../../../src/base/shape.ts";
import type { DeviceBuffer, Program } from "../../../src/compile/device.ts";
import type { Node } from "../../../src/graph/index.ts";
import { loadCase } from "../fuzz/run.ts";
import { runC } from "./compiler.ts";

export interface Comparison {
  readonly title: string;
  readonly outputs: readonly Node[];
  readonly feeds: ReadonlyMap<Node, readonly number[]>;
  /** Outputs that go into the buffer of an input. */
  readonly state: ReadonlyMap<number, Node>;
}

const views = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Int32Array } as const;
const gap = 64;
const guard = 0xa5;
const times = 2;

/** Runs every program twice on both; a line for each that differs, or that wrote outside its buffers. */
export async function differences(cases: readonly Comparison[]): Promise<string[]> {
  const made = cases.map((one) => inC(one));
  const after = runC(made, times);
  const problems: string[] = [];
  for (const [i, one] of cases.entries()) {
    const { ends, addresses, gaps } = made[i] as (typeof made)[0];
    const memory = after[i] as Uint8Array;
    const touched = gaps.find(({ start, bytes }) =>
      memory.subarray(start, start + bytes).some((byte) => byte !== guard),
    );
    if (touched !== undefined) problems.push(`${one.title}: a byte behind ${touched.start} was written to`);
    const wanted = await (await loadCase(wasmDevice(), one))(times);
    ends.forEach((buffer, o) => {
      const at = addresses.get(buffer) as number;
      const got = convert(buffer.dtype, view(memory, buffer.dtype, at, sizeOf(buffer.shape)));
      const want = wanted[o] as ArrayLike<number>;
      const e = Array.from(want).findIndex((x, e) => !Object.is(x, got[e]));
      if (e >= 0) problems.push(`${one.title}: output ${o}, element ${e}: ${got[e]} in C for ${want[e]}`);
    });
  }
  return problems;
}

const view = (memory: Uint8Array, dtype: DType, at: number, length: number) =>
  new views[dtype](memory.buffer as ArrayBuffer, memory.byteOffset + at, length);

function inC({ outputs, feeds, state, title }: Comparison) {
  const buffers = new Map<Node, DeviceBuffer>();
  for (const node of feeds.keys()) buffers.set(node, { dtype: node.dtype, shape: node.shape });
  const ends = outputs.map(
    ({ dtype, shape }, o) => buffers.get(state.get(o) as Node) ?? ({ dtype, shape } satisfies DeviceBuffer),
  );
  const program: Program = {
    label: title,
    bindings: buffers,
    outputs: outputs.map((node, o) => ({ node, into: ends[o] as DeviceBuffer })),
  };
  const { fusedMultiplyAdd } = capabilities();
  const { text, bytes, addresses, gaps } = cProgram(program, { fusedMultiplyAdd }, gap);
  // At a multiple of 8 in a buffer of its own.
  const memory = new Uint8Array(Math.ceil(bytes / 8) * 8).fill(0x5a);
  for (const { start, bytes } of gaps) memory.fill(guard, start, start + bytes);
  for (const [node, buffer] of buffers) {
    const at = addresses.get(buffer);
    if (at !== undefined) view(memory, node.dtype, at, sizeOf(node.shape)).set(feeds.get(node) as readonly number[]);
  }
  return { text, memory, ends, addresses, gaps };
}
