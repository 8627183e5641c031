/** decompose: afterwards there are no composites, and every reduction has one of the forms that kernels have. */
import { describe, expect, test } from "vitest";
import { decompose } from "../../../src/compile/passes/decompose.ts";
import * as g from "../../../src/graph/index.ts";
import { values } from "../../backends/harness.ts";

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const node = (shape: readonly number[]) => g.input(`x${shape.join("x")}`, "float64", shape);

/** Along the last axis, or down the first of two. */
function isKernelForm({ op, attrs, inputs: [x] }: g.Node): boolean {
  const rank = (x as g.Node).shape.length;
  if (op !== g.ops.sum) return (x as g.Node).shape.at(-1) !== 1;
  const [axis, more] = attrs.axes as number[];
  return (
    more === undefined && (x as g.Node).shape[axis as number] !== 1 && (axis === rank - 1 || (axis === 0 && rank === 2))
  );
}

function check(before: g.Node, feeds: ReadonlyMap<g.Node, ArrayLike<number>>, ulps = 16): g.Node {
  const [after] = decompose([before]) as [g.Node];
  g.verify([after]);
  const nodes = g.topological([after]);
  expect(nodes.filter(({ op }) => op.kind === "composite").map(({ op }) => op.name)).toEqual([]);
  expect(nodes.filter((n) => n.op.kind === "reduction" && !isKernelForm(n)).map((n) => g.print(n))).toEqual([]);
  expect(after.shape).toEqual(before.shape);
  const [was, is] = g.evaluateFloat64([before, after], feeds) as [Float64Array, Float64Array];
  was.forEach((x, i) => {
    expect(Math.abs((is[i] as number) - x)).toBeLessThanOrEqual(
      ulps * 2 ** -52 * Math.max(Math.abs(x), 1e-300) + 1e-15,
    );
  });
  return after;
}

const subsets = (rank: number): number[][] =>
  Array.from({ length: 2 ** rank }, (_, bits) =>
    Array.from({ length: rank }, (_, d) => d).filter((d) => bits & (1 << d)),
  );

describe("decompose", () => {
  test("sums over every set of axes of every small shape", () => {
    const shapes = [
      [4],
      [1],
      [2, 3],
      [1, 3],
      [3, 1],
      [1, 1],
      [2, 3, 4],
      [2, 1, 4],
      [1, 3, 1],
      [2, 3, 2, 2],
      [2, 1, 1, 3],
    ];
    let ran = 0;
    for (const shape of shapes) {
      const x = node(shape);
      for (const axes of subsets(shape.length).filter((a) => a.length > 0)) {
        check(g.sum(x, axes, { keepDims: true }), new Map([[x, values(size(shape), 3)]]));
        ran++;
      }
    }
    expect(ran).toBe(1 + 1 + 4 * 3 + 3 * 7 + 2 * 15);
  });

  test("leaves the kernel's own forms alone", () => {
    const x = node([4, 5]);
    for (const axes of [[0], [1]]) {
      const sum = g.sum(x, axes, { keepDims: true });
      expect(decompose([sum])[0]).toBe(sum);
    }
    expect(decompose([g.max(x, { keepDims: true })])[0]).toBe(g.max(x, { keepDims: true }));
  });

  test("a sum over everything goes along the rows, then over the row sums as one row", () => {
    const x = node([4, 5]);
    const after = check(g.sum(x), new Map([[x, values(20, 1)]]));
    const rows = g.sum(x, [1], { keepDims: true });
    expect(after).toBe(g.reshape(g.sum(g.reshape(rows, [1, 4]), [1], { keepDims: true }), []));
  });

  test("a sum over an inner axis moves it to the end", () => {
    const x = node([2, 3, 4]);
    const after = check(g.sum(x, [1], { keepDims: true }), new Map([[x, values(24, 1)]]));
    expect(after).toBe(g.reshape(g.sum(g.transpose(x, [0, 2, 1]), [2], { keepDims: true }), [2, 1, 4]));
  });

  test("a sum over axes of length 1 is no work", () => {
    const x = node([1, 5, 1]);
    expect(decompose([g.sum(x, [0, 2], { keepDims: true })])[0]).toBe(x);
  });

  test("the largest of one element is that element, at position 0", () => {
    const x = node([4, 1]);
    expect(decompose([g.max(x, { keepDims: true })])[0]).toBe(x);
    expect(decompose([g.argmax(x, { keepDims: true })])[0]).toBe(g.constant(0, "int32", [4, 1]));
  });

  test.each([
    ["softmax", (z: g.Node) => g.softmax(z)],
    ["logSoftmax", (z: g.Node) => g.logSoftmax(z)],
    ["logSumExp", (z: g.Node) => g.logSumExp(z, { keepDims: true })],
    ["softmaxGradient", (z: g.Node) => g.softmaxGradient(z, g.tanh(z))],
    ["logSoftmaxGradient", (z: g.Node) => g.logSoftmaxGradient(z, g.tanh(z))],
  ] as const)("%s into its parts", (_, make) => {
    for (const shape of [[3, 4], [3, 1], [5], [2, 2, 3]]) {
      const z = node(shape);
      check(make(z), new Map([[z, values(size(shape), 8).map((v) => 10 * v)]]), 256);
    }
  });

  test("every composite op has a decomposition", () => {
    const composites = Object.values(g.ops).filter(({ kind }) => kind === "composite");
    expect(composites.filter((op) => op.decompose === undefined)).toEqual([]);
    expect(composites.length).toBe(8);
  });

  test("rows by index come from memory: a view that moves elements is copied first, a reshape is not", () => {
    const x = node([3, 4]);
    const rows = g.constant([0, 2], "int32");
    const moved = g.gather(g.transpose(x), rows);
    expect(decompose([moved])[0]).toBe(g.gather(g.stopGradient(g.transpose(x)), rows));
    const reshaped = g.gather(g.reshape(x, [6, 2]), rows);
    expect(decompose([reshaped])[0]).toBe(reshaped);
    const cut = g.reshape(g.slice(x, [0, 1], [3, 2]), [3, 2, 1]);
    expect(decompose([g.gather(cut, rows)])[0]).toBe(g.gather(g.stopGradient(cut), rows));
    const updates = g.slice(x, [1, 0], [2, 4]);
    expect(decompose([g.scatterAdd(rows, updates, 3)])[0]).toBe(g.scatterAdd(rows, g.stopGradient(updates), 3));
  });
});
