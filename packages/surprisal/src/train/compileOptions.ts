/** What `compile` takes, resolved and checked against the network. */
import { InvalidArgumentError, UnknownNameError } from "../base/errors.ts";
import type { Loss } from "../loss/contract.ts";
import { get as getLoss } from "../loss/registry.ts";
import type { Network } from "../model/contract.ts";
import type { Metric, Optimizer } from "./contract.ts";
import type { Compiled } from "./core.ts";
import { refuseUnknown } from "./fitOptions.ts";
import { lossMetric } from "./lossMetric.ts";
import type { NamedMetric } from "./meters.ts";
import { get as getMetric, type MetricContext, type MetricLike } from "./metrics/index.ts";
import { get as getOptimizer } from "./optimizers/index.ts";
import { checkPairing } from "./pairing.ts";

/** What `compile` takes. */
export interface CompileOptions {
  /** A name (`"adam"`), its factory, or a configured one. */
  readonly optimizer: string | Optimizer | (() => Optimizer);
  /** A name (`"binaryCrossentropy"`, `"mse"`), a loss, or a configured one. */
  readonly loss: string | Loss;
  /**
   * Shown and recorded under their names: `"accuracy"` finds the one that fits, a loss's name is its mean. Sample and class weights do
   * not reach them.
   */
  readonly metrics?: readonly MetricLike[];
  /** The same, weighed by sample and class weights. */
  readonly weightedMetrics?: readonly MetricLike[];
}

/** @throws UnknownNameError, InvalidArgumentError. */
export function resolveCompileOptions(options: CompileOptions, network: Network): Compiled {
  refuseUnknown("compile", options, ["optimizer", "loss", "metrics", "weightedMetrics"]);
  for (const name of ["optimizer", "loss"] as const) {
    if (options[name] !== undefined) continue;
    throw new InvalidArgumentError(`compile/no-${name}`, {
      received: `compile was given no ${name}`,
      expected: "training needs one",
      hint: name === "loss" ? `Pass e.g. loss: "binaryCrossentropy".` : `Pass e.g. optimizer: "adam".`,
    });
  }
  const loss = getLoss(options.loss);
  const warnings = checkPairing(network, loss);
  const { optimizer } = options;
  // A bare factory stands for its defaults, as a bare loss does.
  const made = typeof optimizer === "function" ? optimizer() : getOptimizer(optimizer);
  return { optimizer: made, loss, metrics: nameMetrics(options, loss, network), warnings };
}

/** Each metric with the name of its column; a weighted one that meets a plain one of its name is `weightedAccuracy`. */
function nameMetrics(options: CompileOptions, loss: Loss, { outputShape }: Network): NamedMetric[] {
  const { targets } = loss;
  const batch = [1, ...outputShape];
  const context = { yTrueShape: targets === "classIndex" ? batch.slice(0, -1) : batch, yPredShape: batch, targets };
  const named: NamedMetric[] = [];
  const taken = new Set(["loss", "epoch", "learningRate"]);
  const add = (like: MetricLike, weighted: boolean) => {
    const metric = resolveMetric(like, context);
    const plain = columnKey(metric.name);
    let column = plain;
    if (weighted && taken.has(column)) column = `weighted${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
    for (let n = 2; taken.has(column); n++) column = `${plain}${n}`;
    taken.add(column);
    named.push({ key: column, metric, weighted });
  };
  for (const like of options.metrics ?? []) add(like, false);
  for (const like of options.weightedMetrics ?? []) add(like, true);
  return named;
}

/** `binary_accuracy` → `binaryAccuracy`; a name in camelCase stays. */
const columnKey = (name: string) => name.replace(/[_\s-]+([a-zA-Z0-9])/g, (_, c: string) => c.toUpperCase());

/** A metric, or a loss by name, as Keras has it. @throws UnknownNameError. */
function resolveMetric(like: MetricLike, context: MetricContext): Metric {
  try {
    return getMetric(like, context);
  } catch (error) {
    if (!(error instanceof UnknownNameError) || typeof like !== "string") throw error;
    let loss: Loss;
    try {
      loss = getLoss(like);
    } catch {
      throw error;
    }
    return lossMetric(loss, like);
  }
}
