/**
 * What numbers a loss takes. Checked on the host at the public edge, before a graph runs: a value outside is an error that
 * names the row, never a plausible loss.
 */
import { DataError, ShapeError } from "../base/errors.ts";
import { type Shape, showShape, sizeOf } from "../base/shape.ts";

/** A kind of numbers that a loss takes. */
export interface Domain {
  readonly name: string;
  /** The values in words: `"numbers from 0 to 1"`. */
  readonly values: string;
  /** Set for whole class numbers, which are kept as int32 and never pass through a float. */
  readonly index?: true;
  readonly accepts: (value: number) => boolean;
  /** What to do about a value that is not accepted; a sentence. */
  readonly hint: string;
}

/** Finite numbers. */
export const real: Domain = {
  name: "real",
  values: "finite numbers",
  accepts: Number.isFinite,
  hint: "Drop or fill rows with missing values first (SimpleImputer).",
};
/** Numbers from 0 up: counts, rates, weights. */
export const nonNegative: Domain = {
  name: "nonNegative",
  values: "numbers from 0 up",
  accepts: (x) => x >= 0 && x < Number.POSITIVE_INFINITY,
  hint: "Use a loss for real numbers (meanSquaredError, huber), or check the column.",
};
/** Numbers above 0. */
export const amounts: Domain = {
  name: "amount",
  values: "numbers above 0",
  accepts: (x) => x > 0 && x < Number.POSITIVE_INFINITY,
  hint: "A gamma distribution has no zeros; use tweedie for amounts some of which are 0.",
};
/** From 0 to 1: labels 0 and 1, or soft ones between. */
export const unitInterval: Domain = {
  name: "unit",
  values: "numbers from 0 to 1",
  accepts: (x) => x >= 0 && x <= 1,
  hint: "Code two classes as 0 and 1; for whole class numbers use sparseCategoricalCrossentropy.",
};
/** 0 and 1 and nothing between. */
export const bit: Domain = {
  ...unitInterval,
  name: "bit",
  values: "0 and 1",
  accepts: (x) => x === 0 || x === 1,
};
/** Entries of a distribution over the last axis: from 0 up. Rows need not sum to 1; they count as given. */
export const distribution: Domain = {
  name: "distribution",
  values: "probabilities, numbers from 0 up",
  accepts: nonNegative.accepts,
  hint: "Pass one row of class probabilities (or one-hot) a sample; toCategorical makes them from class numbers.",
};
/** Logarithms of the entries of a distribution; −Infinity is a probability of 0. */
export const logDistribution: Domain = {
  name: "logDistribution",
  values: "log-probabilities, numbers up to 0",
  accepts: (x) => x <= 0,
  hint: "Take the logarithm of the probabilities first.",
};
/** Class numbers from 0. */
export const classIndex: Domain = {
  name: "classIndex",
  values: "whole class numbers from 0",
  index: true,
  accepts: (x) => Number.isInteger(x) && x >= 0 && x <= 0x7fffffff,
  hint: "Number the classes 0, 1, 2, … (LabelEncoder does).",
};
/** −1 and 1, or 0 and 1 (0 is read as −1). */
export const sign: Domain = {
  name: "sign",
  values: "-1 and 1, or 0 and 1",
  accepts: (x) => x === -1 || x === 0 || x === 1,
  hint: "Code the two classes as -1 and 1.",
};

/** Predictions: any number (also infinite), and NaN, which makes the loss NaN. */
export const logits: Domain = { name: "logits", values: "any numbers", accepts: () => true, hint: "" };
/** Predicted probabilities, each from 0 to 1. */
export const probabilities: Domain = {
  name: "probabilities",
  values: "probabilities, numbers from 0 to 1",
  accepts: (x) => !(x < 0 || x > 1),
  hint: "Pass fromLogits: true if these are logits, or put a sigmoid or softmax on the output.",
};
/** Predicted amounts from 0 up. */
export const rates: Domain = {
  name: "rates",
  values: "numbers from 0 up",
  accepts: (x) => !(x < 0),
  hint: "Put an exponential or softplus on the output, or pass logarithms if the loss has an option for them.",
};
/** Predicted amounts of which log(1 + x) is taken: from −1 up. */
export const fromMinusOne: Domain = {
  name: "fromMinusOne",
  values: "numbers from -1 up",
  accepts: (x) => !(x < -1),
  hint: "Put an exponential or softplus on the output.",
};
/** Predicted log-probabilities. */
export const logProbabilities: Domain = {
  name: "logProbabilities",
  values: "log-probabilities, numbers up to 0",
  accepts: (x) => !(x > 0),
  hint: "Pass fromLogits: true if these are logits.",
};

export interface DomainCheck {
  /** `"yTrue"` or `"yPred"`. */
  readonly what: string;
  readonly loss: string;
  /** For class numbers: how many classes there are, and the label that is left out. */
  readonly classes?: number;
  readonly ignored?: number | undefined;
  /** Rows (elements of the unreduced loss) that count; all when absent. */
  readonly active?: ArrayLike<number> | undefined;
}

/**
 * Checks every value of an array whose first axis holds the rows.
 * @throws DataError naming the first row and value outside the domain.
 */
export function checkDomain(domain: Domain, values: ArrayLike<number>, shape: Shape, check: DomainCheck): void {
  const perRow = sizeOf(shape.slice(1)) || 1;
  const perActive = check.active === undefined ? 0 : Math.max(1, values.length / Math.max(check.active.length, 1));
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const known = check.classes === undefined || value < check.classes;
    if ((domain.accepts(value) && known) || value === check.ignored) continue;
    if (check.active !== undefined && check.active[Math.floor(i / perActive)] === 0) continue;
    const row = Math.floor(i / perRow);
    const tooLarge = domain.accepts(value) && !known;
    throw new DataError(
      `loss/${tooLarge ? "label-out-of-range" : "out-of-domain"}`,
      {
        received: `row ${row + 1} of ${check.what} holds ${value}`,
        expected: tooLarge
          ? `${check.loss} sees ${check.classes} classes, numbered 0 to ${(check.classes as number) - 1}`
          : `${check.loss} takes ${domain.values}`,
        hint: tooLarge
          ? "Give the last layer one unit a class, or pass ignoreClass for a label to leave out."
          : domain.hint,
      },
      { row: row + 1 },
    );
  }
}

/** Whether shapes are equal once trailing axes of 1 are left off. */
function sameButTrailingOnes(a: Shape, b: Shape): boolean {
  const bare = (shape: Shape) => {
    let end = shape.length;
    while (end > 0 && shape[end - 1] === 1) end--;
    return shape.slice(0, end).join();
  };
  return bare(a) === bare(b);
}

/**
 * The shape that yTrue must be read in: never broadcast, `[n]` against `[n, 1]` (and the reverse) is aligned.
 * @throws ShapeError when the two do not hold the same samples.
 */
export function alignTargets(loss: string, yTrue: Shape, yPred: Shape, index: boolean): Shape {
  const wanted = index ? yPred.slice(0, -1) : yPred;
  if (index && yPred.length === 0) throw mismatch(loss, yTrue, yPred, "a last axis of classes in yPred");
  if (sameButTrailingOnes(yTrue, wanted) && sizeOf(yTrue) === sizeOf(wanted)) return wanted;
  throw mismatch(loss, yTrue, yPred, `yTrue of shape ${showShape(wanted)}${index ? " (class numbers)" : ""}`);
}

function mismatch(loss: string, yTrue: Shape, yPred: Shape, wanted: string): ShapeError {
  return new ShapeError("loss/shapes", {
    received: `${loss} was given yTrue of shape ${showShape(yTrue)} and yPred of shape ${showShape(yPred)}`,
    expected: `it takes ${wanted}`,
    hint: "Targets are never broadcast; check the number of rows and of units in the last layer.",
  });
}

/**
 * The shape of weights or masks as broadcast over the unreduced losses: theirs, or its leading axes.
 * @throws ShapeError for anything else.
 */
export function alignWeights(what: string, shape: Shape, perSample: Shape): Shape {
  const leading = [...shape];
  while (leading.length > perSample.length && leading.at(-1) === 1) leading.pop();
  if (leading.length <= perSample.length && leading.every((dim, d) => dim === perSample[d])) {
    return perSample.map((_, d) => leading[d] ?? 1);
  }
  throw new ShapeError("loss/weights", {
    received: `${what} has shape ${showShape(shape)}`,
    expected: `the losses have shape ${showShape(perSample)}`,
    hint: `Pass one ${what === "mask" ? "flag" : "weight"} a sample.`,
  });
}
