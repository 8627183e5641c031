/** Random graphs from lists of numbers, so that a failing one shrinks. */
import { type FloatDType, isFloat } from "../../src/base/dtype.ts";
import { sizeOf } from "../../src/base/shape.ts";
import * as g from "../../src/graph/index.ts";
import { type Feeds, values } from "./harness.ts";

export { gradient, type OpName, ops, sum } from "../../src/graph/index.ts";

export const isGradientDefined = (node: g.Node): boolean => isFloat(node.dtype);

/** One step: which op, and which earlier nodes it reads. */
export type Step = readonly [op: number, first: number, second: number];

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 33];

type Grow = (x: g.Node, y: g.Node, n: number) => g.Node;

/** Everything takes matrices and gives a matrix, with values that stay tame. */
const growers: readonly Grow[] = [
  (x, y) => g.add(x, fit(y, x)),
  (x, y) => g.sub(x, fit(y, x)),
  (x, y) => g.mul(x, fit(y, x)),
  (x, y) => g.div(x, g.add(1, g.abs(fit(y, x)))),
  (x, y) => g.maximum(x, fit(y, x)),
  (x, y) => g.minimum(x, fit(y, x)),
  (x, y) => g.where(g.less(x, fit(y, x)), x, g.mul(0.5, fit(y, x))),
  (x) => g.tanh(x),
  (x) => g.sigmoid(x),
  (x) => g.softplus(x),
  (x) => g.exp(g.minimum(x, 2)),
  (x) => g.log1p(g.abs(x)),
  (x) => g.sqrt(g.add(0.5, g.abs(x))),
  (x) => g.erf(x),
  (x) => g.atan(x),
  (x) => g.softmax(x),
  (x) => g.logSoftmax(x),
  (x) => g.logSumExp(x, { keepDims: true }),
  (x) => g.sum(x, [0], { keepDims: true }),
  (x) => g.sum(x, [1], { keepDims: true }),
  (x) => g.max(x, { keepDims: true }),
  (x) => g.mean(x, [0, 1], { keepDims: true }),
  (x) => g.cast(g.argmax(x, { keepDims: true }), x.dtype),
  (x) => g.transpose(x),
  (x) => g.reshape(x, [x.shape[1] as number, x.shape[0] as number]),
  (x, _, n) =>
    g.slice(
      x,
      [0, n % (x.shape[1] as number)],
      [x.shape[0] as number, (x.shape[1] as number) - (n % (x.shape[1] as number))],
    ),
  (x, _, n) => g.pad(x, [0, n % 3], [n % 2, 0], 0.25),
  (x, y) => g.concat([x, fit(y, x)], 1),
  (x, y) => g.mul(0.25, g.matmul(x, fitRows(y, x))),
  (x, y) => g.mul(0.25, g.matmul(x, fit(y, x), { transposeB: true })),
  (x, y) => g.mul(0.25, g.matmul(x, fit(y, x), { transposeA: true })),
  (x, _, n) => g.gather(x, g.constant([0, n % (x.shape[0] as number), (x.shape[0] as number) - 1], "int32")),
  (x) =>
    g.scatterAdd(
      g.constant(
        Array.from({ length: x.shape[0] as number }, (_, i) => i % 3),
        "int32",
      ),
      x,
      3,
    ),
  (x) => g.where(g.equal(g.iota(1, x.shape), g.argmax(x, { keepDims: true })), 0, x),
];

/** y cut, repeated or broadcast to the shape of x. */
function fit(y: g.Node, x: g.Node): g.Node {
  let out = y;
  for (const axis of [0, 1] as const) {
    const [have, want] = [out.shape[axis] as number, x.shape[axis] as number];
    if (have === want || have === 1) continue;
    if (have > want)
      out = g.slice(
        out,
        [0, 0],
        out.shape.map((dim, d) => (d === axis ? want : dim)),
      );
    else
      out = g.pad(
        out,
        [0, 0],
        out.shape.map((_, d) => (d === axis ? want - have : 0)),
        0.5,
      );
  }
  return g.broadcastTo(out, x.shape);
}

/** y with as many rows as x has columns. */
function fitRows(y: g.Node, x: g.Node): g.Node {
  return fit(y, g.broadcastTo(g.constant(0, y.dtype), [x.shape[1] as number, y.shape[1] as number]));
}

export interface RandomGraph {
  readonly outputs: readonly g.Node[];
  readonly feeds: Feeds;
}

/** The nodes of the last steps, and the gradients of their sum with respect to the inputs. */
export function randomGraph(dtype: FloatDType, rows: number, columns: number, steps: readonly Step[]): RandomGraph {
  const shape = [sizes[rows % sizes.length] as number, sizes[columns % sizes.length] as number];
  const inputs = [g.input("a", dtype, shape), g.input("b", dtype, shape), g.input("c", dtype, [1, shape[1] as number])];
  const nodes: g.Node[] = [...inputs];
  for (const [op, first, second] of steps) {
    const x = nodes[nodes.length - 1 - (first % nodes.length)] as g.Node;
    const y = nodes[second % nodes.length] as g.Node;
    const node = (growers[op % growers.length] as Grow)(x, y, first + second);
    if (sizeOf(node.shape) <= 4000) nodes.push(node);
  }
  const outputs = nodes.slice(-2);
  const total = outputs.map((node) => g.mean(node)).reduce((a, b) => g.add(a, b));
  const feeds = new Map(inputs.map((node, i) => [node, values(sizeOf(node.shape), 10 + i)]));
  return { outputs: [...outputs, ...g.gradient(total, inputs)], feeds };
}
