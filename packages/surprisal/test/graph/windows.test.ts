/** Convolution and windows against their definitions, written out with loops. */
import { describe, expect, test } from "vitest";
import { ThreefryStream } from "../../src/base/threefry.ts";
import * as g from "../../src/graph/index.ts";
import { evaluateFloat64, gradient, type Node } from "../../src/graph/index.ts";

const random = new ThreefryStream(5);
const draw = (count: number) => Array.from({ length: count }, () => 2 * random.uniform() - 1);
const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

test("convolution is Σ x[b, y·s + i·d, x·s + j·d, c] · kernel[i, j, c, f]", () => {
  const [batch, height, width, channels, filters] = [2, 9, 8, 3, 2];
  const [sizes, strides, dilation] = [
    [3, 2],
    [2, 1],
    [1, 3],
  ] as const;
  const x = g.input("x", "float64", [batch, height, width, channels]);
  const kernel = g.input("kernel", "float64", [...sizes, channels, filters]);
  const feeds = new Map<Node, number[]>([
    [x, draw(count(x.shape))],
    [kernel, draw(count(kernel.shape))],
  ]);
  const node = g.convolution(x, kernel, { strides, dilation });
  expect(node.shape).toEqual([2, 4, 5, 2]);
  const [got] = evaluateFloat64([node], feeds) as [Float64Array];
  const [a, w] = [feeds.get(x), feeds.get(kernel)] as [number[], number[]];
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let y = 0; y < 4; y++)
      for (let z = 0; z < 5; z++)
        for (let f = 0; f < filters; f++) {
          let sum = 0;
          for (let i = 0; i < 3; i++)
            for (let j = 0; j < 2; j++)
              for (let c = 0; c < channels; c++) {
                const place = ((b * height + y * 2 + i) * width + z + j * 3) * channels + c;
                sum += (a[place] as number) * (w[((i * 2 + j) * channels + c) * filters + f] as number);
              }
          expect(got[at++]).toBeCloseTo(sum, 12);
        }
  expect(at).toBe(got.length);
});

test("convolutionKernel is the gradient that convolution has", () => {
  const x = g.input("x", "float64", [2, 9, 3]);
  const kernel = g.input("kernel", "float64", [3, 3, 2]);
  const cotangent = g.input("cotangent", "float64", [2, 4, 2]);
  const options = { strides: [2] };
  const [wanted] = gradient(g.convolution(x, kernel, options), [kernel], cotangent) as [Node];
  expect(g.convolutionKernel(x, cotangent, [3], options)).toBe(wanted);
});

test("windows of one element are rows of a matrix, unless some are left out", () => {
  const x = g.input("x", "float64", [2, 4, 3, 5]);
  const [kernel, cotangent] = [g.input("kernel", "float64", [1, 1, 5, 2]), g.input("c", "float64", [2, 4, 3, 2])];
  const feeds = new Map([x, kernel, cotangent].map((node) => [node, draw(count(node.shape))]));
  const products = [g.convolution(x, kernel), g.convolutionKernel(x, cotangent, [1, 1])];
  for (const product of products.map(({ inputs: [inner] }) => inner as Node)) {
    const simpler = product.op.decompose?.(g.build, product) as Node;
    expect(simpler.op).toBe(g.ops.matmul);
    const [got, wanted] = evaluateFloat64([simpler, product], feeds);
    expect(got).toEqual(wanted);
  }
  const fewer = g.convolution(x, kernel, { strides: [1, 2] }).inputs[0] as Node;
  expect(fewer.op.decompose?.(g.build, fewer)).toBeUndefined();
});

describe("windows", () => {
  const x = g.input("x", "float64", [1, 5, 1]);
  const along = (values: readonly number[], node: Node) => [
    ...(evaluateFloat64([node], new Map([[x, values]]))[0] as Float64Array),
  ];
  const cotangent = g.constant([10, 100], "float64", [1, 2, 1]);
  const slope = (values: readonly number[], node: Node) => along(values, gradient(node, [x], cotangent)[0] as Node);

  test("overlapping, apart, and with elements that no window reaches", () => {
    const values = [1, 5, 2, 4, 3];
    expect(along(values, g.windowSum(x, [3], [2]))).toEqual([8, 9]);
    expect(along(values, g.windowMax(x, [3], [2]))).toEqual([5, 4]);
    expect(along(values, g.windowArgmax(x, [3], [2]))).toEqual([1, 1]);
    expect(slope(values, g.windowSum(x, [3], [2]))).toEqual([10, 10, 110, 100, 100]);
    expect(slope(values, g.windowMax(x, [3], [2]))).toEqual([0, 10, 0, 100, 0]);
    expect(slope(values, g.windowSum(x, [2], [2]))).toEqual([10, 10, 100, 100, 0]);
    expect(slope(values, g.windowMax(x, [2], [2]))).toEqual([0, 10, 0, 100, 0]);
    expect(slope(values, g.windowSum(x, [1], [3]))).toEqual([10, 0, 0, 100, 0]);
    expect(slope(values, g.windowMax(x, [1], [3]))).toEqual([10, 0, 0, 100, 0]);
  });

  test("the first of equal elements takes the gradient, and NaN is the largest", () => {
    expect(slope([2, 2, 2, 2, 0], g.windowMax(x, [2], [2]))).toEqual([10, 0, 100, 0, 0]);
    expect(slope([2, 2, 2, 2, 2], g.windowMax(x, [3], [2]))).toEqual([10, 0, 100, 0, 0]);
    const none = Number.NaN;
    expect(along([1, none, none, 3, 9], g.windowMax(x, [3], [2]))).toEqual([none, none]);
    expect(along([1, none, none, 3, 9], g.windowArgmax(x, [3], [2]))).toEqual([1, 0]);
    const decomposed = g.windowArgmax(x, [3], [2]);
    expect(along([1, none, none, 3, 9], decomposed.op.decompose?.(g.build, decomposed) as Node)).toEqual([1, 0]);
  });
});
