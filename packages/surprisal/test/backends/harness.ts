/** Runs graphs on a device and on the reference evaluator, and says how far apart they may be. */
import type { FloatDType } from "../../src/base/dtype.ts";
import { isFloat } from "../../src/base/dtype.ts";
import { ThreefryStream } from "../../src/base/threefry.ts";
import type { Device, ProgramReport } from "../../src/compile/device.ts";
import { evaluateFloat64, type Node, ops, topological } from "../../src/graph/index.ts";

export type Feeds = ReadonlyMap<Node, ArrayLike<number>>;

/** A device, which may be able to tell whether anything outside its buffers was written to. */
export type GuardedDevice = Device & { firstTouched?(): number | undefined };

/** Allocates and fills a buffer for every input, and loads the program; `run` gives the outputs' values. */
export async function prepare(device: GuardedDevice, outputs: readonly Node[], feeds: Feeds) {
  const bindings = new Map(
    [...feeds].map(([node, values]) => {
      const buffer = device.allocate(node.dtype, node.shape);
      device.write(buffer, values);
      return [node, buffer] as const;
    }),
  );
  const ends = outputs.map((node) => ({ node, into: device.allocate(node.dtype, node.shape) }));
  const executable = await device.load({ outputs: ends, bindings });
  return {
    bindings,
    report: executable.report(),
    async run(): Promise<number[][]> {
      await executable.run();
      const values: number[][] = [];
      for (const { into } of ends) values.push(Array.from((await device.read(into)).data));
      return values;
    },
  };
}

export interface Ran {
  readonly values: readonly (readonly number[])[];
  readonly report: ProgramReport;
  /** First byte outside every buffer that the program wrote to; undefined as well where the device cannot tell. */
  readonly touched: number | undefined;
}

export async function runOn(device: GuardedDevice, outputs: readonly Node[], feeds: Feeds): Promise<Ran> {
  const { report, run } = await prepare(device, outputs, feeds);
  return { values: await run(), report, touched: device.firstTouched?.() };
}

const unitRoundoff: Record<FloatDType, number> = { float32: 2 ** -24, float64: 2 ** -53 };
const smallestNormal: Record<FloatDType, number> = { float32: 2 ** -126, float64: 2 ** -1022 };

/**
 * How far each output may be from the reference, by Monte Carlo arithmetic (Parker 1997): the reference is run again with
 * every intermediate value off by a random relative error of a few roundings, and the outputs' spread is the bound.
 */
export function referenceWithBounds(outputs: readonly Node[], feeds: Feeds, dtype: FloatDType, samples = 10) {
  const exact = evaluateFloat64(outputs, feeds);
  const random = new ThreefryStream(20261124);
  const u = unitRoundoff[dtype];
  const bounds = exact.map((values) => values.map((x) => 4 * u * Math.abs(x) + smallestNormal[dtype] * 4));
  for (let s = 0; s < samples; s++) {
    const perturbed = evaluateFloat64(outputs, feeds, (node, values) => {
      // Inputs are perturbed too: a sum of them in another order is the sum of slightly different ones.
      if (!isFloat(node.dtype) || node.op === ops.constant || node.op.kind === "view") return;
      for (let i = 0; i < values.length; i++)
        values[i] = (values[i] as number) * (1 + 4 * u * (2 * random.uniform() - 1));
    });
    perturbed.forEach((values, o) => {
      const bound = bounds[o] as Float64Array;
      values.forEach((x, i) => {
        const off = 8 * Math.abs(x - ((exact[o] as Float64Array)[i] as number));
        if (off > (bound[i] as number) || Number.isNaN(off)) bound[i] = off;
      });
    });
  }
  return { exact, bounds };
}

/** The worst disagreement, in units of the bound; 0 when all agree. Infinities and NaN must be the same. */
export function worstExcess(
  values: readonly (readonly number[])[],
  reference: ReturnType<typeof referenceWithBounds>,
  dtype: FloatDType,
) {
  let worst = { excess: 0, output: -1, index: -1, got: 0, expected: 0, bound: 0 };
  const largest = dtype === "float32" ? 3.4028234663852886e38 : Number.MAX_VALUE;
  values.forEach((row, o) => {
    row.forEach((got, i) => {
      const expected = (reference.exact[o] as Float64Array)[i] as number;
      const bound = (reference.bounds[o] as Float64Array)[i] as number;
      // Where perturbing already gives no number, or the truth is beyond the type, nothing is claimed.
      if (Number.isNaN(bound) || bound === Infinity || Math.abs(expected) > largest / 4) return;
      const same = got === expected || (Number.isNaN(got) && Number.isNaN(expected));
      const excess = same ? 0 : Number.isFinite(got) ? Math.abs(got - expected) / bound : Infinity;
      if (!(excess <= worst.excess)) worst = { excess, output: o, index: i, got, expected, bound };
    });
  });
  return worst;
}

/** Ops of the graph that the report names no kernel for, beyond those that are no code. */
export function uncovered(outputs: readonly Node[], report: ProgramReport): string[] {
  const silent = new Set(["view", "source", "composite"]);
  const covered = new Set(report.kernels.flatMap((kernel) => kernel.ops));
  return (
    topological(outputs)
      .filter((node) => !silent.has(node.op.kind) && node.op !== ops.stopGradient && !covered.has(node.op.name))
      // x + (−y) is compiled as x − y.
      .filter((node) => !(node.op === ops.add && node.inputs[1]?.op === ops.neg && covered.has("sub")))
      .map((node) => node.op.name)
  );
}

/** Deterministic values in (−2, 2), exact in float32. */
export function values(count: number, seed: number): number[] {
  const random = new ThreefryStream(seed);
  return Array.from({ length: count }, () => Math.fround(4 * random.uniform() - 2));
}
