/** Runs golden cases of metrics: values after each batch, and after a reset. */
import type { Node } from "../../src/graph/index.ts";
import type { Metric } from "../../src/train/contract.ts";
import {
  differences,
  judged,
  type Nested,
  numbersOf,
  type Outcome,
  shapeOf,
  trainingTolerance,
  unsupported,
} from "./compare.ts";
import type { RunOptions } from "./dispatch-optimizers.ts";
import { graph, metrics } from "./library.ts";
import { makeStepper } from "./stepper.ts";
import type { Described } from "./words.ts";

interface Batch {
  readonly yTrue?: Nested;
  readonly yPred?: Nested;
  readonly sampleWeight?: readonly number[];
}

export interface MetricCase {
  readonly id: string;
  readonly metric: Described;
  readonly batches: readonly Batch[];
  readonly values: readonly Nested[];
  readonly afterReset: Nested;
}

/** Metrics whose targets are class indices, by what they say of themselves. */
const sparse = /^sparse/i;

/** A golden metric in our words; undefined where we have none such. */
export function metricInOurWords({
  name,
  ...rest
}: Described): { name: string; options: Record<string, unknown> } | undefined {
  const known = metrics.list().find((entry) => entry.name === name);
  if (known === undefined) return undefined;
  const options = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  return Object.keys(options).every((key) => key === "name" || Object.hasOwn(known.parameters, key))
    ? { name, options }
    : undefined;
}

/** Values of the state as `result` and `values` take them. */
type Held = Record<string, ArrayLike<number>>;

function figures(metric: Metric, held: Held, several: boolean): readonly number[] {
  return several ? (metric.values?.(held) ?? []) : [metric.result(held)];
}

export async function runMetricCase(golden: MetricCase, { dtype, device }: RunOptions): Promise<Outcome> {
  const words = metricInOurWords(golden.metric);
  if (words === undefined) return unsupported(`no metric ${JSON.stringify(golden.metric)}`);
  const several = Array.isArray(golden.afterReset);
  if (golden.metric.classAggregation === null && !several) return unsupported("no such aggregation");
  const { errors, tolerance } = { errors: [] as string[], tolerance: trainingTolerance[dtype] };
  let held: Held = {};
  for (const [b, batch] of golden.batches.entries()) {
    const predicted = shapeOf(batch.yPred!);
    const labels = words.name === "accuracy";
    const indices = sparse.test(words.name) || labels;
    const told = indices && !labels ? predicted.slice(0, -1) : shapeOf(batch.yTrue!);
    const metric = metrics.get(metrics.fromConfig(words), {
      yTrueShape: told,
      yPredShape: predicted,
      targets: indices ? "classIndex" : "real",
    });
    const yTrue = graph.input("yTrue", indices ? "int32" : dtype, told);
    const yPred = graph.input("yPred", labels ? "int32" : dtype, predicted);
    const feeds = new Map<Node, ArrayLike<number>>([
      [yTrue, numbersOf(batch.yTrue!)],
      [yPred, numbersOf(batch.yPred!)],
    ]);
    const state = Object.fromEntries(metric.state.map((s) => [s.name, graph.input(s.name, "float64", s.shape)]));
    const inputs = { yTrue, yPred, state };
    let next = metric.update(inputs);
    if (batch.sampleWeight !== undefined) {
      const sampleWeight = graph.input("sampleWeight", dtype, [batch.sampleWeight.length]);
      feeds.set(sampleWeight, batch.sampleWeight);
      next = metric.update({ ...inputs, sampleWeight });
    }
    const fresh = Object.fromEntries(
      metric.state.map((s) => [s.name, new Float64Array(s.shape.reduce((n, d) => n * d, 1)).fill(s.initial)]),
    );
    if (b === 0) {
      held = fresh;
      errors.push(
        ...differences("nothing seen", figures(metric, fresh, several), numbersOf(golden.afterReset), tolerance),
      );
    }
    const entries = metric.state.map((s) => ({ node: state[s.name]!, next: next[s.name]!, initial: held[s.name]! }));
    const stepper = await makeStepper(device, entries, [...feeds.keys()]);
    await stepper.step(feeds);
    held = Object.fromEntries(
      await Promise.all(metric.state.map(async (s) => [s.name, await stepper.read(state[s.name]!)] as const)),
    );
    const got = figures(metric, held, several);
    errors.push(...differences(`after batch ${b}`, got, numbersOf(golden.values[b]!), tolerance));
  }
  return judged(errors);
}
