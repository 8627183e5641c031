/** Weights that make rare classes count as much as common ones. */
import { InvalidArgumentError, ShapeError } from "../base/errors.ts";
import type { Tensor } from "../base/tensor.ts";
import { type Label, type LabelsLike, number, readLabels } from "./labels.ts";
import { badOption, type OptionsOf, readOptions, show, unchecked } from "./options.ts";
import { readWeights } from "./transform/matrix.ts";

/** "balanced": rows / (classes · rows of the class). A record or map: a weight by label. Null: 1 for all. */
export type ClassWeight = "balanced" | Readonly<Record<string, number>> | ReadonlyMap<Label, number> | null;

const classParams = {
  /** One weight of 0 or more per row, for "balanced". */
  sampleWeight: unchecked<ArrayLike<number> | Tensor | undefined>(undefined),
};
/** What `computeClassWeight` takes. */
export type ComputeClassWeightOptions = OptionsOf<typeof classParams>;

const sampleParams = {
  /** Row numbers (repeats allowed) in which the balance is counted; other classes weigh 0. */
  indices: unchecked<ArrayLike<number> | undefined>(undefined),
};
/** What `computeSampleWeight` takes. */
export type ComputeSampleWeightOptions = OptionsOf<typeof sampleParams>;

/**
 * A weight for each of the classes, in their order.
 * @throws InvalidArgumentError for an unknown word, a class without rows, a label outside the classes.
 */
export function computeClassWeight(
  classWeight: ClassWeight,
  classes: LabelsLike,
  y: LabelsLike,
  options: ComputeClassWeightOptions = {},
): Float64Array {
  const where = "compute-class-weight";
  const { sampleWeight } = readOptions(where, classParams, options);
  const columns = readLabels(classes, "classes");
  const labels = readLabels(y, "y");
  const known = new Set(columns);
  const stranger = labels.find((label) => !known.has(label));
  if (stranger !== undefined) {
    throw badOption(where, "y", stranger, `the classes are ${show(columns)}`, "List every class that occurs.");
  }
  if (classWeight === null) return new Float64Array(columns.length).fill(1);
  if (classWeight !== "balanced") return byLabel(classWeight, columns, where);
  const weights = readWeights(sampleWeight, labels.length, where);
  return balanced(columns, labels, weights, where);
}

function balanced(
  classes: readonly Label[],
  labels: readonly Label[],
  weights: Float64Array | undefined,
  where: string,
): Float64Array {
  const sums = new Map<Label, number>(classes.map((label) => [label, 0]));
  labels.forEach((label, i) => {
    sums.set(label, (sums.get(label) as number) + (weights?.[i] ?? 1));
  });
  const total = weights?.reduce((sum, w) => sum + w, 0) ?? labels.length;
  return Float64Array.from(classes, (label) => {
    const sum = sums.get(label) as number;
    if (sum > 0) return total / (classes.length * sum);
    throw new InvalidArgumentError(`${where}/class-without-rows`, {
      received: `class ${show(label)} has no rows`,
      expected: "a class needs rows to be balanced",
      hint: "Leave the class out, or give weights as a record.",
    });
  });
}

function byLabel(given: ClassWeight, classes: readonly Label[], where: string): Float64Array {
  const isRecord = typeof given === "object" && given !== null && !Array.isArray(given);
  if (!isRecord) throw badOption(where, "classWeight", given, '"balanced", a record of weights or null is needed');
  const weights = new Map(given instanceof Map ? [...given].map(([k, w]) => [String(k), w]) : Object.entries(given));
  const names = new Set(classes.map(String));
  for (const [name, weight] of weights) {
    if (!names.has(name)) throw badOption(where, "classWeight", name, `the classes are ${show(classes)}`);
    if (typeof weight !== "number" || !(weight >= 0 && weight < Infinity)) {
      throw badOption(where, `classWeight[${name}]`, weight, "a weight is a finite number of 0 or more");
    }
  }
  return Float64Array.from(classes, (label) => weights.get(String(label)) ?? 1);
}

/**
 * A weight for each row: that of its class; for several label columns the product of theirs.
 * @param y labels, or rows of labels. A record of weights takes a single column.
 * @throws InvalidArgumentError for an unknown word or label.
 */
export function computeSampleWeight(
  classWeight: ClassWeight,
  y: LabelsLike | readonly (readonly Label[])[],
  options: ComputeSampleWeightOptions = {},
): Float64Array {
  const where = "compute-sample-weight";
  const { indices } = readOptions(where, sampleParams, options);
  const columns = labelColumns(y, where);
  const rows = (columns[0] as readonly Label[]).length;
  if (indices !== undefined && classWeight !== "balanced") {
    throw badOption(where, "indices", indices, 'they are for classWeight: "balanced" only');
  }
  if (columns.length > 1 && classWeight !== "balanced" && classWeight !== null) {
    throw badOption(where, "classWeight", classWeight, "a record takes a single column of labels");
  }
  const result = new Float64Array(rows).fill(1);
  for (const labels of columns) {
    const counted = indices === undefined ? labels : Array.from(indices, (i) => labelAt(labels, i, where));
    const { classes } = number(counted, "y");
    const weights = computeClassWeight(classWeight, classes, counted);
    const of = new Map(classes.map((label, k) => [label, weights[k] as number]));
    labels.forEach((label, i) => {
      result[i] = (result[i] as number) * (of.get(label) ?? 0);
    });
  }
  return result;
}

function labelAt(labels: readonly Label[], i: number, where: string): Label {
  const label = labels[i];
  if (label === undefined) throw badOption(where, "indices", i, `there are the rows 0 to ${labels.length - 1}`);
  return label;
}

function labelColumns(y: LabelsLike | readonly (readonly Label[])[], where: string): Label[][] {
  const nested = "shape" in y && (y as Tensor).rank === 2 ? ((y as Tensor).toArray() as Label[][]) : y;
  if (!Array.isArray(nested) || !Array.isArray(nested[0])) return [readLabels(y as LabelsLike, "y")];
  const width = nested[0].length as number;
  const rows = nested as readonly (readonly Label[])[];
  const ragged = rows.findIndex((row) => !Array.isArray(row) || row.length !== width);
  if (ragged >= 0 || width === 0) {
    throw new ShapeError(`${where}/ragged`, {
      received: `row ${Math.max(ragged, 0)} of y has another length than the first, or none`,
      expected: `the first has ${width}`,
      hint: "Give every row the same number of labels.",
    });
  }
  return Array.from({ length: width }, (_, j) =>
    readLabels(
      rows.map((row) => row[j] as Label),
      `column ${j} of y`,
    ),
  );
}
