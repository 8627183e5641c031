/**
 * What every threshold metric is made of: the weight of positives and of negatives by the number of thresholds that their
 * score is above. True and false positives and negatives at each threshold follow on the host, adding up from the ends.
 */
import { sizeOf } from "../../base/shape.ts";
import {
  add,
  and,
  broadcastTo,
  cast,
  constant,
  equal,
  iota,
  lessEqual,
  mul,
  type Node,
  or,
  reshape,
  scatterAdd,
  slice,
  where,
} from "../../graph/index.ts";
import type { Metric, MetricInputs } from "../contract.ts";
import { alike, rowsOf, rowWeights } from "./align.ts";
import type { State } from "./define.ts";
import type { Thresholds } from "./thresholds.ts";
import { topKMask } from "./topK.ts";

export interface HistogramOptions {
  readonly thresholds: Thresholds;
  /** Only the k highest scores of a row can be positive. */
  readonly topK?: number | undefined;
  /** Look at one class only. */
  readonly classId?: number | undefined;
  /** Keep this many classes apart (the last axis); all together otherwise. */
  readonly apart?: number | undefined;
  /** A weight for each class. */
  readonly classWeights?: readonly number[] | undefined;
  /** Scores outside [0, 1] make the counts NaN; otherwise only NaN does. */
  readonly probabilities?: boolean;
}

/** Weights of predictions at each threshold, ascending. */
export interface Confusion {
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly trueNegatives: Float64Array;
  readonly falseNegatives: Float64Array;
}

export interface Histogram {
  readonly state: Metric["state"];
  update(inputs: MetricInputs): ReturnType<Metric["update"]>;
  /** One for each class that is kept apart; else one. */
  read(state: State): Confusion[];
}

/** float64 of the scores' shape. */
function weightsLike(scores: Node, sampleWeight: Node | undefined, classWeights: readonly number[] | undefined): Node {
  let weights: Node = constant(1, "float64", scores.shape);
  if (sampleWeight !== undefined) {
    const rows = rowWeights(sampleWeight, rowsOf(scores));
    const ones = scores.shape.slice(rows.shape.length).map(() => 1);
    weights = broadcastTo(reshape(rows, [...rows.shape, ...ones]), scores.shape);
  }
  return classWeights === undefined ? weights : mul(weights, constant(classWeights, "float64"));
}

/** A weight that counts for something with a score that means nothing becomes NaN, and so does the metric. */
function spoil(weights: Node, scores: Node, probabilities: boolean): Node {
  const sound = probabilities ? and(lessEqual(0, scores), lessEqual(scores, 1)) : equal(scores, scores);
  return where(or(sound, equal(weights, 0)), weights, Number.NaN);
}

function oneClass(x: Node, id: number): Node {
  const last = x.shape.length - 1;
  return slice(
    x,
    x.shape.map((_, d) => (d === last ? id : 0)),
    x.shape.map((dim, d) => (d === last ? 1 : dim)),
  );
}

export function histogram(options: HistogramOptions): Histogram {
  const { thresholds, topK, classId, apart = 1, classWeights, probabilities = false } = options;
  const buckets = thresholds.values.length + 1;
  const cells = buckets * apart;
  return {
    state: ["positives", "negatives"].map((name) => ({ name, shape: [cells], initial: 0 })),
    update({ yTrue, yPred, sampleWeight, state }) {
      let target = alike(yTrue, yPred);
      let scores = topK === undefined ? yPred : where(topKMask(yPred, topK), yPred, -Infinity);
      if (classId !== undefined) [target, scores] = [oneClass(target, classId), oneClass(scores, classId)];
      const weights = spoil(weightsLike(scores, sampleWeight, classWeights), scores, probabilities);
      const flat = (x: Node) => reshape(x, [sizeOf(scores.shape)]);
      let cell = thresholds.below(flat(scores));
      if (apart > 1) {
        const own = flat(broadcastTo(iota(scores.shape.length - 1, scores.shape), scores.shape));
        cell = add(mul(cell, apart), cast(own, "float64"));
      }
      const index = cast(cell, "int32");
      const negative = equal(target, 0);
      const gathered = (updates: Node) => scatterAdd(index, flat(updates), cells);
      return {
        positives: add(state.positives as Node, gathered(where(negative, 0, weights))),
        negatives: add(state.negatives as Node, gathered(where(negative, weights, 0))),
      };
    },
    read: ({ positives, negatives }) =>
      Array.from({ length: apart }, (_, c) => {
        const own = (all: ArrayLike<number>) =>
          Float64Array.from({ length: buckets }, (_, b) => all[b * apart + c] as number);
        const [truth, lie] = [own(positives as ArrayLike<number>), own(negatives as ArrayLike<number>)];
        if (truth.some(Number.isNaN) || lie.some(Number.isNaN)) return spoiled(buckets - 1);
        return {
          truePositives: above(truth),
          falsePositives: above(lie),
          trueNegatives: upTo(lie),
          falseNegatives: upTo(truth),
        };
      }),
  };
}

/** What is known once a score that means nothing was counted. */
function spoiled(count: number): Confusion {
  const nothing = new Float64Array(count).fill(Number.NaN);
  return { truePositives: nothing, falsePositives: nothing, trueNegatives: nothing, falseNegatives: nothing };
}

/** The weight in the buckets above each threshold. */
function above(weights: Float64Array): Float64Array {
  const out = new Float64Array(weights.length - 1);
  for (let t = out.length - 1, total = 0; t >= 0; t--) out[t] = total += weights[t + 1] as number;
  return out;
}

/** The weight in the other buckets. */
function upTo(weights: Float64Array): Float64Array {
  const out = new Float64Array(weights.length - 1);
  for (let t = 0, total = 0; t < out.length; t++) out[t] = total += weights[t] as number;
  return out;
}

/** a / b, and 0 where b is 0. */
export const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);
