/**
 * A last layer over many classes and its loss, worked on in blocks of rows: the bits are those of the whole, whatever the block, and the memory
 * does not grow with rows times classes.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type WasmOptions, wasmDevice } from "../../../src/backends/wasm/device.ts";
import type { FloatDType } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import * as losses from "../../../src/losses.ts";
import { classes } from "../classes.ts";
import { anyGraph } from "../contract/random.ts";
import { randomGraph } from "../graphs.ts";
import { type Feeds, referenceWithBounds, runOn, values, worstExcess } from "../harness.ts";

interface Head {
  readonly outputs: readonly g.Node[];
  readonly feeds: Feeds;
}

interface Sizes {
  readonly rows: number;
  readonly width: number;
  readonly classes: number;
}

const labels = (rows: number, classes: number) => Array.from({ length: rows }, (_, i) => (i * 7) % classes);

/** Value, per-sample losses and every gradient of `linearCrossentropy`. */
function linear(
  { rows, width, classes }: Sizes,
  options: { readonly bias?: boolean; readonly weighted?: boolean; readonly [name: string]: unknown },
  dtype: FloatDType = "float32",
): Head {
  const { bias = false, weighted = false, ...params } = options;
  const hidden = g.input("hidden", dtype, [rows, width]);
  const weight = g.input("weight", dtype, [classes, width]);
  const offsets = g.input("bias", dtype, [classes]);
  const sampleWeight = g.input("sampleWeight", dtype, [rows]);
  const yTrue = g.input("yTrue", "int32", [rows]);
  const graph = losses
    .linearCrossentropy(params)
    .graph(yTrue, { hidden, weight, ...(bias && { bias: offsets }) }, { ...(weighted && { sampleWeight }) });
  const [perSample, value] = g.stabilise([graph.perSample, graph.value]) as [g.Node, g.Node];
  const predicted = [hidden, weight, ...(bias ? [offsets] : [])];
  const feeds = new Map<g.Node, readonly number[]>([
    [hidden, values(rows * width, 1)],
    [weight, values(classes * width, 2)],
    [yTrue, labels(rows, classes)],
    ...(bias ? [[offsets, values(classes, 3)] as const] : []),
    ...(weighted ? [[sampleWeight, values(rows, 4).map((w, i) => (i % 5 === 0 ? 0 : Math.abs(w)))] as const] : []),
  ]);
  return { outputs: [perSample, value, ...g.gradient(value, predicted)], feeds };
}

/** A dense layer with a softmax, textbook cross-entropy of one-hot targets with class weights, and its gradients. */
function dense(
  { rows, width, classes }: Sizes,
  options: { readonly sparse: boolean; readonly classWeight: boolean },
): Head {
  const x = g.input("x", "float32", [rows, width]);
  const kernel = g.input("kernel", "float32", [width, classes]);
  const bias = g.input("bias", "float32", [classes]);
  const z = g.add(g.matmul(x, kernel), bias);
  const p = g.softmax(z);
  const classWeight = options.classWeight ? values(classes, 5).map(Math.abs) : undefined;
  const yTrue = options.sparse ? g.input("yTrue", "int32", [rows]) : g.input("yTrue", "float32", [rows, classes]);
  const params = { ...(classWeight && { classWeight }) };
  const loss = options.sparse ? losses.sparseCategoricalCrossentropy(params) : losses.categoricalCrossentropy(params);
  const [value] = g.stabilise([loss.graph(yTrue, p, {}).value]) as [g.Node];
  const hot = labels(rows, classes);
  const feeds = new Map<g.Node, readonly number[]>([
    [x, values(rows * width, 1)],
    [kernel, values(width * classes, 2)],
    [bias, values(classes, 3)],
    [yTrue, options.sparse ? hot : hot.flatMap((c) => Array.from({ length: classes }, (_, i) => (i === c ? 1 : 0)))],
  ]);
  // As an accuracy asks.
  return { outputs: [value, ...g.gradient(value, [x, kernel, bias]), g.argmax(p)], feeds };
}

const heads: Readonly<Record<string, (sizes: Sizes) => Head>> = {
  plain: (sizes) => linear(sizes, {}),
  bias: (sizes) => linear(sizes, { bias: true }),
  "sample weights": (sizes) => linear(sizes, { weighted: true }),
  "label smoothing": (sizes) => linear(sizes, { labelSmoothing: 0.1, bias: true }),
  "ignored labels": (sizes) => linear(sizes, { ignoreClass: 0 }),
  "soft cap": (sizes) => linear(sizes, { softcap: 2 }),
  "z-loss": (sizes) => linear(sizes, { zLoss: 0.01 }),
  everything: (sizes) =>
    linear(sizes, { bias: true, weighted: true, labelSmoothing: 0.2, ignoreClass: 7, softcap: 3, zLoss: 0.1 }),
  "sum of losses": (sizes) => linear(sizes, { reduction: "sum", bias: true }),
  "dense, index labels": (sizes) => dense(sizes, { sparse: true, classWeight: false }),
  "dense, class weights": (sizes) => dense(sizes, { sparse: true, classWeight: true }),
  "dense, given targets": (sizes) => dense(sizes, { sparse: false, classWeight: false }),
};

/** Outputs that differ, each with its first element that does; short to print, however long they are. */
const differences = (got: Values, expected: Values) =>
  expected.flatMap((output, o) => {
    const i = Array.from(output).findIndex((x, e) => !Object.is(x, got[o]?.[e]));
    return i < 0 && got[o]?.length === output.length ? [] : [{ output: o, element: i, got: got[o]?.[i] }];
  });

type Values = readonly ArrayLike<number>[];

/** Rows in the report's note; one block when there is none. */
const blocksOf = (notes: readonly string[] | undefined): number =>
  Number(/ in (\d+) blocks/.exec(notes?.[0] ?? "")?.[1] ?? 1);

describe.each(classes)("$name", ({ fusedMultiplyAdd }) => {
  const device = (options: WasmOptions) => wasmDevice({ fusedMultiplyAdd, ...options });

  describe.each(Object.entries(heads))("%s", (_, head) => {
    test("the same bits for every block, and as without blocks", async () => {
      const ran = { all: 0, blocks: new Set<number>() };
      for (const sizes of [
        { rows: 37, width: 5, classes: 61 },
        { rows: 300, width: 9, classes: 40 },
        { rows: 1, width: 4, classes: 33 },
        { rows: 37, width: 1, classes: 20 },
      ]) {
        const { outputs, feeds } = head(sizes);
        const whole = await runOn(device({ workspace: 2 ** 30 }), outputs, feeds);
        expect(blocksOf(whole.report.passes.at(-1)?.notes)).toBe(1);
        // With red zones nothing shares memory; without, results take the place of operands.
        for (const [workspace, redZone] of [
          [1, 192],
          [8_000, 0],
          [20_000, 192],
          [60_000, 0],
        ] as const) {
          const { values: got, touched, report } = await runOn(device({ workspace, redZone }), outputs, feeds);
          expect(touched).toBeUndefined();
          expect(differences(got, whole.values)).toEqual([]);
          ran.blocks.add(blocksOf(report.passes.at(-1)?.notes));
          ran.all++;
        }
      }
      expect(ran.all).toBe(16);
      expect(ran.blocks.size).toBeGreaterThanOrEqual(5);
    });

    test("near the reference", async () => {
      const { outputs, feeds } = head({ rows: 11, width: 3, classes: 19 });
      const { values: got, report } = await runOn(device({ workspace: 1 }), outputs, feeds);
      expect(blocksOf(report.passes.at(-1)?.notes)).toBe(11);
      const worst = worstExcess(got, referenceWithBounds(outputs, feeds, "float32"), "float32");
      expect(worst.excess, JSON.stringify(worst)).toBeLessThanOrEqual(1);
    });
  });

  test("products in pieces have the bits of the whole", async () => {
    // Long enough for pieces of rows, of columns and of the inner length, with something left over; and for stretches of it in a piece.
    for (const [sizes, workspace] of [
      [{ rows: 9, width: 70, classes: 1100 }, 1],
      [{ rows: 20, width: 600, classes: 530 }, 1],
      [{ rows: 64, width: 300, classes: 1500 }, 2 ** 21],
    ] as const) {
      for (const head of [heads.bias, heads["dense, index labels"]] as const) {
        const { outputs, feeds } = (head as (sizes: Sizes) => Head)(sizes);
        const whole = await runOn(device({ workspace: 2 ** 30 }), outputs, feeds);
        const { values: got, report } = await runOn(device({ workspace }), outputs, feeds);
        expect(report.kernels.some(({ family, space }) => family === "loop" && space.length > 1)).toBe(true);
        expect(differences(got, whole.values)).toEqual([]);
      }
    }
  });

  test("random graphs have the bits that they have without blocks", async () => {
    const ran = { all: 0, blocks: 0 };
    await fc.assert(
      fc.asyncProperty(...anyGraph, async (rows, columns, steps) => {
        const { outputs, feeds } = randomGraph("float32", rows, columns, steps);
        const whole = await runOn(device({ workspace: 2 ** 30 }), outputs, feeds);
        const blocks = await runOn(device({ workspace: 1, redZone: 192 }), outputs, feeds);
        expect(blocks.touched).toBeUndefined();
        expect(differences(blocks.values, whole.values)).toEqual([]);
        if (blocksOf(blocks.report.passes.at(-1)?.notes) > 1) ran.blocks++;
        ran.all++;
      }),
      { numRuns: 300, seed: 31 },
    );
    expect(ran.all).toBe(300);
    expect(ran.blocks).toBeGreaterThan(30);
  });

  test("what is not row by row", async () => {
    const [rows, width, classes] = [12, 4, 12];
    const [x, w] = [g.input("x", "float32", [rows, width]), g.input("w", "float32", [width, classes])];
    const z = g.matmul(x, w);
    const seed = g.constant(1, "int32");
    const all = (node: g.Node) => g.broadcastTo(node, z.shape);
    const graphs: g.Node[][] = [
      // Every row needs all rows.
      [g.sum(g.square(g.div(z, all(g.add(9, g.sum(z, [0], { keepDims: true }))))))],
      [g.sum(g.mul(g.exp(z), all(g.sum(g.exp(z)))))],
      // Random numbers and positions count rows of the whole.
      [g.sum(g.exp(g.add(z, g.randomUniform(seed, seed, 0, "float32", z.shape))), [1])],
      [g.sum(g.mul(g.exp(z), g.cast(g.iota(0, z.shape), "float32")), [1])],
      // Rows are shared as well.
      [g.sum(g.exp(g.matmul(x, x, { transposeB: true })), [1])],
      [g.matmul(g.exp(z), g.exp(z))],
      [g.sum(g.exp(g.add(z, g.transpose(z))), [1])],
      // Rows that come from elsewhere, and one that goes on into two products.
      [g.sum(g.exp(g.matmul(g.slice(g.concat([x, x], 0), [5, 0], [rows, width]), w)), [1])],
      [g.matmul(g.exp(z), w, { transposeB: true }), g.matmul(x, g.exp(z), { transposeA: true })],
    ];
    const feeds = new Map([
      [x, values(rows * width, 1)],
      [w, values(width * classes, 2)],
    ]);
    let blocks = 0;
    for (const outputs of graphs) {
      const ends = [...outputs, ...g.gradient(g.sum(outputs[0] as g.Node), [x, w])];
      const whole = await runOn(device({ workspace: 2 ** 30 }), ends, feeds);
      const { values: got, report } = await runOn(device({ workspace: 1 }), ends, feeds);
      expect(differences(got, whole.values)).toEqual([]);
      if (blocksOf(report.passes.at(-1)?.notes) > 1) blocks++;
    }
    expect(blocks).toBeGreaterThanOrEqual(2);
  });

  test("in float64, too", async () => {
    const { outputs, feeds } = linear({ rows: 30, width: 5, classes: 23 }, { bias: true, softcap: 4 }, "float64");
    const whole = await runOn(device({ workspace: 2 ** 30 }), outputs, feeds);
    const { values: got, report } = await runOn(device({ workspace: 8_000 }), outputs, feeds);
    expect(blocksOf(report.passes.at(-1)?.notes)).toBeGreaterThan(1);
    expect(differences(got, whole.values)).toEqual([]);
    const worst = worstExcess(got, referenceWithBounds(outputs, feeds, "float64"), "float64");
    expect(worst.excess, JSON.stringify(worst)).toBeLessThanOrEqual(1);
  });

  test("a sum down the columns takes 256 rows at a time, and adds those one after another", async () => {
    const [rows, width, classes] = [1400, 2, 3];
    const { outputs, feeds } = linear({ rows, width, classes }, { bias: true, reduction: "sum" });
    const runs: number[][][] = [];
    for (const workspace of [1, 2_000, 5_000, 9_000])
      runs.push([...(await runOn(device({ workspace }), outputs, feeds)).values] as number[][]);
    for (const run of runs) expect(run).toEqual(runs[0]);
    const worst = worstExcess(runs[0] as number[][], referenceWithBounds(outputs, feeds, "float32"), "float32");
    expect(worst.excess, JSON.stringify(worst)).toBeLessThanOrEqual(1);
  });

  test("262,144 classes take no more than 16 MiB, whatever the rows, and run", async () => {
    for (const rows of [1, 25]) {
      const { outputs, feeds } = linear({ rows, width: 2, classes: 262_144 }, { bias: true });
      const { values: got, report } = await runOn(device({}), outputs, feeds);
      expect(report.scratchBytes).toBeLessThanOrEqual(16 * 2 ** 20);
      expect(Number.isFinite(got[1]?.[0])).toBe(true);
      const exact = g.evaluateFloat64([outputs[1] as g.Node], feeds)[0]?.[0] as number;
      expect(Math.abs((got[1]?.[0] as number) - exact)).toBeLessThanOrEqual(2e-6 * exact);
    }
  });
});
