/** A model's output and its loss, side by side: what the rules of pairing.ts ask of them. */
import { sizeOf } from "../base/shape.ts";
import { constant, evaluateFloat64, input, type Node, stabilise } from "../graph/index.ts";
import type { Loss } from "../loss/contract.ts";
import { type Takes, takesOf } from "../loss/takes.ts";
import type { Activation, Network, OutputActivation, OutputRange } from "../model/contract.ts";

/** An output of which something is known, and a loss that says what it takes. */
export interface Pair {
  readonly loss: Loss;
  readonly takes: Takes;
  readonly task: string | undefined;
  /** That two or more classes are to be told apart. */
  readonly classes: boolean;
  /** Told in so many words that predictions are logits, to which the loss applies its own sigmoid or softmax. */
  readonly fromLogits: boolean;
  /** In the order they are applied; at least one. */
  readonly chain: readonly OutputActivation[];
  readonly last: OutputActivation;
  readonly range: OutputRange;
  /** The last axis of the output. */
  readonly units: number;
}

const classTasks = ["binary", "multiclass", "multilabel", "distribution"];

/** Undefined where nothing can be said: the output ends in a layer without an activation, or the loss declares nothing. */
export function pairOf({ outputActivations: chain, outputShape }: Network, loss: Loss): Pair | undefined {
  const last = chain.at(-1);
  const takes = takesOf(loss);
  if (last === undefined || takes === undefined) return undefined;
  const task = loss.definition?.task;
  return {
    loss,
    takes,
    task,
    classes: task !== undefined && classTasks.includes(task),
    fromLogits: (loss as { params?: { fromLogits?: unknown } }).params?.fromLogits === true,
    chain,
    last,
    range: last.activation.output,
    units: outputShape.at(-1) ?? 1,
  };
}

/** Whether every number of the range lies from `low` to `high`. */
export const within = (range: OutputRange, low: number, high: number): boolean =>
  range.low >= low && range.high <= high;

/** What stands for "as far as one likes". */
const far = 1000;
const bounded = ({ low, high }: OutputRange) => [Math.max(low, -far), Math.min(high, far)] as const;

/** What an activation makes of one row. */
export function activate(activation: Activation, row: readonly number[]): number[] {
  const x = input("x", "float64", [1, row.length]);
  return Array.from(evaluateFloat64([activation.apply(x)], new Map([[x, row]]))[0] as Float64Array);
}

/**
 * The smallest and the largest output that the last activation can give after those before it: each is tried on one unit at its
 * upper bound with the others at the lower one, and the other way round.
 */
export function reachOf({ chain, units }: Pair): { readonly low: number; readonly high: number } {
  let [low, high] = [-far, far];
  for (const { activation } of chain) {
    const [least, most] = bounded(activation.output);
    if (activation.outputShape !== undefined) {
      [low, high] = [least, most];
      continue;
    }
    const row = (first: number, others: number) => Array.from({ length: units }, (_, i) => (i === 0 ? first : others));
    const results = [...activate(activation, row(high, low)), ...activate(activation, row(low, high))];
    low = Math.max(least, Math.min(...results));
    high = Math.min(most, Math.max(...results));
  }
  return { low, high };
}

/** What rows of targets and predictions cost, on average. `targets` holds one class number a row, or as many numbers as units. */
export function costOf({ loss, units }: Pair, targets: ArrayLike<number>, predictions: ArrayLike<number>): number {
  const rows = predictions.length / units;
  const index = loss.targets === "classIndex";
  const yTrue = input("yTrue", index ? "int32" : "float64", index ? [rows] : [rows, units]);
  const yPred = input("yPred", "float64", [rows, units]);
  const { perSample } = loss.graph(yTrue, yPred);
  const bindings = new Map<Node, ArrayLike<number>>([
    [yTrue, targets],
    [yPred, predictions],
  ]);
  const [costs] = evaluateFloat64(stabilise([perSample, constant(0, "float64", [])]), bindings);
  return (costs as Float64Array).reduce((sum, cost) => sum + cost, 0) / sizeOf(perSample.shape);
}

/** One row of targets of the first class (or of all ones, `on`, or zeros), and the prediction that says so as far as it may. */
export function perfectRow(
  pair: Pair,
  low: number,
  high: number,
  on = true,
): { target: number[]; prediction: number[] } {
  const { loss, units, takes } = pair;
  const first = Array.from({ length: units }, (_, i) => (i === 0 ? 1 : 0));
  if (takes.overClasses) {
    return { target: loss.targets === "classIndex" ? [0] : first, prediction: first.map((one) => (one ? high : low)) };
  }
  return { target: first.map(() => (on ? 1 : 0)), prediction: first.map(() => (on ? high : low)) };
}

/** The least that a row can cost when predictions lie from `low` to `high`: the dearest of the classes, said as well as can be. */
export function floorOf(pair: Pair, low: number, high: number): number {
  const rows = pair.takes.overClasses ? [true] : [true, false];
  return Math.max(
    ...rows.map((on) => {
      const { target, prediction } = perfectRow(pair, low, high, on);
      return costOf(pair, target, prediction);
    }),
  );
}
