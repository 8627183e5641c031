/** views: strides that read a reshape where it lies, against trying every index. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeOf, stridesOf } from "../../../src/base/shape.ts";
import { reshapeStrides, viewResolver } from "../../../src/compile/passes/views.ts";
import * as g from "../../../src/graph/index.ts";

/** Offsets of all elements, row-major. */
function offsets(shape: readonly number[], strides: readonly number[]): number[] {
  let all = [0];
  shape.forEach((dim, d) => {
    all = all.flatMap((at) => Array.from({ length: dim }, (_, i) => at + i * (strides[d] as number)));
  });
  return all;
}

/** Strides by brute force: those that the second element of each axis asks for, if they then fit all elements. */
function bruteForce(wanted: readonly number[], shape: readonly number[]): number[] | undefined {
  const own = stridesOf(shape);
  const strides = shape.map((dim, d) => (dim === 1 ? 0 : (wanted[own[d] as number] as number)));
  return offsets(shape, strides).every((at, i) => at === wanted[i]) ? strides : undefined;
}

/** A shape, strides as views make them, and another shape of the same size. */
const cases = fc
  .array(fc.constantFrom(1, 2, 2, 3, 4, 6), { maxLength: 4 })
  .chain((from) =>
    fc.tuple(
      fc.constant(from),
      fc.tuple(
        ...from.map(() => fc.constantFrom("row-major", "row-major", "row-major", "still", "spaced", "reversed axes")),
      ),
      fc.array(fc.nat(100), { minLength: 6, maxLength: 6 }),
    ),
  )
  .map(([from, kinds, picks]) => {
    const strides = stridesOf(from).map((stride, d) => {
      if (kinds[d] === "still") return 0;
      if (kinds[d] === "spaced") return stride * 2;
      return kinds[d] === "reversed axes" ? (stridesOf([...from].reverse()).reverse()[d] as number) : stride;
    });
    // Prime factors of the size, dealt out to as many axes.
    const factors: number[] = [];
    for (let rest = sizeOf(from), p = 2; rest > 1; p++) for (; rest % p === 0; rest /= p) factors.push(p);
    const to = new Array<number>(((picks[0] as number) % 4) + (factors.length > 0 ? 1 : 0)).fill(1);
    factors.forEach((p, i) => {
      const axis = (picks[(i + 1) % 6] as number) % to.length;
      to[axis] = (to[axis] as number) * p;
    });
    return { from, strides, to };
  });

describe("reshapeStrides", () => {
  test("agrees with trying every index, where strides exist and where none do", () => {
    const ran = { strides: 0, copies: 0 };
    fc.assert(
      fc.property(cases, ({ from, strides, to }) => {
        const wanted = offsets(from, strides);
        const got = reshapeStrides(from, strides, to);
        expect(got).toEqual(bruteForce(wanted, to));
        if (got !== undefined) expect(offsets(to, got)).toEqual(wanted);
        ran[got === undefined ? "copies" : "strides"]++;
      }),
      { numRuns: 5000, seed: 3 },
    );
    expect(ran.strides).toBeGreaterThan(1000);
    expect(ran.copies).toBeGreaterThan(500);
  });

  test.each([
    ["joins contiguous axes", [2, 3, 4], [12, 4, 1], [6, 4], [4, 1]],
    ["splits one", [6], [2], [2, 3], [6, 2]],
    ["drops and adds axes of length 1", [1, 5, 1], [9, 1, 7], [5, 1], [1, 0]],
    ["joins axes that stand still", [3, 4], [0, 0], [12], [0]],
    ["a scalar", [], [], [1, 1], [0, 0]],
    ["cannot join a transpose", [3, 2], [1, 3], [6], undefined],
    ["cannot join a repeated row", [3, 4], [0, 1], [12], undefined],
    ["cannot regroup across a gap", [2, 3], [6, 1], [3, 2], undefined],
  ] as const)("%s", (_, from, strides, to, expected) => {
    expect(reshapeStrides(from, strides, to)).toEqual(expected);
  });
});

describe("chains of views", () => {
  const x = g.input("x", "float64", [4, 6]);
  const view = viewResolver();

  test("end at what lies in memory", () => {
    const part = g.slice(g.transpose(x), [1, 0], [3, 4]);
    expect(view(part)).toEqual({ base: x, offset: 1, strides: [1, 6] });
    expect(view(g.broadcastTo(g.reshape(g.slice(x, [2, 0], [1, 6]), [6]), [5, 6]))).toEqual({
      base: x,
      offset: 12,
      strides: [0, 1],
    });
  });

  test("a reshape that needs a copy is its own base", () => {
    const copied = g.reshape(g.transpose(x), [24]);
    expect(view(copied)).toEqual({ base: copied, offset: 0, strides: [1] });
    expect(view(g.slice(copied, [3], [2]))).toEqual({ base: copied, offset: 3, strides: [1] });
  });

  test("read what the evaluator reads, for random chains", () => {
    let ran = 0;
    const data = Float64Array.from({ length: 24 }, (_, i) => i);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(100)), { minLength: 1, maxLength: 6 }), (steps) => {
        let node: g.Node = x;
        for (const [kind, n] of steps) {
          const [rows, columns] = node.shape as [number, number];
          if (kind === 0) node = g.transpose(node);
          else if (kind === 1) node = g.slice(node, [n % rows, 0], [rows - (n % rows), columns]);
          else if (kind === 2) node = g.slice(node, [0, n % columns], [rows, columns - (n % columns)]);
          else if (kind === 3) node = g.reshape(node, [columns, rows]);
          else if (rows === 1) node = g.broadcastTo(node, [3, columns]);
        }
        const { base, offset, strides } = view(node);
        const [memory, expected] = g.evaluateFloat64([base, node], new Map([[x, data]])) as [
          Float64Array,
          Float64Array,
        ];
        expect(offsets(node.shape, strides).map((at) => memory[offset + at])).toEqual([...expected]);
        ran++;
      }),
      { numRuns: 1000, seed: 5 },
    );
    expect(ran).toBe(1000);
  });
});
