/**
 * Matrix products of every form against the reference: all four transpositions, sizes around the edges of tiles, strips, blocks
 * and stretches, views, and every kind of epilogue, in every class of arithmetic, with guarded memory. Small whole numbers, so
 * that any order of adding gives the same and nothing may be off. SURPRISAL_PRODUCTS sets how many are drawn.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import type { FloatDType } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import { classes } from "../classes.ts";
import { runOn } from "../harness.ts";

const drawn = Number(process.env.SURPRISAL_PRODUCTS ?? 120);

const whole = (count: number, seed: number) => Array.from({ length: count }, (_, i) => ((i * seed) % 13) - 6);

interface Case {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly dtype: FloatDType;
  /** Rows and columns around the operands in the arrays that they are cut out of. */
  readonly margin?: number;
}

/** What an epilogue makes of the product. */
type Epilogue = (product: g.Node, bias: g.Node, other: g.Node) => g.Node[];
const epilogues: Readonly<Record<string, Epilogue>> = {
  none: (product) => [product],
  "bias and relu": (product, bias) => [g.maximum(g.add(product, bias), 0)],
  "residual, and the product too": (product, _, other) => [product, g.sub(other, product)],
  long: (product, bias, other) => {
    const moved = g.sub(g.mul(g.add(product, bias), 2), other);
    return [g.add(g.maximum(g.sub(g.mul(moved, 3), bias), g.neg(other)), g.mul(g.abs(product), g.minimum(other, 2)))];
  },
  "in the other precision": (product, bias) => [
    g.cast(g.add(product, bias), product.dtype === "float32" ? "float64" : "float32"),
  ],
  "a comparison": (product, _, other) => [g.less(product, other)],
};

/** An operand, cut out of a larger array where there is a margin. */
function operand(name: string, dtype: FloatDType, rows: number, columns: number, margin: number, seed: number) {
  const x = g.input(name, dtype, [rows + margin, columns + 2 * margin]);
  const values = whole((rows + margin) * (columns + 2 * margin), seed);
  return { x, values, node: margin === 0 ? x : g.slice(x, [margin, margin], [rows, columns]) };
}

/** All four transpositions of one product; how many were compared. */
async function expectExact(
  { m, n, k, dtype, margin = 0 }: Case,
  epilogue: Epilogue,
  fusedMultiplyAdd: boolean,
): Promise<number> {
  const [bias, other] = [g.input("bias", dtype, [n]), g.input("other", dtype, [m, n])];
  let compared = 0;
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const a = operand("a", dtype, ...((transposeA ? [k, m] : [m, k]) as [number, number]), margin, 5);
      const b = operand("b", dtype, ...((transposeB ? [n, k] : [k, n]) as [number, number]), margin, 7);
      const outputs = epilogue(g.matmul(a.node, b.node, { transposeA, transposeB }), bias, other);
      const needed = new Set(g.topological(outputs));
      const feeds = new Map(
        [
          [a.x, a.values] as const,
          [b.x, b.values] as const,
          [bias, whole(n, 11)] as const,
          [other, whole(m * n, 3)] as const,
        ].filter(([node]) => needed.has(node)),
      );
      const { values, touched } = await runOn(wasmDevice({ redZone: 192, fusedMultiplyAdd }), outputs, feeds);
      const wanted = g.evaluateFloat64(outputs, feeds);
      for (const [o, row] of values.entries()) {
        const at = row.findIndex((value, i) => value !== wanted[o]?.[i]);
        const what = `[${m}, ${k}] · [${k}, ${n}] ${dtype}${transposeA ? ", aᵀ" : ""}${transposeB ? ", bᵀ" : ""}`;
        expect(at, `${what}, output ${o}, element ${at}: ${row[at]} for ${wanted[o]?.[at]}`).toBe(-1);
        expect(row.length).toBe(m * n);
      }
      expect(touched).toBeUndefined();
      compared++;
    }
  }
  return compared;
}

/** Around the sides of tiles (1 to 7 rows, 1 to 7 vectors of 4 or 2), blocks of 84 rows, stretches of 512. */
const edges = {
  m: [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 83, 84, 85, 167, 168, 169, 170, 173, 251, 253],
  n: [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20, 23, 24, 25, 27, 28, 29, 31, 33, 63, 64, 65, 67, 97],
  k: [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 63, 64, 65, 127, 257],
};

describe.each(classes)("products, $name", ({ fusedMultiplyAdd }) => {
  test("every width of a product with few rows and with many, every height of one with few columns", async () => {
    let compared = 0;
    const none = epilogues.none as Epilogue;
    for (const dtype of ["float32", "float64"] as const) {
      for (const n of edges.n) {
        for (const [m, k] of [
          [1, 5],
          [9, 66],
        ] as const)
          compared += await expectExact({ m, n, k, dtype }, none, fusedMultiplyAdd);
      }
      for (const m of edges.m) compared += await expectExact({ m, n: 1, k: 6, dtype }, none, fusedMultiplyAdd);
      for (const m of edges.m) compared += await expectExact({ m, n: 3, k: 9, dtype }, none, fusedMultiplyAdd);
    }
    expect(compared).toBe(2 * 4 * (2 * edges.n.length + 2 * edges.m.length));
  });

  test.each([
    // Both operands copied, several blocks of rows, edges everywhere.
    { m: 173, n: 67, k: 65, dtype: "float32" },
    { m: 253, n: 131, k: 70, dtype: "float32" },
    { m: 171, n: 67, k: 66, dtype: "float64" },
    // Several stretches of k, the last one short.
    { m: 13, n: 21, k: 1025, dtype: "float32" },
    { m: 175, n: 73, k: 515, dtype: "float32" },
    { m: 13, n: 11, k: 1537, dtype: "float64" },
    { m: 1, n: 37, k: 1541, dtype: "float32" },
    // More columns than are copied at once.
    { m: 9, n: 4165, k: 256, dtype: "float32" },
    { m: 9, n: 2117, k: 256, dtype: "float64" },
  ] as const)("$m × $n over $k, $dtype", async (shape) => {
    for (const name of ["none", "bias and relu"])
      expect(await expectExact(shape, epilogues[name] as Epilogue, fusedMultiplyAdd)).toBe(4);
  });

  test("nothing to add, nothing to make", async () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const [m, n, k] of [
        [0, 5, 3],
        [5, 0, 3],
        [5, 3, 0],
        [1, 9, 0],
        [0, 0, 0],
      ] as const)
        expect(await expectExact({ m, n, k, dtype }, epilogues["bias and relu"] as Epilogue, fusedMultiplyAdd)).toBe(4);
    }
  });

  test.each(["float32", "float64"] as const)("drawn shapes, views and epilogues, %s", async (dtype) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...edges.m),
        fc.constantFrom(...edges.n),
        fc.constantFrom(...edges.k),
        fc.constantFrom(0, 0, 1, 3),
        fc.constantFrom(...Object.keys(epilogues)),
        async (m, n, k, margin, name) => {
          compared += await expectExact({ m, n, k, dtype, margin }, epilogues[name] as Epilogue, fusedMultiplyAdd);
        },
      ),
      { numRuns: drawn, seed: 20 },
    );
    expect(compared).toBe(4 * drawn);
  });
});

test("NaN and infinities go through every lane and no further", async () => {
  for (const { fusedMultiplyAdd } of classes) {
    for (const [m, n, k] of [
      [5, 9, 6],
      [1, 9, 6],
      [9, 1, 6],
      [13, 70, 66],
    ] as const) {
      const [a, b] = [g.input("a", "float32", [m, k]), g.input("b", "float32", [k, n])];
      const feeds = new Map([
        [a, whole(m * k, 5).map((x, i) => (i === k + 1 ? Number.NaN : i === 2 ? Infinity : x + 7))],
        [b, whole(k * n, 7).map((x) => x + 7)],
      ]);
      const { values } = await runOn(wasmDevice({ fusedMultiplyAdd }), [g.matmul(a, b)], feeds);
      expect(values[0]).toEqual([...(g.evaluateFloat64([g.matmul(a, b)], feeds)[0] as Float64Array)]);
    }
  }
});
