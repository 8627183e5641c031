/** Looks at the values of a target: what they are, how they are written, and what is remarkable about them. */
import { dtypeOf } from "../base/dtype.ts";
import { DataError } from "../base/errors.ts";
import { Tensor, type TensorLike, tensor } from "../base/tensor.ts";
import { figure } from "../base/warning.ts";
import { targetFacts } from "../train/targetFacts.ts";
import type { Circumstances, LossTask, TargetColumn, TargetForm } from "./lossDescription.ts";

/** What was seen. */
export interface TargetLook {
  readonly task: LossTask;
  readonly targets: TargetForm;
  readonly circumstances: Circumstances;
  /** Numbers a row, and different values where that is one. */
  readonly width: number;
  readonly distinct?: number;
  /** Sentences with the numbers. */
  readonly saw: readonly string[];
}

type Value = string | number | boolean;

/** Whole numbers are classes when there are at most so many, each with so many rows on average. */
const mostNumberClasses = 10;
const rowsPerNumberClass = 10;
/** Text of which more than this share is different names rows. */
const mostClassShare = 0.5;
/** The rarest class has less than this share of what it would have if all were alike. */
const rareShare = 0.2;
/** More classes than this make one-hot rows a burden. */
const mostClasses = 1000;
/** Fewer numbers than this show no shape. */
const fewNumbers = 20;

/** @throws DataError for a target that nothing can be learnt from. */
export function lookAtTarget(target: TargetColumn): TargetLook {
  const values = isPlain(target) ? target : undefined;
  if (values === undefined) {
    const given = target as TensorLike;
    const held =
      given instanceof Tensor || dtypeOf(given) !== undefined ? tensor(given) : tensor(given, { dtype: "float64" });
    const width = held.shape.length < 2 ? 1 : (held.shape.at(-1) as number);
    if (width > 1) return lookAtRows(held.data, width);
    return lookAtColumn(
      Array.from(held.data).filter((value) => !Number.isNaN(value)),
      held.size,
    );
  }
  return lookAtColumn(
    values.filter((value): value is Value => value !== null && value !== undefined && !Number.isNaN(value)),
    values.length,
  );
}

/** A list of single values: nested lists, typed arrays and tensors are rows of numbers. */
function isPlain(target: TargetColumn): target is readonly (Value | null)[] {
  return Array.isArray(target) && !target.some((value) => typeof value === "object" && value !== null);
}

function lookAtColumn(present: readonly Value[], rows: number): TargetLook {
  const counts = new Map<Value, number>();
  for (const value of present) counts.set(value, (counts.get(value) ?? 0) + 1);
  const missing = rows - present.length;
  const absent = missing === 0 ? [] : [`${missing} of ${rows} values are missing and were left out.`];
  if (counts.size < 2) {
    throw useless(
      counts.size === 0 ? "has no values" : `is ${JSON.stringify(present[0])} in every row`,
      "at least two different values are needed",
    );
  }
  const numbers = present.every((value) => typeof value === "number") ? (present as number[]) : undefined;
  const found =
    numbers === undefined || areClasses(numbers, counts.size)
      ? ofClasses(present, counts)
      : ofAmounts(numbers, counts.size);
  return { ...found, saw: [...found.saw, ...absent] };
}

function areClasses(values: readonly number[], distinct: number): boolean {
  if (!values.every(Number.isInteger)) return false;
  return distinct === 2 || (distinct <= mostNumberClasses && values.length >= rowsPerNumberClass * distinct);
}

function ofClasses(present: readonly Value[], counts: ReadonlyMap<Value, number>): TargetLook {
  const classes = counts.size;
  const kinds = new Set(present.map((value) => typeof value));
  if (kinds.has("string") && classes > 2 && classes > mostClassShare * present.length) {
    throw useless(`has ${classes} different values in ${present.length} rows`, "a class needs several rows");
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, 5).map(([label, n]) => `${String(label)} ${n}`);
  const more = classes > 5 ? `, and ${classes - 5} more` : "";
  const what = kinds.has("number") ? "whole numbers" : kinds.has("boolean") ? "truth values" : "texts";
  const [rarest, least] = sorted.at(-1) as [Value, number];
  const share = least / present.length;
  const imbalanced = share < rareShare / classes;
  const labels = [...counts.keys()];
  const signs = labels.every((label) => label === -1 || label === 1);
  const numbered = labels.every((label) => typeof label === "number" && label >= 0 && label < classes);
  return {
    task: classes === 2 ? "binary" : "multiclass",
    width: 1,
    distinct: classes,
    targets: classes === 2 && signs ? "sign" : "index",
    circumstances: {
      classes,
      ...(imbalanced && { imbalanced }),
      ...(classes > mostClasses && { manyClasses: true }),
    },
    saw: [
      `${classes} different ${what} in ${present.length} rows (${shown.join(", ")}${more}).`,
      ...(imbalanced ? [`The rarest class, ${String(rarest)}, has ${figure(100 * share)} % of the rows.`] : []),
      ...(numbered || signs ? [] : [`They must be numbered from 0 first: LabelEncoder does it.`]),
    ],
  };
}

function lookAtRows(values: ArrayLike<number>, width: number): TargetLook {
  const facts = targetFacts(values, width);
  const { rows, oneHot, bits, distributions, low, high, mean } = facts;
  if (rows === 0 || !Number.isFinite(mean))
    throw useless("has no rows, or rows with missing numbers", "rows of finite numbers are needed");
  const found = (task: LossTask, targets: TargetForm, saw: string, more: Circumstances = {}): TargetLook => ({
    task,
    targets,
    circumstances: { classes: width, ...more },
    width,
    saw: [saw],
  });
  if (oneHot === rows)
    return found("multiclass", "oneHot", `Each of ${rows} rows has exactly one 1 among ${width} zeros and ones.`);
  if (bits === rows) {
    const imbalanced = mean < rareShare / 2;
    const saw = `All ${rows} rows are ${width} zeros and ones, and ${rows - oneHot} of them have another number of ones than one; ${figure(100 * mean)} % are ones.`;
    return found("multilabel", "bits", saw, imbalanced ? { imbalanced } : {});
  }
  if (distributions === rows)
    return found("distribution", "soft", `Each of ${rows} rows is ${width} numbers from 0 up that sum to 1.`);
  return found("regression", "real", `${rows} rows of ${width} numbers from ${figure(low)} to ${figure(high)}.`);
}

function ofAmounts(values: readonly number[], distinct: number): TargetLook {
  const { rows, low, high, mean, deviation, whole } = targetFacts(values, 1);
  const zeros = values.filter((value) => value === 0).length;
  const seen = `${rows} ${whole ? "whole numbers" : "numbers"} with ${distinct} different values from ${figure(low)} to ${figure(high)} (mean ${figure(mean)}, standard deviation ${figure(deviation)}).`;
  const found = (task: LossTask, more: readonly string[] = [], circumstances: Circumstances = {}): TargetLook => ({
    task,
    targets: "real",
    circumstances: { classes: 1, ...circumstances },
    width: 1,
    distinct,
    saw: [seen, ...more],
  });
  if (!Number.isFinite(mean)) throw useless("holds an infinite number", "finite numbers are needed");
  if (low >= 0 && high <= 1) return found("proportion", ["None is below 0 or above 1."]);
  if (whole && (low === 0 || low === 1) && mean < 1000) {
    const ratio = deviation ** 2 / mean;
    const expected = rows * Math.exp(-mean);
    const overdispersed = ratio > 1.5;
    const manyZeros = zeros > 2 * expected && zeros > 0.1 * rows;
    return found(
      "count",
      [
        `None is below 0, and the variance is ${figure(ratio)} times the mean (1 for a Poisson count).`,
        ...(manyZeros ? [`${zeros} are 0, where a Poisson count would give ${Math.round(expected)}.`] : []),
      ],
      { ...(overdispersed && { overdispersed }), ...(manyZeros && { manyZeros }) },
    );
  }
  if (rows < fewNumbers) return found("regression");
  const lean = skewness(values);
  const positive = values.filter((value) => value > 0);
  if (low >= 0 && lean > 1.5 && Math.abs(skewness(positive.map(Math.log))) < lean) {
    const manyZeros = zeros > 0;
    const skew = `None is below 0, and the large ones lie far out (skewness ${figure(lean)}).`;
    return found("positive", [skew, ...(manyZeros ? [`${zeros} are exactly 0.`] : [])], manyZeros ? { manyZeros } : {});
  }
  const { centre, scale } = robustScale(values);
  const off = values.filter((value) => Math.abs(value - centre) > 5 * scale).length;
  if (scale > 0 && off > 0 && off <= 0.1 * rows) {
    return found(
      "regression",
      [`${off} of them lie more than 5 robust deviations from the median (${figure(centre)} ± ${figure(5 * scale)}).`],
      { outliers: true },
    );
  }
  return found("regression");
}

/** The third standardised moment; 0 for symmetric data. */
function skewness(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [second, third] = [0, 0];
  for (const value of values) {
    second += (value - mean) ** 2;
    third += (value - mean) ** 3;
  }
  return second === 0 ? 0 : third / values.length / (second / values.length) ** 1.5;
}

/** The median, and the median distance from it in units of a normal distribution's standard deviation. */
function robustScale(values: readonly number[]): { centre: number; scale: number } {
  const middle = (list: readonly number[]) => {
    const sorted = Float64Array.from(list).sort();
    const half = sorted.length >> 1;
    return sorted.length % 2 === 1
      ? (sorted[half] as number)
      : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
  };
  const centre = middle(values);
  return { centre, scale: 1.4826 * middle(values.map((value) => Math.abs(value - centre))) };
}

const useless = (received: string, expected: string) =>
  new DataError("choose-loss/target", {
    received: `the target ${received}`,
    expected,
    hint: "Choose another column, or say what it is with task.",
  });
