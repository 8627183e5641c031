/** Data that a loss accepts, made from its domains; seeded, and away from where the loss is not smooth. */
import { ThreefryStream } from "../../src/base/threefry.ts";
import type { LossFunction } from "../../src/losses.ts";

// biome-ignore lint/suspicious/noExplicitAny: losses with different parameters
export type AnyLoss = LossFunction<any>;
export type Row = number[];
export interface Sample {
  readonly yTrue: Row[];
  readonly yPred: Row[];
}

/** Parameter sets that a loss is tried with, beside its defaults: every parameter at a value that is not the default. */
export const variants: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  binaryCrossentropy: [
    { fromLogits: true },
    { labelSmoothing: 0.125 },
    { posWeight: 2.5, fromLogits: true },
    { classWeight: [0.5, 3] },
    { fromLogits: true, labelSmoothing: 0.25, classWeight: [2, 0.5] },
  ],
  categoricalCrossentropy: [
    { fromLogits: true },
    { fromLogProbabilities: true },
    { normalize: true },
    { normalize: true, labelSmoothing: 0.25 },
    { labelSmoothing: 0.125 },
    { classWeight: [0.5, 2, 1, 3], fromLogits: true },
    { emptySupport: "zero" },
  ],
  sparseCategoricalCrossentropy: [
    { fromLogits: true },
    { fromLogProbabilities: true },
    { normalize: true },
    { labelSmoothing: 0.125 },
    { classWeight: [0.5, 2, 1, 3] },
    { classWeight: [0.5, 2, 1, 3], labelSmoothing: 0.25, fromLogits: true },
    { ignoreClass: 2, fromLogits: true },
  ],
  klDivergence: [{ fromLogits: true }, { fromLogProbabilities: true }, { logTarget: true }],
  huber: [{ delta: 0.25 }, { delta: 4 }],
  poisson: [{ logInput: true }, { full: true }],
  categoricalHinge: [{ rule: "others" }],
  binaryFocalCrossentropy: [
    { fromLogits: true },
    { fromLogits: true, labelSmoothing: 0.25, gamma: 0.5 },
    { applyClassBalancing: true, alpha: 0.75 },
    { gamma: 0 },
  ],
  brier: [{ fromLogits: true }],
  categoricalFocalCrossentropy: [
    { fromLogits: true },
    { fromLogits: true, labelSmoothing: 0.25, gamma: 0 },
    { normalize: true, gamma: 0.5 },
    { alpha: [0.5, 2, 1, 3] },
  ],
  categoricalGeneralizedCrossentropy: [{ fromLogits: true }, { q: 0 }, { fromLogits: true, q: 0 }, { q: 1 }],
  polyCrossentropy: [{ fromLogits: true }, { epsilon: -1 }, { epsilon: 0 }],
  symmetricCrossentropy: [
    { fromLogits: true, alpha: 1 },
    { beta: 0.5, logZero: -6 },
  ],
  taylorCrossentropy: [{ fromLogits: true }, { order: 1 }, { order: 6 }],
  hingeEmbedding: [{ margin: 2 }],
  multiLabelSoftMargin: [{ classWeight: [2, 2, 2, 2] }],
  multiMargin: [{ p: 2 }, { margin: 0.5 }, { classWeight: [0.5, 2, 1, 3] }],
  cauchy: [{ c: 0.5 }],
  charbonnier: [{ epsilon: 0.5 }],
  epsilonInsensitive: [{ epsilon: 0 }, { epsilon: 0.5 }],
  expectile: [{ tau: 0.25 }],
  fair: [{ c: 0.5 }],
  gemanMcClure: [{ c: 2 }],
  pseudoHuber: [{ delta: 0.25 }, { delta: 4 }],
  quantile: [{ tau: 0.25 }, { tau: 0.9 }],
  quantileHuber: [{ tau: 0.25 }, { kappa: 0.5 }],
  smoothL1: [{ beta: 0 }, { beta: 0.25 }],
  smoothQuantile: [{ tau: 0.25 }, { smoothing: 2 }],
  squaredEpsilonInsensitive: [{ epsilon: 0 }, { epsilon: 0.5 }],
  tukeyBiweight: [{ c: 2 }],
  tweedie: [{ power: 1 }, { power: 1.25 }, { power: 2 }],
  tweedieDeviance: [{ power: 0 }, { power: 1 }, { power: 1.75 }],
  welsch: [{ c: 2 }],
  wing: [{ w: 2 }, { epsilon: 0.5 }],
};

const classes = 4;

/** Rows of targets and predictions for a configured loss. */
export function sample(loss: AnyLoss, params: Readonly<Record<string, unknown>>, rows: number, seed: number): Sample {
  const random = new ThreefryStream(seed);
  const uniform = (low: number, high: number) => low + (high - low) * random.uniform();
  const row = (make: () => number): Row => Array.from({ length: classes }, make);
  const simplex = (): Row => {
    const raw = row(() => uniform(0.05, 1));
    const total = raw.reduce((a, b) => a + b, 0);
    return raw.map((x) => x / total);
  };
  const { definition } = loss;
  const domainOf = (which: "yTrue" | "yPred"): string => {
    const given = definition[which];
    const domain = typeof given === "function" ? given({ ...defaultsOf(loss), ...params }) : given;
    return domain?.name ?? (which === "yTrue" ? "real" : "logits");
  };
  const oneHot = (): Row => {
    const at = Math.floor(uniform(0, classes));
    return row(() => 0).map((_, c) => (c === at ? 1 : 0));
  };
  const makers: Readonly<Record<string, () => Row>> = {
    real: () => row(() => uniform(-3, 3)),
    logits: () => row(() => uniform(-3, 3)),
    nonNegative: () => row(() => Math.floor(uniform(0, 9))),
    unit: () => row(() => uniform(0, 1)),
    distribution: definition.name === "categoricalHinge" ? oneHot : simplex,
    logDistribution: () => simplex().map(Math.log),
    classIndex: () => [Math.floor(uniform(0, classes))],
    bit: () => row(() => (uniform(-1, 1) < 0 ? 0 : 1)),
    sign: () => row(() => (uniform(-1, 1) < 0 ? -1 : 1)),
    probabilities: definition.axis === "class" ? simplex : () => row(() => uniform(0.02, 0.98)),
    rates: () => row(() => uniform(0.1, 5)),
    fromMinusOne: () => row(() => uniform(0.1, 5)),
    logProbabilities: () => simplex().map(Math.log),
  };
  const many = (which: "yTrue" | "yPred") =>
    Array.from({ length: rows }, () => (makers[domainOf(which)] as () => Row)());
  return { yTrue: many("yTrue"), yPred: many("yPred") };
}

export function defaultsOf(loss: AnyLoss): Record<string, unknown> {
  return { ...loss.params };
}

/** Targets as `evaluate` takes them: class numbers without their axis. */
export const targetsOf = (loss: AnyLoss, yTrue: readonly Row[]) =>
  loss.targets === "classIndex" ? yTrue.map((row) => row[0] as number) : yTrue;
