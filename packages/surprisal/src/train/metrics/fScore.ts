/** The harmonic mean of precision and recall, by class. */
import { choice, number, type Parameter, readNumber, type ValuesOf } from "../../base/parameters.ts";
import { sizeOf } from "../../base/shape.ts";
import {
  abs,
  add,
  and,
  broadcastTo,
  constant,
  greater,
  greaterEqual,
  max,
  mul,
  type Node,
  reshape,
  sub,
  sum,
  weighted,
} from "../../graph/index.ts";
import { alike, rowsOf, rowWeights, wide } from "./align.ts";
import { defineMetric, type MetricBody, type MetricContext, type State } from "./define.ts";
import { fuzz } from "./figures.ts";

const threshold: Parameter<number | undefined, number> = {
  about: "scores above it are positive; without it, each row's highest score is",
  required: false,
  fallback: undefined,
  read: (value, place) => readNumber(value, place, { min: 0, max: 1 }),
  write: (value) => value,
};
const shared = {
  average: choice(
    ["none", "micro", "macro", "weighted"],
    "none",
    "over classes: not at all (`values`), all counts together, evenly, or by their positives",
  ),
  threshold,
};

const cells = ["truePositives", "falsePositives", "falseNegatives"] as const;

/** Positive predictions as bool. A row of zeros has no highest score. */
function positive(scores: Node, limit: number | undefined): Node {
  if (limit !== undefined) return greater(scores, limit);
  const highest = broadcastTo(max(scores, { keepDims: true }), scores.shape);
  return and(greaterEqual(scores, highest), greater(abs(scores), 1e-9));
}

type Options = ValuesOf<typeof shared>;

/** With P and R precision and recall: (1 + β²) P R / (β² P + R), each divisor with Keras's 1e-7. */
function score(tp: number, fp: number, fn: number, beta: number): number {
  const [precision, recall] = [tp / (tp + fp + fuzz), tp / (tp + fn + fuzz)];
  return ((1 + beta * beta) * precision * recall) / (beta * beta * precision + recall + fuzz);
}

function fScore({ average, threshold: limit }: Options, beta: number, { yPredShape }: MetricContext): MetricBody {
  const classes = sizeOf(yPredShape.slice(1));
  const columns = (state: State) =>
    cells.map((name) => Array.from(state[name] as ArrayLike<number>)) as [number[], number[], number[]];
  const byClass = (state: State) => {
    const [tp, fp, fn] = columns(state);
    return tp.map((hits, c) => score(hits, fp[c] as number, fn[c] as number, beta));
  };
  const total = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
  return {
    state: cells.map((name) => ({ name, shape: [classes], initial: 0 })),
    update({ yTrue, yPred, sampleWeight, state }) {
      const rows = rowsOf(yPred);
      const flat = (x: Node) => reshape(wide(x), [rows, classes]);
      const [truth, said] = [flat(alike(yTrue, yPred)), flat(positive(yPred, limit))];
      const weights = sampleWeight === undefined ? constant(1, "float64", [rows]) : rowWeights(sampleWeight, rows);
      const column = broadcastTo(reshape(weights, [rows, 1]), [rows, classes]);
      const parts = [mul(said, truth), mul(said, sub(1, truth)), mul(sub(1, said), truth)];
      return Object.fromEntries(
        cells.map((name, i) => [name, add(state[name] as Node, sum(weighted(column, parts[i] as Node), [0]))]),
      );
    },
    values: byClass,
    result(state) {
      const [tp, fp, fn] = columns(state);
      if (average === "micro") return score(total(tp), total(fp), total(fn), beta);
      const scores = byClass(state);
      if (average !== "weighted") return total(scores) / classes;
      const positives = tp.map((hits, c) => hits + (fn[c] as number));
      return total(scores.map((value, c) => (value * (positives[c] as number)) / (total(positives) + fuzz)));
    },
  };
}

/** The F1 score: 2 P R / (P + R). `values` has one figure for each class; `result` their mean unless `average` says otherwise. */
export const f1Score = defineMetric({
  name: "f1Score",
  aliases: ["f1"],
  summary: "The harmonic mean of precision and recall.",
  better: "higher",
  parameters: shared,
  build: (options, context) => fScore(options, 1, context),
});

/** The Fβ score, in which recall counts β times as much as precision. `values` and `result` as in `f1Score`. */
export const fBetaScore = defineMetric({
  name: "fBetaScore",
  aliases: ["fBeta"],
  summary: "The weighted harmonic mean of precision and recall.",
  better: "higher",
  parameters: { ...shared, beta: number(1, "how much more recall counts", { min: 0, open: true }) },
  build: (options, context) => fScore(options, options.beta, context),
});
