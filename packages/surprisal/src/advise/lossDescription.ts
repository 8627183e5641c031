/** What somebody says of a target, or what is seen of it: the question that `chooseLoss` answers. */
import { InvalidArgumentError, unknownName } from "../base/errors.ts";
import { showValue } from "../base/parameters.ts";
import type { TensorLike } from "../base/tensor.ts";

/** What is to be predicted. */
export const lossTasks = [
  "binary",
  "multiclass",
  "multilabel",
  "distribution",
  "regression",
  "proportion",
  "positive",
  "count",
  "ordinal",
  "ranking",
  "survival",
] as const;
/** What is to be predicted: one of `lossTasks`. */
export type LossTask = (typeof lossTasks)[number];

/**
 * How targets are written: `index` class numbers from 0 (for two classes: 0 and 1), `sign` −1 and 1, `oneHot` rows with one 1, `soft` rows
 * of shares, `bits` rows of zeros and ones, `real` numbers.
 */
export const targetForms = ["index", "sign", "oneHot", "soft", "bits", "real"] as const;
/** How targets are written: one of `targetForms`. */
export type TargetForm = (typeof targetForms)[number];

/** What else is known of the data. */
export interface Circumstances {
  /** How many classes, labels or numbers a row has; for ranking, how many items a list. */
  readonly classes?: number;
  /** Some classes are rare. */
  readonly imbalanced?: boolean;
  /** Some labels are wrong. */
  readonly noisyLabels?: boolean;
  /** Some targets are far off, and should not decide. */
  readonly outliers?: boolean;
  /** The quantile that is wanted instead of the mean, between 0 and 1. */
  readonly quantile?: number;
  /** So many classes that a row of them is a burden. */
  readonly manyClasses?: boolean;
  /** Errors matter in proportion to the amount. */
  readonly relative?: boolean;
  /** Counts that vary more than their mean. */
  readonly overdispersed?: boolean;
  /** More zeros than the other numbers explain. */
  readonly manyZeros?: boolean;
}

/** A column of a table: one value a row (text and truth values are classes; null and NaN are missing), or rows of numbers. */
export type TargetColumn = TensorLike | readonly (string | number | boolean | null)[];

/** What `chooseLoss` is asked: a task in words, the target's values, or both. */
export interface LossDescription extends Circumstances {
  readonly task?: LossTask;
  readonly targets?: TargetForm;
  readonly target?: TargetColumn;
}

/** Forms that a task's targets may have; the first is the usual one. */
export const formsOf: Readonly<Record<LossTask, readonly [TargetForm, ...TargetForm[]]>> = {
  binary: ["index", "sign", "oneHot", "soft"],
  multiclass: ["index", "oneHot", "soft"],
  multilabel: ["bits"],
  distribution: ["soft", "oneHot"],
  regression: ["real"],
  proportion: ["real"],
  positive: ["real"],
  count: ["real"],
  ordinal: ["index"],
  ranking: ["real"],
  survival: ["real"],
};

/** The circumstances that are true or false. */
export const circumstanceNames = [
  "imbalanced",
  "noisyLabels",
  "outliers",
  "manyClasses",
  "relative",
  "overdispersed",
  "manyZeros",
] as const satisfies readonly (keyof Circumstances)[];
const known = ["task", "targets", "target", "classes", "quantile", ...circumstanceNames];

/** @throws UnknownNameError for a word that means nothing; InvalidArgumentError for a value that does not fit. */
export function checkDescription(description: LossDescription): void {
  if (typeof description !== "object" || description === null || Array.isArray(description)) {
    throw refuse(`${showValue(description)} was given`, "a description is an object");
  }
  const { task, targets, target, classes, quantile } = description;
  for (const key of Object.keys(description))
    if (!known.includes(key)) throw unknownName("description of a loss", key, known);
  if (task !== undefined && !lossTasks.includes(task)) throw unknownName("task", task, lossTasks);
  if (targets !== undefined && !targetForms.includes(targets))
    throw unknownName("form of targets", targets, targetForms);
  if (task === undefined && target === undefined && quantile === undefined) {
    throw refuse("neither task nor target was given", "one of them must say what is to be predicted");
  }
  if (task !== undefined && targets !== undefined && !formsOf[task].includes(targets)) {
    throw refuse(
      `targets: "${targets}" was given for the task "${task}"`,
      `such targets are ${formsOf[task].join(" or ")}`,
    );
  }
  if (classes !== undefined && !(Number.isSafeInteger(classes) && classes >= 1)) {
    throw refuse(`classes: ${showValue(classes)} was given`, "it is a whole number from 1 up");
  }
  if (quantile !== undefined && !(quantile > 0 && quantile < 1)) {
    throw refuse(`quantile: ${showValue(quantile)} was given`, "it is a number between 0 and 1");
  }
  for (const flag of circumstanceNames) {
    const value: unknown = description[flag];
    if (value === undefined || typeof value === "boolean") continue;
    throw refuse(`${flag}: ${showValue(value)} was given`, "it is true or false");
  }
}

const refuse = (received: string, expected: string) =>
  new InvalidArgumentError("choose-loss/description", {
    received,
    expected,
    hint: `Write e.g. chooseLoss({ task: "multiclass", targets: "index" }), or chooseLoss({ target: values }).`,
  });
