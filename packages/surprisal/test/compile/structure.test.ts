/** Structure: equal for programs that differ only in where their buffers lie, and for no others. */
import { describe, expect, test } from "vitest";
import type { DeviceBuffer, Program } from "../../src/compile/device.ts";
import { structureOf } from "../../src/compile/structure.ts";
import { StructureCache } from "../../src/compile/structureCache.ts";
import * as g from "../../src/graph/index.ts";

const buffer = (shape: readonly number[], dtype: DeviceBuffer["dtype"] = "float32"): DeviceBuffer => ({ dtype, shape });

/** A program of two inputs [2, 3], each in a buffer of its own. */
function program(
  make: (x: g.Node, y: g.Node) => g.Node,
  change: Partial<Record<"x" | "y" | "into", DeviceBuffer>> = {},
) {
  const [x, y] = [g.input("x", "float32", [2, 3]), g.input("y", "float32", [2, 3])];
  const node = make(x, y);
  const { x: inX = buffer([2, 3]), y: inY = buffer([2, 3]), into = buffer(node.shape, node.dtype) } = change;
  return {
    outputs: [{ node, into }],
    bindings: new Map([
      [x as g.Node, inX],
      [y as g.Node, inY],
    ]),
  } satisfies Program;
}

const key = (p: Program) => structureOf(p).key;
const base = () => program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, 0.5)), [1]));

test("is the same for the same graph over other inputs and buffers", () => {
  const [first, second] = [base(), base()];
  expect(key(second)).toBe(key(first));
  expect(structureOf(first).buffers).toEqual([...first.bindings.values(), first.outputs[0]?.into]);
  expect(structureOf(first).buffers[0]).toBe([...first.bindings.values()][0]);
});

test("does not go by labels, of inputs or of the program", () => {
  const [x, z] = [g.input("x", "float32", [2]), g.input("another", "float32", [2])];
  const of = (input: g.Node, label: string): Program => ({
    outputs: [{ node: g.exp(input), into: buffer([2]) }],
    bindings: new Map([[input, buffer([2])]]),
    label,
  });
  expect(key(of(x, "a"))).toBe(key(of(z, "b")));
});

const shared = buffer([2, 3]);
const different: readonly (readonly [string, Program])[] = [
  ["as it is", base()],
  ["another op", program((x, y) => g.sum(g.mul(g.exp(x), g.add(y, 0.5)), [1]))],
  ["another constant", program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, 0.25)), [1]))],
  ["minus zero", program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, -0)), [1]))],
  ["zero", program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, 0)), [1]))],
  ["not a number", program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, Number.NaN)), [1]))],
  ["infinity", program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, Infinity)), [1]))],
  ["a list of constants", program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, g.constant([1, 2, 3], "float32"))), [1]))],
  ["another list", program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, g.constant([1, 2, 4], "float32"))), [1]))],
  ["another axis", program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, 0.5)), [0]))],
  ["operands the other way round", program((x, y) => g.sum(g.mul(g.add(y, 0.5), g.tanh(x)), [1]))],
  ["one input twice", program((x) => g.sum(g.mul(g.tanh(x), g.add(x, 0.5)), [1]))],
  [
    "two inputs in one buffer",
    program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, 0.5)), [1]), { x: shared, y: shared }),
  ],
  [
    "an input of another dtype",
    program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, 0.5)), [1]), { y: buffer([2, 3], "float64") }),
  ],
  [
    "a result of another dtype",
    program((x, y) => g.sum(g.mul(g.tanh(x), g.add(y, 0.5)), [1]), { into: buffer([2], "float64") }),
  ],
  ["no reduction", program((x, y) => g.mul(g.tanh(x), g.add(y, 0.5)))],
  ["over its first input", program((x, y) => g.mul(g.tanh(x), g.add(y, 0.5)), { x: shared, into: shared })],
  ["over its second input", program((x, y) => g.mul(g.tanh(x), g.add(y, 0.5)), { y: shared, into: shared })],
  ["slices from 0", program((x) => g.slice(x, [0, 0], [2, 2]))],
  ["slices from 1", program((x) => g.slice(x, [0, 1], [2, 2]))],
  [
    "random, stream 1",
    program(() => g.randomUniform(g.constant(1, "int32"), g.constant(2, "int32"), 1, "float32", [3])),
  ],
  [
    "random, stream 2",
    program(() => g.randomUniform(g.constant(1, "int32"), g.constant(2, "int32"), 2, "float32", [3])),
  ],
];

test("differs wherever the kernels do", () => {
  const seen = new Map<string, string>();
  for (const [name, p] of different) {
    expect(seen.get(key(p)), name).toBeUndefined();
    seen.set(key(p), name);
  }
  expect(seen.size).toBe(22);
});

test("counts which result goes where", () => {
  const [a, b] = [buffer([2, 3]), buffer([2, 3])];
  const x = g.input("x", "float32", [2, 3]);
  const two = (first: DeviceBuffer, second: DeviceBuffer): Program => ({
    outputs: [
      { node: g.exp(x), into: first },
      { node: g.tanh(x), into: second },
    ],
    bindings: new Map([[x, a]]),
  });
  expect(key(two(a, b))).not.toBe(key(two(b, a)));
});

describe("the cache", () => {
  test("gives back what was put in, and lets the least recently used go", () => {
    const cache = new StructureCache<number>(100);
    for (let i = 0; i < 10; i++) cache.put(`${i}`, i, 9);
    expect(cache.bytes).toBe(100);
    expect(cache.get("0")).toBe(0);
    cache.put("new", 10, 7);
    expect([cache.get("0"), cache.get("1"), cache.get("2")]).toEqual([0, undefined, 2]);
    expect(cache.bytes).toBe(100);
  });

  test("does not count a key that is put again twice", () => {
    const cache = new StructureCache<number>(100);
    for (let i = 0; i < 30; i++) cache.put("key", i, 17);
    expect([cache.bytes, cache.get("key")]).toEqual([20, 29]);
  });

  test("does not give up the others for one that is too large", () => {
    const cache = new StructureCache<number>(100);
    cache.put("a", 1, 19);
    cache.put("b", 2, 25);
    expect([cache.get("a"), cache.get("b"), cache.bytes]).toEqual([1, undefined, 20]);
  });
});
