/**
 * Compiled convolutions and windows at shapes around every edge, on small whole numbers, where each sum is exact, in every class
 * of arithmetic.
 */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { propertiesOf } from "../../../src/backends/wasm/target.ts";
import { sizeOf } from "../../../src/base/shape.ts";
import { ThreefryStream } from "../../../src/base/threefry.ts";
import { lower } from "../../../src/compile/lower.ts";
import { convolutionLayout, tileRows } from "../../../src/compile/passes/convolve.ts";
import * as g from "../../../src/graph/index.ts";
import { programOf } from "../../compile/lowering.ts";
import { type ArithmeticClass, classes } from "../classes.ts";
import { prepare, runOn } from "../harness.ts";
import { exactFma } from "./exactFma.ts";

const shapes = Number(process.env.SURPRISAL_SHAPES ?? 160);

function drawer(seed: number) {
  const random = new ThreefryStream(seed);
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const upTo = (from: number, to: number) => from + random.below(to - from + 1);
  const whole = (count: number) => Array.from({ length: count }, () => upTo(-3, 3));
  return { one, upTo, whole };
}

const channelCounts = [1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 33];

/** Runs on guarded memory in every class, the second time on what the first has left; every value must be the reference's own. */
async function expectExact(
  outputs: readonly g.Node[],
  feeds: ReadonlyMap<g.Node, number[]>,
  what: string,
  wanted = g.evaluateFloat64(outputs, feeds),
) {
  for (const { name, fusedMultiplyAdd } of classes) {
    const device = wasmDevice({ redZone: 192, fusedMultiplyAdd });
    const { run } = await prepare(device, outputs, feeds);
    await run();
    for (const [o, row] of (await run()).entries())
      expect(row, `${name}, ${what}, output ${o}`).toEqual([...(wanted[o] as Float64Array)]);
    expect(device.firstTouched?.(), `${name}, ${what} wrote outside its buffers`).toBeUndefined();
  }
}

const properties = propertiesOf({ fusedMultiplyAdd: false });

/** What a product's kernel does to its rows: little, from the registers; much, or at another width, from memory. */
const epilogues: readonly ((rows: g.Node, bias: g.Node) => g.Node)[] = [
  (rows, bias) => g.maximum(g.add(rows, bias), 0),
  (rows, bias) => {
    const moved = g.sub(g.mul(g.add(rows, bias), 2), g.abs(rows));
    return g.sub(g.maximum(g.mul(moved, 3), g.neg(bias)), g.mul(g.minimum(rows, bias), 2));
  },
  (rows, bias) => g.cast(g.add(rows, bias), rows.dtype === "float32" ? "float64" : "float32"),
];

test(`${shapes} convolutions and their gradients`, { timeout: 300_000 }, async () => {
  let [stretched, partial, narrow, ran] = [0, 0, 0, 0];
  for (let seed = 0; seed < shapes; seed++) {
    const { one, upTo, whole } = drawer(seed);
    const dtype = one(["float32", "float64"] as const);
    const axes = upTo(1, 2);
    const each = (from: number, to: number) => Array.from({ length: axes }, () => upTo(from, to));
    const [sizes, strides, dilation] = [each(1, 4), each(1, 3), each(1, 2)];
    const spatial = sizes.map((size, d) => (size - 1) * (dilation[d] as number) + upTo(1, axes === 1 ? 40 : 7));
    const [batch, channels, filters] = [one([1, 2, 3, 40]), one(channelCounts), one(channelCounts)];
    const shape = [batch, ...spatial, channels];
    // A part of a wider array now and then, so that nothing lies side by side.
    const wider = upTo(0, 2) === 0 ? 1 : 0;
    const whole_x = g.input("x", dtype, [...shape.slice(0, -1), channels + wider]);
    const x = g.slice(
      whole_x,
      shape.map((_, d) => (d === shape.length - 1 ? wider : 0)),
      shape,
    );
    const kernel = g.input("kernel", dtype, [...sizes, channels, filters]);
    const bias = g.input("bias", dtype, [filters]);
    const product = g.convolution(x, kernel, { strides, dilation });
    const positions = sizeOf(product.shape.slice(0, -1));
    const rows = g.reshape(product, [positions, filters]);
    const output = g.maximum(g.add(product, bias), 0);
    const total = g.sum(g.mul(output, output));
    const outputs = [one(epilogues)(rows, bias), ...g.gradient(total, [whole_x, kernel, bias])];
    const feeds = new Map([whole_x, kernel, bias].map((node) => [node, whole(sizeOf(node.shape))]));
    // Beyond 2^24 float32 has no whole numbers any more.
    const wanted = g.evaluateFloat64(outputs, feeds);
    const exact = wanted.every((values) => values.every((v) => Math.abs(v) < 2 ** 24));
    if (dtype === "float32" && !exact) continue;
    const what = `seed ${seed}: x [${shape}], kernel [${kernel.shape}], strides [${strides}]`;
    await expectExact(outputs, feeds, what, wanted);
    const { stretches, width } = convolutionLayout({ m: 1, n: filters, k: positions, dtype }, properties);
    if (stretches > 1) stretched++;
    if (positions % tileRows > 0) partial++;
    if (filters % width > 0) narrow++;
    ran++;
  }
  expect(ran).toBeGreaterThan(0.8 * shapes);
  for (const covered of [stretched, partial, narrow]) expect(covered).toBeGreaterThan(0.02 * shapes);
});

test(`${shapes} windows and their gradients, with equal elements`, { timeout: 300_000 }, async () => {
  for (let seed = 0; seed < shapes; seed++) {
    const { one, upTo, whole } = drawer(1000 + seed);
    const dtype = one(["float32", "float64"] as const);
    const axes = upTo(1, 2);
    const each = (from: number, to: number) => Array.from({ length: axes }, () => upTo(from, to));
    const sizes = each(1, 3);
    const strides = upTo(0, 1) === 0 ? sizes : each(1, 4);
    const spatial = sizes.map((size) => size + upTo(0, 6));
    const x = g.input("x", dtype, [upTo(1, 3), ...spatial, one([1, 3, 4, 5, 8, 17])]);
    const pooled = [g.windowSum, g.windowMax].map((pool) => pool(x, sizes, strides));
    const weights = g.input("weights", dtype, (pooled[0] as g.Node).shape);
    const outputs = [
      ...pooled,
      g.windowArgmax(x, sizes, strides),
      ...pooled.map((node) => g.gradient(g.sum(g.mul(node, weights)), [x])[0] as g.Node),
    ];
    const feeds = new Map([x, weights].map((node) => [node, whole(sizeOf(node.shape))]));
    await expectExact(outputs, feeds, `seed ${seed}: x [${x.shape}], windows [${sizes}] by [${strides}]`);
  }
});

describe.each(classes)("an element is one chain in the order of k, $name", ({ fusedMultiplyAdd }: ArithmeticClass) => {
  test.each([
    ["one stretch", 20],
    ["several stretches", 300],
  ])("over %s", async (_, channels) => {
    const random = new ThreefryStream(7);
    const [x, kernel] = [g.input("x", "float32", [1, 8, channels]), g.input("kernel", "float32", [4, channels, 3])];
    const feeds = new Map(
      [x, kernel].map((node) => [
        node,
        Array.from({ length: sizeOf(node.shape) }, () => Math.fround(random.uniform() - 0.5)),
      ]),
    );
    const [a, b] = [feeds.get(x), feeds.get(kernel)] as [number[], number[]];
    const { values } = await runOn(wasmDevice({ fusedMultiplyAdd }), [g.convolution(x, kernel)], feeds);
    const chains = Array.from({ length: 5 * 3 }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < 4 * channels; k++) {
        const [left, right] = [a[Math.floor(i / 3) * channels + k] as number, b[k * 3 + (i % 3)] as number];
        sum = fusedMultiplyAdd ? exactFma(left, right, sum, "float32") : Math.fround(sum + Math.fround(left * right));
      }
      return sum;
    });
    expect(values[0]).toEqual(chains);
  });
});

test("no patches are copied", () => {
  const x = g.input("x", "float32", [8, 13, 13, 32]);
  const kernel = g.input("kernel", "float32", [3, 3, 32, 64]);
  const output = g.convolution(x, kernel);
  const gradients = g.gradient(g.sum(g.mul(output, output)), [x, kernel]);
  const { program } = lower(programOf([output, ...gradients]), properties);
  const patches = sizeOf([8, 11, 11, 3, 3, 32]);
  const largest = Math.max(...program.buffers.map(({ elements }) => elements));
  expect(program.kernels.filter(({ family }) => family === "convolution")).toHaveLength(3);
  expect(largest).toBeLessThan(patches / 2);
});

test("with windows of one element it is a product of matrices, and so are its gradients", () => {
  const [x, kernel] = [g.input("x", "float32", [2, 5, 4, 6]), g.input("kernel", "float32", [1, 1, 6, 8])];
  const familiesOf = (strides: readonly number[]) => {
    const output = g.convolution(x, kernel, { strides });
    const gradients = g.gradient(g.sum(g.mul(output, output)), [x, kernel]);
    const { kernels } = lower(programOf([output, ...gradients]), properties).program;
    return kernels.map(({ family }) => family).filter((family) => family === "contraction" || family === "convolution");
  };
  expect(familiesOf([1, 1])).toEqual(["contraction", "contraction", "contraction"]);
  // Positions that leave elements out are no rows of a matrix.
  expect(familiesOf([2, 1])).toContain("convolution");
});

test("bias, activation and the optimizer's update are part of the product's kernel", () => {
  const [x, kernel] = [g.input("x", "float32", [2, 6, 6, 3]), g.input("kernel", "float32", [3, 3, 3, 8])];
  const bias = g.input("bias", "float32", [8]);
  const product = g.reshape(g.convolution(x, kernel), [32, 8]);
  // As a layer has it: the activation sees the shape of images, not of the product.
  const output = g.tanh(g.reshape(g.add(product, bias), [2, 4, 4, 8]));
  const { program } = lower(programOf([output]), properties);
  expect(program.kernels.map(({ family }) => family)).toEqual(["convolution"]);
  const updated = g.sub(kernel, g.mul(0.1, g.gradient(g.sum(g.convolution(x, kernel)), [kernel])[0] as g.Node));
  const families = lower(programOf([updated]), properties).program.kernels.map(({ family }) => family);
  expect(families.filter((family) => family === "convolution")).toHaveLength(1);
  expect(families.length).toBeLessThanOrEqual(2);
});
