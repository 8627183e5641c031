/** schedule: what is written in place, and only when nobody misses what was there. */
import { describe, expect, test } from "vitest";
import { fuse } from "../../../src/compile/passes/fuse.ts";
import { type Schedule, schedule } from "../../../src/compile/passes/schedule.ts";
import * as g from "../../../src/graph/index.ts";
import { prepared, programOf } from "../lowering.ts";

const a = g.input("a", "float64", [4, 4]);
const b = g.input("b", "float64", [4, 4]);
const c = g.input("c", "float64", [4, 4]);

/** The schedule of states and their next values; names of those in place. */
function next(...pairs: (readonly [state: g.Node, value: g.Node])[]): { inPlace: string[] } & Schedule {
  const nodes = prepared(pairs.map(([, value]) => value));
  const { bindings, outputs } = programOf(nodes, new Map(nodes.map((node, i) => [node, pairs[i]?.[0] as g.Node])));
  const made = schedule(fuse(nodes), { bindings, outputs });
  expect(made.direct.size + made.copies.length).toBe(nodes.length);
  const inPlace = pairs.filter((_, i) => made.direct.has(nodes[i] as g.Node)).map(([state]) => state.attrs.label);
  return { ...made, inPlace };
}

describe("in place", () => {
  test.each([
    ["a step from the element itself", () => [[a, g.sub(a, g.mul(0.1, b))]], ["a"]],
    [
      "several states by one unit",
      () => [
        [a, g.add(a, b)],
        [b, g.mul(g.add(a, b), b)],
      ],
      ["a", "b"],
    ],
    ["a product's epilogue over its own state", () => [[a, g.sub(a, g.matmul(b, c))]], ["a"]],
    ["a value that does not read the state", () => [[a, g.matmul(b, c)]], ["a"]],
    ["a reduction of another state", () => [[a, g.add(a, g.sum(b, [0], { keepDims: true }))]], ["a"]],
  ] as const)("%s", (_, make, expected) => {
    expect(next(...(make() as unknown as [g.Node, g.Node][])).inPlace).toEqual(expected);
  });

  test("a state that another unit reads is overwritten after that unit", () => {
    const product = g.matmul(a, b);
    const { inPlace, order } = next([a, g.sub(a, c)], [b, product]);
    expect(inPlace).toEqual(["a"]);
    expect(order.map(({ kind }) => kind)).toEqual(["contraction", "nest"]);
  });

  test("a chain of states runs from its end", () => {
    const { inPlace, order } = next([a, g.add(a, 1)], [b, g.exp(a)], [c, g.exp(b)]);
    expect(inPlace).toEqual(["a", "b", "c"]);
    const reads = order.map(({ reads }) => [...reads].map((node) => node.attrs.label).join());
    expect(reads).toEqual(["b", "a", "a"]);
  });
});

describe("by a copy at the end", () => {
  test("one of two states that are swapped", () => {
    const { inPlace, copies } = next([a, g.exp(b)], [b, g.tanh(a)]);
    expect(inPlace).toEqual(["a"]);
    expect(copies.length).toBe(1);
  });

  test("one of three that go round", () => {
    expect(next([a, g.exp(b)], [b, g.tanh(c)], [c, g.sqrt(a)]).inPlace.length).toBe(2);
  });

  test.each([
    ["a transposed read", g.add(a, g.transpose(a))],
    ["a shifted read", g.pad(g.slice(a, [1, 0], [3, 4]), [0, 0], [1, 0])],
    ["a row of it for every row", g.add(a, g.slice(a, [0, 0], [1, 4]))],
    ["its own row sums", g.sub(a, g.sum(a, [1], { keepDims: true }))],
    ["softmax of it", g.softmax(a)],
    ["a product with it", g.matmul(a, b)],
    ["rows of it by index", g.gather(a, g.constant([1, 0, 3, 2], "int32"))],
  ] as const)("%s", (_, value) => {
    const { inPlace, copies } = next([a, value]);
    expect(inPlace).toEqual([]);
    expect(copies.length).toBe(1);
  });

  test("a state that a later pass along the row computes with again", () => {
    const [moved, twice] = [g.add(a, 1), g.mul(a, 2)];
    const centred = g.sub(twice, g.max(twice, { keepDims: true }));
    expect(next([a, moved], [b, g.mul(moved, centred)]).inPlace).toEqual(["b"]);
  });

  test("its own column sums are another unit's, and wait for nothing", () => {
    expect(next([a, g.sub(a, g.sum(a, [0], { keepDims: true }))]).inPlace).toEqual(["a"]);
  });
});
