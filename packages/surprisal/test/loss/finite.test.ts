/**
 * Float32 arithmetic gives a number wherever the loss, or an entry of its gradient, is one: with gaps of 1e4 between logits, probabilities
 * of 0, 1 and next to them, scales and residuals far from 1. What is a number tells float64, which has room where float32 overflows.
 */
import { describe, expect, test } from "vitest";
import { Tensor } from "../../src/base/tensor.ts";
import { ThreefryStream } from "../../src/base/threefry.ts";
import { evaluateFloat64, gradient, type Node, stabilise } from "../../src/graph/index.ts";
import * as losses from "../../src/losses.ts";
import { type AnyLoss, type Problem, problem } from "./problems.ts";
import { roundingDevice } from "./roundingDevice.ts";
import { variants } from "./variants/index.ts";

const least = 2 ** -149;
const belowOne = 1 - 2 ** -24;
const anywhere = [0, 1e4, -1e4, 88, -104, 1e-30, -1e-30];
const positive = [1e-12, 1e6];
const inUnit = [0, 1, least, 2 ** -126, belowOne];
/** Numbers at the ends of a domain, by its name. */
const ends: Readonly<Record<string, readonly number[]>> = {
  real: anywhere,
  logits: anywhere,
  teacherLogits: anywhere,
  nonNegative: [0, 1e6],
  positive,
  unit: inUnit,
  rates: positive,
  fromMinusOne: [0, 1e6],
  cosines: [1, -1, 0, belowOne],
  count: [0, 1e6],
  amount: positive,
  scale: [1e-30, 1e20],
};
/** Rows that sum to 1; the rest of a row is 0. */
const simplexEnds = [[1], [belowOne, 2 ** -24], [1, least], [belowOne, least, 2 ** -24]] as const;
const simplexes = new Set(["distribution", "probabilities", "logDistribution", "logProbabilities"]);
const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
/** Near the end of float32 sums of rows overflow before they are divided for the mean. */
const room = 1e37;

/** The same problem with about half of its numbers at the ends of their domains. */
function atTheEnds(given: Problem, seed: number): Problem {
  const random = new ThreefryStream(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)] as T;
  const { definition } = given.loss;
  const overClasses = "losses" in definition || definition.axis === "class";
  return given.with(({ domain, tensor, index }) => {
    if (random.uniform() < 0.25) return tensor;
    const length = tensor.shape.at(-1) ?? 1;
    if (simplexes.has(domain) && (overClasses || domain !== "probabilities")) {
      if (length < 3 || given.loss.name === "categoricalHinge") return tensor;
      const finish = domain.startsWith("log") ? Math.log : (x: number) => x;
      const data = Float64Array.from(tensor.data);
      for (let from = 0; from < data.length; from += length) {
        if (random.uniform() < 0.3) continue;
        const row = pick(simplexEnds);
        const turn = Math.floor(random.uniform() * length);
        for (let c = 0; c < length; c++) data[from + c] = Math.fround(finish(row[(c + turn) % length] ?? 0));
      }
      return new Tensor(data, tensor.shape);
    }
    const list = domain === "probabilities" ? inUnit : ends[domain];
    if (index || list === undefined) return tensor;
    const moved = Float64Array.from(tensor.data, (x) => Math.fround(random.uniform() < 0.4 ? pick(list) : x));
    return new Tensor(moved, tensor.shape);
  });
}

/** Unreduced losses and gradients, as a graph of a dtype. */
function outputsOf(given: Problem, dtype: "float32" | "float64") {
  const { graph, predicted, feeds } = given.graph(dtype, { weighted: false });
  const [perSample, value] = stabilise([graph.perSample, graph.value]) as [Node, Node];
  return { outputs: [perSample, ...gradient(value, predicted)], feeds };
}

async function inFloat32(given: Problem): Promise<ArrayLike<number>[]> {
  const { outputs, feeds } = outputsOf(given, "float32");
  const device = roundingDevice();
  const bindings = new Map(
    [...feeds].map(([node, values]) => {
      const buffer = device.allocate(node.dtype, node.shape);
      device.write(buffer, values);
      return [node, buffer] as const;
    }),
  );
  const ends = outputs.map((node) => ({ node, into: device.allocate(node.dtype, node.shape) }));
  await (await device.load({ outputs: ends, bindings })).run();
  return Promise.all(ends.map(async ({ into }) => (await device.read(into)).data));
}

describe.each(losses.list().map((loss) => [loss.name, loss as AnyLoss] as const))("%s", (name, loss) => {
  test.each([{}, ...(variants[name] ?? [])])("%j", async (params) => {
    let numbers = 0;
    const lost: string[] = [];
    for (const seed of seeds) {
      // Alone, a row says something also where the others would be infinite.
      const given = atTheEnds(problem(loss, params, seed % 3 === 0 ? 3 : 1, seed), seed);
      const { outputs, feeds } = outputsOf(given, "float64");
      const truth = evaluateFloat64(outputs, feeds);
      // Where the loss itself is none, its gradient says nothing.
      if (!truth[0]?.every((x) => Math.abs(x) < room)) continue;
      const got = await inFloat32(given);
      truth.forEach((values, o) => {
        values.forEach((x, i) => {
          if (!(Math.abs(x) < room)) return;
          numbers++;
          if (!Number.isFinite(got[o]?.[i])) lost.push(`seed ${seed}, output ${o}[${i}]: ${got[o]?.[i]} for ${x}`);
        });
      });
    }
    expect(lost).toEqual([]);
    expect(numbers).toBeGreaterThan(0);
  });
});
