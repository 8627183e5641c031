/**
 * What does not go together: an output and a loss, and both of them and the targets. A rule asks what activations and losses declare
 * (ranges, domains, tasks) and tries the loss on single rows; it knows no names. What must be wrong is an error, before a step
 * is made; what probably is becomes a warning with the numbers that were seen.
 */
import { DataError, type ErrorParts, InvalidArgumentError } from "../base/errors.ts";
import type { Tensor } from "../base/tensor.ts";
import { figure, type Warning, warning } from "../base/warning.ts";
import type { Loss } from "../loss/contract.ts";
import type { Network, OutputRange } from "../model/contract.ts";
import type { DataSet } from "./batch.ts";
import { activate, costOf, floorOf, type Pair, pairOf, perfectRow, reachOf, within } from "./pair.ts";
import { type TargetFacts, targetFacts } from "./targetFacts.ts";

interface Finding extends ErrorParts {
  /** Whether it cannot be right. */
  readonly wrong: boolean;
}

interface Rule<Facts extends unknown[] = []> {
  readonly code: string;
  find(pair: Pair, ...facts: Facts): Finding | undefined;
}

const many = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
const isUnit = (pair: Pair): boolean => within(pair.range, 0, 1);
/** `any number`, `numbers from 0 to 1`, `numbers from 0 up` */
function span({ low, high }: OutputRange): string {
  if (low === Number.NEGATIVE_INFINITY)
    return high === Number.POSITIVE_INFINITY ? "any number" : `numbers up to ${figure(high)}`;
  return `numbers from ${figure(low)} ${high === Number.POSITIVE_INFINITY ? "up" : `to ${figure(high)}`}`;
}
const applies = ({ last }: Pair): string => `layer "${last.layer}" ends in ${last.activation.name}`;

/** The range's ends, or numbers far out. */
const endsOf = ({ low, high }: OutputRange) => [Number.isFinite(low) ? low : -1e6, Number.isFinite(high) ? high : 1e6];
const leavesDomain = ({ range, takes }: Pair): boolean => !endsOf(range).every((end) => takes.yPred.accepts(end));

/** Costs this near count as the same. */
const slight = 0.01;

/** Rules on output and loss alone, asked when a model is compiled. The first that finds something speaks. */
export const pairRules: readonly Rule[] = [
  {
    // A softmax on a softmax, a sigmoid on a ReLU: what comes out cannot reach the ends.
    code: "compile/squashed-twice",
    find(pair) {
      const before = pair.chain.at(-2);
      if (before === undefined || !pair.classes || !isUnit(pair)) return undefined;
      const { low, high } = reachOf(pair);
      if (low < slight && high > 1 - slight) return undefined;
      const { activation } = before;
      return {
        wrong: within(activation.output, 0, 1) || low >= 0.5 || high <= 0.5,
        received: `layer "${before.layer}" ends in ${activation.name}, and layer "${pair.last.layer}" applies ${pair.last.activation.name} to that`,
        expected: `on ${many(pair.units, "unit")} the two together give only numbers from ${figure(low)} to ${figure(high)}, so that no class can be sure`,
        hint: `Leave out ${activation.name}: only the last activation makes probabilities.`,
      };
    },
  },
  {
    code: "compile/probabilities-as-logits",
    find(pair) {
      const { accepts } = pair.takes.yPred;
      if (!(pair.classes || pair.fromLogits) || !isUnit(pair) || !accepts(-1) || !accepts(2)) return undefined;
      // A loss of scores (hinge) shows by itself whether probabilities can satisfy it.
      const [reached, free] = [floorOf(pair, 0, 1), floorOf(pair, -30, 30)];
      if (!pair.fromLogits && !(reached > free + slight)) return undefined;
      return {
        wrong: pair.fromLogits,
        received: `${pair.loss.name} takes ${pair.fromLogits ? "logits (fromLogits: true)" : "scores of any size"}`,
        expected: `${applies(pair)}, which gives numbers from 0 to 1: a row of the dearest class would never cost less than ${figure(reached)}`,
        hint: pair.fromLogits
          ? "Leave fromLogits out (nothing is lost: the pair is trained on logits anyway), or drop the activation."
          : `Leave out ${pair.last.activation.name}, or use a loss on probabilities.`,
      };
    },
  },
  {
    // ReLU or logSigmoid in front of a sigmoid: a probability on one side of ½ only.
    code: "compile/one-sided-logits",
    find({ fromLogits, range, loss, takes, ...pair }) {
      if (!fromLogits || range.rows !== undefined || (range.low < 0 && range.high > 0)) return undefined;
      const side = range.low >= 0 ? "below" : "above";
      return {
        wrong: !takes.overClasses,
        received: `${loss.name} takes logits (fromLogits: true)`,
        expected: `layer "${pair.last.layer}" ends in ${pair.last.activation.name}, which gives none ${side} 0${takes.overClasses ? "" : `: no probability could come out ${side} 0.5`}`,
        hint: "Give the last layer no activation: logits lie on both sides of 0.",
      };
    },
  },
  {
    code: "compile/logits-as-probabilities",
    find(pair) {
      const { yPred } = pair.takes;
      if (!leavesDomain(pair)) return undefined;
      return {
        // Outside on both sides, at any distance: no network would stay in between. On one side it may.
        wrong: pair.range.low === Number.NEGATIVE_INFINITY && endsOf(pair.range).every((end) => !yPred.accepts(end)),
        received: `${applies(pair)}, which gives ${span(pair.range)}`,
        expected: `${pair.loss.name} takes ${yPred.values}`,
        hint: yPred.hint,
      };
    },
  },
  {
    // Sigmoids under a loss that only asks for the true class: the way down is to say yes to everything.
    code: "compile/independent-classes",
    find(pair) {
      if (!pair.takes.overClasses || pair.units < 2 || !isUnit(pair)) return undefined;
      const everything = activate(pair.last.activation, new Array<number>(pair.units).fill(1000));
      if (pair.takes.yPred.accepts(-1) || !everything.every((p) => p > 1 - slight)) return undefined;
      const { target, prediction } = perfectRow(pair, pair.range.low, pair.range.high);
      const cost = costOf(pair, target, everything);
      if (!(Number.isFinite(cost) && cost <= costOf(pair, target, prediction) + slight)) return undefined;
      return {
        wrong: true,
        received: `${applies(pair)}, which treats each of ${pair.units} classes on its own`,
        expected: `${pair.loss.name} would cost ${figure(cost)} when every class is called certain at once`,
        hint: `For one class a row use activation: "softmax"; for several labels a row, binaryCrossentropy on sigmoid.`,
      };
    },
  },
  {
    code: "compile/shared-labels",
    find({ takes, range, units, classes, loss, last }) {
      // On two units the two agree.
      if (takes.overClasses || range.rows !== "distribution" || units < 3 || !classes) return undefined;
      return {
        wrong: false,
        received: `layer "${last.layer}" ends in ${last.activation.name}, whose ${units} outputs share 1`,
        expected: `${loss.name} asks ${units} questions with an answer of their own`,
        hint: `For one class a row use a loss over classes, such as categoricalCrossentropy; for several labels, activation: "sigmoid".`,
      };
    },
  },
];

const regression = ({ task, takes, classes }: Pair): boolean =>
  !classes && !takes.overClasses && (task === "regression" || task === "count");

/** A typical target further from 0 than this takes the usual steps (of about 0.001) long to reach. */
const large = 100;
/** Targets smaller than this are noise beside the first, random, predictions. */
const small = 1e-3;

/** Rules that also look at the targets, asked when `fit` begins. All of them speak. */
export const targetRules: readonly Rule<[facts: TargetFacts, values: ArrayLike<number>]>[] = [
  {
    code: "fit/several-labels-on-softmax",
    find(pair, { bits, distributions, rows, notOne }) {
      if (pair.range.rows !== "distribution" || pair.loss.targets === "classIndex" || pair.units < 2) return undefined;
      if (!pair.classes || notOne === undefined) return undefined;
      const off = rows - distributions;
      return {
        wrong: !pair.takes.overClasses && bits === rows,
        received: `${off} of ${rows} rows of y do not sum to 1 (row ${notOne.row} sums to ${figure(notOne.sum)})`,
        expected: `the outputs of ${pair.last.activation.name} always do`,
        hint: `For several labels a row use activation: "sigmoid" with binaryCrossentropy; for shares, divide each row by its sum.`,
      };
    },
  },
  {
    code: "fit/one-class-on-sigmoid",
    find(pair, { oneHot, rows }) {
      if (pair.takes.overClasses || pair.units < 2 || !pair.classes || !isUnit(pair)) return undefined;
      if (pair.range.rows !== undefined || oneHot < rows || rows < 2) return undefined;
      return {
        wrong: false,
        received: `each of ${rows} rows of y has exactly one 1 among ${pair.units}`,
        expected: `${applies(pair)}, whose outputs know nothing of each other and need not sum to 1`,
        hint: `If a row has one class, use activation: "softmax" with categoricalCrossentropy.`,
      };
    },
  },
  {
    code: "fit/labels-from-one",
    find({ loss, units }, { low, high, rows }) {
      // A class that is there would hardly be missing from so many rows.
      if (loss.targets !== "classIndex" || low < 1 || high !== units - 1 || rows < 10 * units) return undefined;
      return {
        wrong: false,
        received: `labels run from ${low} to ${high}, and none is 0`,
        expected: `the first of ${units} units stands for class 0`,
        hint: "Number the classes from 0 (LabelEncoder does), and give the last layer one unit a class.",
      };
    },
  },
  {
    code: "fit/targets-out-of-reach",
    find(pair, { low, high, rows, width }, values) {
      const { range } = pair;
      if (!regression(pair) || (low >= range.low && high <= range.high)) return undefined;
      const outside = Array.from(values).filter((value) => value < range.low || value > range.high).length;
      return {
        wrong: false,
        received: `y runs from ${figure(low)} to ${figure(high)}`,
        expected: `${applies(pair)}, which gives ${span(range)}: ${outside} of ${rows * width} targets cannot be reached`,
        hint: `Scale the targets (MinMaxScaler, StandardScaler), or use activation: "linear".`,
      };
    },
  },
  {
    code: "fit/unscaled-targets",
    find(pair, { size, mean, deviation, rows, low, high }, values) {
      const amounts = regression(pair) || (pair.task === undefined && !pair.takes.overClasses);
      if (!amounts || within(pair.range, -large, large) || rows < 2) return undefined;
      const tiny = size > 0 && size < small;
      if (size < large && !tiny) return undefined;
      // An exponential output gets anywhere in a few steps.
      if (Math.max(...activate(pair.last.activation, new Array<number>(pair.units).fill(10))) > large * 10)
        return undefined;
      const some = Array.from(values).slice(0, 256 * pair.units);
      const start = costOf(
        pair,
        some,
        some.map(() => 0),
      );
      return {
        wrong: false,
        received: `y runs from ${figure(low)} to ${figure(high)} (mean ${figure(mean)}, standard deviation ${figure(deviation)})`,
        expected: tiny
          ? `predictions start at the size of 1, and a prediction of 0 costs only ${figure(start)}: what is to be learnt drowns`
          : `predictions start near 0, where ${pair.loss.name} is ${figure(start)}: steps of the usual size take long to get there, or overshoot`,
        hint: "Standardise the targets (new StandardScaler().fitTransform(y)) and bring predictions back with inverseTransform.",
      };
    },
  },
];

/**
 * Whether an output and a loss go together.
 * @returns what is probably wrong. @throws InvalidArgumentError for what must be.
 */
export function checkPairing(network: Network, loss: Loss): Warning[] {
  const pair = pairOf(network, loss);
  if (pair === undefined) return [];
  for (const { code, find } of pairRules) {
    const found = find(pair);
    if (found === undefined) continue;
    const { wrong, ...parts } = found;
    if (wrong) throw new InvalidArgumentError(code, parts);
    return [warning(code, parts)];
  }
  return [];
}

/** Whether outputs may lie outside what the loss takes, so that one has to look at them. */
export function mayLeaveDomain(network: Network, loss: Loss): boolean {
  const pair = pairOf(network, loss);
  return pair !== undefined && leavesDomain(pair);
}

/** @throws DataError when outputs, as the model is now, lie outside what the loss takes. */
export function checkOutputs(network: Network, loss: Loss, { data, shape }: Tensor): void {
  const pair = pairOf(network, loss);
  if (pair === undefined) return;
  const { accepts, values, hint } = pair.takes.yPred;
  const outside = Array.from(data).filter((value) => !accepts(value));
  if (outside.length === 0) return;
  throw new DataError("fit/outputs-outside-domain", {
    received: `${outside.length} of ${data.length} outputs on the first ${many(shape[0] as number, "row")} are such as ${figure(outside[0] as number)}`,
    expected: `${pair.loss.name} takes ${values}, and ${applies(pair)}, which gives ${span(pair.range)}`,
    hint,
  });
}

/**
 * Whether the targets of a training run go with output and loss.
 * @returns what is probably wrong. @throws DataError for what must be.
 */
export function checkTargets(network: Network, loss: Loss, { y, rows }: Pick<DataSet, "y" | "rows">): Warning[] {
  const pair = pairOf(network, loss);
  if (pair === undefined || rows === 0) return [];
  const width = loss.targets === "classIndex" ? y.values.length / rows : pair.units;
  const facts = targetFacts(y.values, width);
  return targetRules.flatMap(({ code, find }) => {
    const found = find(pair, facts, y.values);
    if (found === undefined) return [];
    const { wrong, ...parts } = found;
    if (wrong) throw new DataError(code, parts);
    return [warning(code, parts)];
  });
}
