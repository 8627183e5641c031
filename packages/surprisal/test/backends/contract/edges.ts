/** What examples with ordinary matrices leave out: views behind indexed reads, booleans, integers, nothing at all. */
import { describe, expect } from "vitest";
import type { DType } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import type { Contract } from "../contract.ts";
import { runOn } from "../harness.ts";

const feeds = new Map<g.Node, readonly number[]>();
function input(dtype: DType, shape: readonly number[], values: readonly number[]): g.Node {
  const node = g.input("x", dtype, shape);
  feeds.set(node, values);
  return node;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const x = input("float64", [4, 6], upTo(24));
const deep = input("float64", [2, 3, 4], upTo(24));
const pairs = input("int32", [3, 2], [0, 3, 1, 2, 2, 1]);
const second = g.reshape(g.slice(pairs, [0, 1], [3, 1]), [3]);
const noRows = input("float64", [0, 3], []);
const noColumns = input("float64", [3, 0], []);
const [p, q] = [input("bool", [4], [0, 0, 1, 1]), input("bool", [4], [0, 1, 0, 1])];
const beyond = input("float64", [8], [Number.NaN, Infinity, -Infinity, 3e9, -3e9, 2147483647, -2147483648, 1.9]);
const [i, j] = [
  input("int32", [7], [-5, 0, 7, 2147483647, -1, 3, -2147483648]),
  input("int32", [7], [5, 0, -7, 1, -1, 9, 1]),
];

const cases: readonly (readonly [name: string, outputs: readonly g.Node[]])[] = [
  [
    "rows of a block of columns, reshaped",
    [g.gather(g.reshape(g.slice(x, [0, 1], [4, 2]), [4, 2, 1]), g.constant([2, 0], "int32"))],
  ],
  ["rows named by a column of indices", [g.gather(x, second)]],
  ["rows added up by a column of indices", [g.scatterAdd(second, g.reshape(g.slice(x, [0, 0], [3, 2]), [3, 2, 1]), 4)]],
  ["rows of a repeated row", [g.gather(g.broadcastTo(g.slice(x, [1, 0], [1, 6]), [5, 6]), second)]],
  [
    "booleans",
    [g.maximum(p, q), g.minimum(p, q), g.equal(p, q), g.less(p, q), g.lessEqual(p, q), g.where(p, q, g.not(q))],
  ],
  ["booleans beside float64", [g.where(g.lessEqual(p, q), g.constant(1.5, "float64", [4]), g.cast(p, "float64"))]],
  ["integers, which wrap", [g.add(i, j), g.sub(i, j), g.neg(i), g.maximum(i, j), g.less(i, j), g.sum(i), g.argmax(i)]],
  ["casts to int32 of what it cannot hold", [g.cast(beyond, "int32"), g.cast(g.cast(beyond, "float32"), "int32")]],
  [
    "three axes",
    [
      g.softmax(deep),
      g.logSumExp(deep),
      g.argmax(deep),
      g.max(deep),
      g.sum(deep, [1]),
      g.sub(deep, g.sum(deep, [0], { keepDims: true })),
    ],
  ],
  ["nothing", [g.sum(noRows, [0]), g.sum(noColumns, [1]), g.sum(noRows), g.mean(noRows), g.tanh(noColumns)]],
  [
    "products and rows of nothing",
    [
      g.matmul(noColumns, noRows),
      g.gather(x, g.constant([], "int32", [0])),
      g.concat([noRows, g.slice(x, [0, 0], [2, 3])], 0),
    ],
  ],
];

export function edgeContract({ makeDevice, check }: Contract): void {
  describe("edges", () => {
    for (const [name, outputs] of cases) {
      check(name, async () => {
        const needed = new Map([...feeds].filter(([node]) => g.topological(outputs).includes(node)));
        const { values, touched } = await runOn(makeDevice(), outputs, needed);
        g.evaluate(outputs, needed).forEach(({ data }, o) => {
          expect(values[o]?.length).toBe(data.length);
          data.forEach((want, e) => {
            const got = values[o]?.[e] as number;
            const near = Object.is(got, want) || Math.abs(got - want) <= 1e-14 * Math.abs(want);
            expect(near, `output ${o}, element ${e}: ${got}, not ${want}`).toBe(true);
          });
        });
        expect(touched).toBeUndefined();
      });
    }
  });
}
