/** Operands for every op: what to try each record on. Keys are the registry's; a missing one fails the test. */
import type { FloatDType } from "../../src/base/dtype.ts";
import * as g from "../../src/graph/index.ts";
import type { Feeds } from "./harness.ts";
import { values } from "./harness.ts";

export interface Example {
  readonly outputs: readonly g.Node[];
  readonly feeds: Feeds;
}

type Make = (dtype: FloatDType, rows: number, columns: number) => Example;

function withFeeds(
  build: (input: (data: readonly number[], shape: readonly number[], dtype?: "int32") => g.Node) => g.Node[],
  dtype: FloatDType,
): Example {
  const feeds = new Map<g.Node, ArrayLike<number>>();
  const outputs = build((data, shape, own) => {
    const node = g.input(`x${feeds.size}`, own ?? dtype, shape);
    feeds.set(node, data);
    return node;
  });
  return { outputs, feeds };
}

const unary =
  (f: (x: g.Node) => g.Node, map: (x: number) => number = (x) => x): Make =>
  (dtype, r, c) =>
    withFeeds(
      (input) => [
        f(
          input(
            values(r * c, 1)
              .map(map)
              .map(Math.fround),
            [r, c],
          ),
        ),
      ],
      dtype,
    );

const binary =
  (f: (x: g.Node, y: g.Node) => g.Node, mapX = (x: number) => x, mapY = mapX): Make =>
  (dtype, r, c) =>
    withFeeds(
      (input) => [
        f(
          input(
            values(r * c, 1)
              .map(mapX)
              .map(Math.fround),
            [r, c],
          ),
          input(
            values(r * c, 2)
              .map(mapY)
              .map(Math.fround),
            [r, c],
          ),
        ),
      ],
      dtype,
    );

const positive = (x: number) => Math.abs(x) + 0.125;
const someEqual = (x: number) => Math.round(x);

export const examples: Record<g.OpName, Make> = {
  input: unary((x) => x),
  constant: (dtype, r, c) => ({
    outputs: [g.constant(values(r * c, 3), dtype, [r, c]), g.constant(2.5, dtype, [r, c])],
    feeds: new Map(),
  }),
  iota: (_, r, c) => ({ outputs: [g.iota(0, [r, c]), g.iota(1, [r, c])], feeds: new Map() }),
  randomUniform: (dtype, r, c) => ({
    outputs: [g.randomUniform(g.constant(5, "int32"), g.constant(9, "int32"), 3, dtype, [r, c])],
    feeds: new Map(),
  }),
  neg: unary(g.neg),
  abs: unary(g.abs),
  sign: unary(g.sign, someEqual),
  floor: unary(g.floor),
  sqrt: unary(g.sqrt, positive),
  exp: unary(g.exp),
  expm1: unary(g.expm1),
  log: unary(g.log, positive),
  log1p: unary(g.log1p, positive),
  log1mexp: unary(g.log1mexp, (x) => -positive(x)),
  tanh: unary(g.tanh),
  sigmoid: unary(g.sigmoid, (x) => 20 * x),
  logSigmoid: unary(g.logSigmoid, (x) => 20 * x),
  softplus: unary(g.softplus, (x) => 20 * x),
  erf: unary(g.erf),
  atan: unary(g.atan, (x) => 4 * x),
  stopGradient: unary(g.stopGradient),
  not: binary((x, y) => g.not(g.less(x, y))),
  add: binary(g.add),
  sub: binary(g.sub),
  mul: binary(g.mul),
  div: binary(g.div, (x) => x, positive),
  pow: binary(g.pow, positive, (x) => x),
  maximum: binary(g.maximum, someEqual),
  minimum: binary(g.minimum, someEqual),
  xlogy: binary(g.xlogy, someEqual, positive),
  xlog1py: binary(g.xlog1py, someEqual, positive),
  equal: binary(g.equal, someEqual),
  less: binary(g.less, someEqual),
  lessEqual: binary(g.lessEqual, someEqual),
  and: binary((x, y) => g.and(g.less(x, y), g.less(0, x))),
  or: binary((x, y) => g.or(g.less(x, y), g.less(0, x))),
  where: binary((x, y) => g.where(g.less(x, y), g.neg(x), y)),
  cast: (dtype, r, c) =>
    withFeeds((input) => {
      const x = input(
        values(r * c, 1).map((v) => v * 3),
        [r, c],
      );
      const i = input(
        Array.from({ length: r * c }, (_, k) => k - 4),
        [r, c],
        "int32",
      );
      return [
        g.cast(x, "int32"),
        g.cast(i, dtype),
        g.cast(g.mul(g.cast(x, "float64"), 3), dtype),
        g.cast(x, "bool"),
        g.cast(g.less(x, 0), dtype),
      ];
    }, dtype),
  sum: (dtype, r, c) =>
    withFeeds((input) => {
      const x = input(values(r * c, 1), [r, c]);
      const deep = input(values(2 * r * c, 4), [2, r, c]);
      return [
        g.sum(x),
        g.sum(x, [0]),
        g.sum(x, [1], { keepDims: true }),
        g.sum(deep, [1]),
        g.sum(deep, [0, 2]),
        g.sum(deep, [0, 1]),
      ];
    }, dtype),
  max: unary((x) => g.max(x), someEqual),
  argmax: unary((x) => g.argmax(x), someEqual),
  logSumExp: unary(
    (x) => g.logSumExp(x),
    (x) => 10 * x,
  ),
  softmax: unary(g.softmax, (x) => 10 * x),
  logSoftmax: unary(g.logSoftmax, (x) => 10 * x),
  softmaxGradient: binary(g.softmaxGradient),
  logSoftmaxGradient: binary(g.logSoftmaxGradient),
  reshape: (dtype, r, c) =>
    withFeeds(
      (input) => [
        g.reshape(g.transpose(input(values(r * c, 1), [r, c])), [r * c]),
        g.reshape(input(values(r * c, 2), [r, c]), [c, r]),
      ],
      dtype,
    ),
  transpose: (dtype, r, c) =>
    withFeeds(
      (input) => [
        g.transpose(input(values(r * c, 1), [r, c])),
        g.transpose(input(values(2 * r * c, 1), [2, r, c]), [1, 2, 0]),
      ],
      dtype,
    ),
  broadcastTo: (dtype, r, c) =>
    withFeeds(
      (input) => [
        g.broadcastTo(input(values(c, 1), [c]), [r, c]),
        g.add(input(values(r, 1), [r, 1]), input(values(c, 2), [1, c])),
      ],
      dtype,
    ),
  slice: (dtype, r, c) =>
    withFeeds(
      (input) => [
        g.slice(input(values(r * c, 1), [r, c]), [r - 1, Math.floor(c / 2)], [1, c - Math.floor(c / 2)]),
        g.slice(
          input(values(r * c, 2), [r, c]),
          [0, c - 1 - 2 * Math.floor((c - 1) / 2)],
          [Math.ceil(r / 3), Math.ceil(c / 2)],
          [3, 2],
        ),
      ],
      dtype,
    ),
  pad: (dtype, r, c) =>
    withFeeds((input) => {
      const x = input(values(r * c, 1), [r, c]);
      return [g.pad(x, [1, 0], [0, 3], -2), g.pad(x, [0, 2], [1, 0], 0.5, [2, 3])];
    }, dtype),
  concat: (dtype, r, c) =>
    withFeeds((input) => {
      const [x, y] = [input(values(r * c, 1), [r, c]), input(values(r * c, 2), [r, c])];
      return [g.concat([x, y, x], 0), g.concat([x, y], 1)];
    }, dtype),
  matmul: (dtype, r, c) =>
    withFeeds((input) => {
      const [x, y] = [input(values(r * c, 1), [r, c]), input(values(c * 5, 2), [c, 5])];
      const [xt, yt] = [input(values(r * c, 3), [c, r]), input(values(c * 5, 4), [5, c])];
      return [
        g.matmul(x, y),
        g.matmul(xt, y, { transposeA: true }),
        g.matmul(x, yt, { transposeB: true }),
        g.matmul(xt, yt, { transposeA: true, transposeB: true }),
        g.tanh(g.add(g.matmul(x, y), input(values(5, 6), [5]))),
      ];
    }, dtype),
  convolution: (dtype, r, c) =>
    withFeeds((input) => {
      const line = input(values(r * 4 * c, 1), [r, 4, c]);
      const image = input(values(2 * 6 * 5 * 3, 2), [2, 6, 5, 3]);
      const filters = Math.min(c, 9);
      const onLine = input(values(2 * c * filters, 3), [2, c, filters]);
      const onImage = input(values(3 * 2 * 3 * c, 4), [3, 2, 3, c]);
      const bias = input(values(filters, 5), [filters]);
      const plain = g.convolution(line, onLine);
      return [
        // A bias and an activation behind it.
        g.tanh(g.add(g.reshape(plain, [3 * r, filters]), bias)),
        g.convolution(image, onImage, { strides: [2, 1], dilation: [1, 2] }),
        // Operands through strides.
        g.convolution(g.transpose(image, [0, 2, 1, 3]), g.transpose(onImage, [1, 0, 2, 3]), { strides: [2, 3] }),
        g.convolution(g.pad(line, [0, 1, 0], [0, 1, 0]), onLine, { strides: [3] }),
      ];
    }, dtype),
  convolutionKernel: (dtype, r, c) =>
    withFeeds((input) => {
      // More positions than a product walks at once, for the longest.
      const line = input(values(r * 4 * c, 1), [r, 4, c]);
      const behind = input(values(r * 3 * 5, 2), [r, 3, 5]);
      const image = input(values(2 * 6 * 5 * 3, 3), [2, 6, 5, 3]);
      const behindImage = input(values(2 * 3 * 3 * c, 4), [2, 3, 3, c]);
      return [
        g.convolutionKernel(line, behind, [2]),
        g.convolutionKernel(image, behindImage, [2, 2], { strides: [2, 1], dilation: [1, 2] }),
      ];
    }, dtype),
  windowSum: (dtype, r, c) =>
    withFeeds((input) => {
      const image = input(values(r * 5 * 4 * c, 1), [r, 5, 4, c]);
      return [g.windowSum(image, [2, 2], [2, 2]), g.windowSum(image, [3, 2], [1, 2])];
    }, dtype),
  windowMax: (dtype, r, c) =>
    withFeeds((input) => {
      // Few values, so that some are equal; and some that are none.
      const data = values(r * 5 * 4 * c, 1).map((v, i) => (i % 29 === 3 ? Number.NaN : Math.round(2 * v)));
      const image = input(data, [r, 5, 4, c]);
      return [g.windowMax(image, [2, 2], [2, 2]), g.windowMax(image, [3, 2], [1, 2])];
    }, dtype),
  windowArgmax: (dtype, r, c) =>
    withFeeds((input) => {
      const data = values(r * 7 * c, 1).map((v, i) => (i % 29 === 3 ? Number.NaN : Math.round(2 * v)));
      return [g.windowArgmax(input(data, [r, 7, c]), [3], [2])];
    }, dtype),
  gather: (dtype, r, c) =>
    withFeeds((input) => {
      const rows = input([0, r - 1, r, -1, 0, 2147483647], [6], "int32");
      return [
        g.gather(input(values(r * c, 1), [r, c]), rows),
        g.gather(g.transpose(input(values(r * c, 1), [c, r])), rows),
      ];
    }, dtype),
  scatterAdd: (dtype, r, c) =>
    withFeeds(
      (input) => [
        g.scatterAdd(
          input(
            Array.from({ length: r }, (_, i) => (i % 3) - (i === 4 ? 9 : 0)),
            [r],
            "int32",
          ),
          input(values(r * c, 1), [r, c]),
          3,
        ),
      ],
      dtype,
    ),
};
