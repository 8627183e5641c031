/**
 * Data at the door: what a user passes becomes typed arrays of known shape, or a typed error that names row and column. After
 * this nothing is checked again.
 */
import { allocate, convert, type DType, dtypeOf, type FloatDType, type TypedArray } from "../base/dtype.ts";
import { DataError, InvalidArgumentError, ShapeError } from "../base/errors.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../base/shape.ts";
import { Tensor, type TensorLike, tensor } from "../base/tensor.ts";
import type { Loss } from "../loss/contract.ts";
import type { DataSet, Rows } from "./batch.ts";
import { targetFacts } from "./targetFacts.ts";

/** What a data set is checked against. */
export interface Expected {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly dtype: FloatDType;
  readonly loss: Loss;
}

/** Numbers as they came, in float64 when they came as nested lists, so that no label passes through a float32. */
function asTensor(values: TensorLike): Tensor {
  return values instanceof Tensor || dtypeOf(values) !== undefined
    ? tensor(values)
    : tensor(values, { dtype: "float64" });
}

/** Row and, where there is one, column of an element, as people count: from 1. */
function locate(element: number, width: number): { row: number; column?: number } {
  return { row: Math.floor(element / width) + 1, ...(width > 1 && { column: (element % width) + 1 }) };
}

function say({ row, column }: { row: number; column?: number }): string {
  return column === undefined ? `row ${row}` : `row ${row}, column ${column}`;
}

/**
 * Converts to `dtype`: a copy, or with `borrow` the values themselves where they are of it.
 * @throws DataError at the first number that is not finite, or not once it is a float32.
 */
function finite(values: TypedArray, dtype: FloatDType, width: number, what: string, borrow = false): TypedArray {
  const converted = borrow && dtypeOf(values) === dtype ? values : convert(dtype, values);
  for (let i = 0; i < converted.length; i++) {
    if (Number.isFinite(converted[i] as number)) continue;
    const at = locate(i, width);
    const came = values[i] as number;
    throw new DataError(
      "data/not-finite",
      {
        received: `${what} holds ${came} in ${say(at)}`,
        expected: Number.isFinite(came) ? "float32 ends at 3.4e38" : "every number must be finite",
        hint: Number.isFinite(came)
          ? `Scale the column, or make the model with dtype: "float64".`
          : "Fill missing values (SimpleImputer) or drop the row.",
      },
      at,
    );
  }
  return converted;
}

/**
 * Checks features. `x` has shape [rows, …inputShape]; [rows] will do for an inputShape of [1]. With `borrow` the values may be the very
 * array that was given.
 * @throws ShapeError, DTypeError, DataError.
 */
export function takeX(x: TensorLike, inputShape: Shape, dtype: FloatDType, borrow = false): Rows & { rows: number } {
  const given = asTensor(x);
  const rows = given.shape[0];
  const rowShape = given.shape.slice(1);
  const fits = sameShape(rowShape, inputShape) || (rowShape.length === 0 && sameShape(inputShape, [1]));
  if (rows === undefined || !fits) {
    throw new ShapeError("data/input-shape", {
      received: `x has shape ${showShape(given.shape)}`,
      expected: `the model takes [rows, ${inputShape.join(", ")}]`,
      hint:
        given.rank === 1 && dtypeOf(x) !== undefined
          ? "Give a flat typed array its shape: tensor(values, { shape: [rows, columns] })."
          : "Check inputShape of the first layer, and that every sample is one row.",
    });
  }
  return { rows, rowShape: inputShape, values: finite(given.data, dtype, sizeOf(inputShape), "x", borrow) };
}

/** @throws InvalidArgumentError for a data set without rows. */
export function requireRows(rows: number, doing: string): void {
  if (rows > 0) return;
  throw new InvalidArgumentError("data/no-rows", {
    received: `${doing} was given 0 rows`,
    expected: "at least one is needed",
    hint: "Check the filter or the file that the data came from.",
  });
}

/**
 * The shape of one row's target as it is stored. Class indices drop, and real targets gain or drop, a last axis of 1, so that
 * y [n] stands against predictions [n, 1] and is never broadcast to [n, n].
 */
function alignTargets(rowShape: Shape, outputShape: Shape, loss: Loss, given: Shape): Shape {
  if (loss.alignTargets !== undefined) return loss.alignTargets(given, [given[0] as number, ...outputShape]).slice(1);
  const wanted = loss.targets === "classIndex" ? outputShape.slice(0, -1) : outputShape;
  const candidates = [wanted, [...wanted, 1], ...(wanted.at(-1) === 1 ? [wanted.slice(0, -1)] : [])];
  if (candidates.some((c) => sameShape(c, rowShape))) return wanted;
  const oneHot = loss.targets === "classIndex" && sameShape(rowShape, outputShape);
  throw new ShapeError("data/target-shape", {
    received: `y has shape ${showShape(given)}`,
    expected: `${loss.name} on outputs of shape ${showShape(["rows", ...outputShape] as never)} takes ${showShape(["rows", ...wanted] as never)}`,
    hint: oneHot
      ? "These look like one-hot rows: use categoricalCrossentropy, or pass class indices."
      : loss.targets === "real" && outputShape.length === 1 && rowShape.length < 2
        ? `Encode classes with toCategorical, use a loss on class indices, or give the last layer ${rowShape[0] ?? 1} ${(rowShape[0] ?? 1) === 1 ? "unit" : "units"}.`
        : "Check the units of the last layer.",
  });
}

/** @throws DataError when y holds text. */
function refuseText(y: TensorLike, loss: Loss): void {
  if (!Array.isArray(y)) return;
  for (let row = 0; row < y.length; row++) {
    const value: unknown = Array.isArray(y[row]) ? (y[row] as unknown[]).find((v) => typeof v === "string") : y[row];
    if (typeof value !== "string") continue;
    throw new DataError(
      "data/text-target",
      {
        received: `y holds the text ${JSON.stringify(value)} in row ${row + 1}`,
        expected: `${loss.name} takes numbers`,
        hint: "Encode the labels first: new LabelEncoder().fitTransform(labels).",
      },
      { row: row + 1 },
    );
  }
}

function takeY(y: TensorLike, rows: number, { outputShape, dtype, loss }: Expected): Rows & { dtype: DType } {
  refuseText(y, loss);
  const given = asTensor(y);
  if (given.shape[0] !== rows) {
    throw new ShapeError("data/row-count", {
      received: `x has ${rows} rows and y has ${given.shape[0] ?? "none"}`,
      expected: "every row of x needs its target",
      hint: "Check that both came through the same split.",
    });
  }
  const rowShape = alignTargets(given.shape.slice(1), outputShape, loss, given.shape);
  const width = sizeOf(rowShape);
  if (loss.targets === "classIndex") requireIntegers(given.data, width);
  try {
    loss.checkTargets(given.data, [rows, ...rowShape], [rows, ...outputShape]);
  } catch (error) {
    throw (loss.targets === "classIndex" && countedFromOne(given.data, outputShape.at(-1) ?? 0, error)) || error;
  }
  if (loss.targets === "classIndex") return { rowShape, dtype: "int32", values: convert("int32", given.data) };
  return { rowShape, dtype, values: convert(dtype, given.data) };
}

/** Labels 1 … n on n units were numbered from 1; the error of the first one that is too large does not say so. */
function countedFromOne(labels: TypedArray, units: number, cause: unknown): DataError | undefined {
  const { low, high } = targetFacts(labels, 1);
  if (low !== 1 || high !== units || !(cause instanceof DataError)) return undefined;
  const parts = {
    received: `labels run from 1 to ${units}`,
    expected: `${units} classes are numbered 0 to ${units - 1}`,
    hint: "Subtract 1, or let LabelEncoder number them.",
  };
  return new DataError("data/labels-from-one", parts, cause.location, { cause });
}

function requireIntegers(values: TypedArray, width: number): void {
  const bad = values.findIndex((v) => !Number.isInteger(v));
  if (bad < 0) return;
  const at = locate(bad, width);
  throw new DataError(
    "data/class-index",
    {
      received: `y holds ${values[bad]} in ${say(at)}`,
      expected: "class indices are whole numbers",
      hint: "Encode the labels with LabelEncoder, or use a loss on probabilities.",
    },
    at,
  );
}

/** @throws ShapeError, DataError: one finite weight of 0 or more for each row. */
function takeWeights(weights: TensorLike, rows: number, dtype: FloatDType): TypedArray {
  const given = asTensor(weights);
  if (given.size !== rows) {
    throw new ShapeError("data/weight-count", {
      received: `sampleWeight has shape ${showShape(given.shape)}`,
      expected: `there are ${rows} rows, and each needs one weight`,
      hint: "Pass one number for each row of x.",
    });
  }
  const values = finite(given.data, dtype, 1, "sampleWeight");
  const bad = values.findIndex((w) => w < 0);
  if (bad < 0) return values;
  throw new DataError(
    "data/negative-weight",
    {
      received: `sampleWeight holds ${values[bad]} in row ${bad + 1}`,
      expected: "weights are 0 or more",
      hint: "A negative weight would reward mistakes; drop the row or give it 0.",
    },
    { row: bad + 1 },
  );
}

/** Checks a whole data set. */
export function takeData(x: TensorLike, y: TensorLike, weights: TensorLike | undefined, expected: Expected): DataSet {
  const features = takeX(x, expected.inputShape, expected.dtype);
  const targets = takeY(y, features.rows, expected);
  return {
    rows: features.rows,
    x: features,
    y: targets,
    ...(weights !== undefined && { sampleWeight: takeWeights(weights, features.rows, expected.dtype) }),
  };
}

/** The class of each row: the index itself, the largest entry of a row, or the number rounded. */
function classesOf({ values, rowShape }: Rows): Int32Array {
  const width = sizeOf(rowShape);
  return Int32Array.from({ length: values.length / width }, (_, row) => {
    if (width === 1) return Math.round(values[row] as number);
    const entries = values.subarray(row * width, (row + 1) * width);
    return entries.indexOf(Math.max(...entries));
  });
}

/** Weights by class: an array by index, a record or a Map. Classes without an entry weigh 1. */
export type ClassWeight = Readonly<Record<number, number>> | ReadonlyMap<number, number> | ArrayLike<number>;

/** The data set with each row weighing what its class weighs. @throws InvalidArgumentError for weights that are no weights. */
export function weighClasses(data: DataSet, classWeight: ClassWeight, dtype: FloatDType): DataSet {
  if (data.sampleWeight !== undefined) {
    throw new InvalidArgumentError("fit/two-weights", {
      received: "both sampleWeight and classWeight were given",
      expected: "only one of them can weigh a row",
      hint: "Multiply the class weights into sampleWeight.",
    });
  }
  if (sizeOf(data.y.rowShape) > 1 && data.y.rowShape.length > 1) {
    throw new InvalidArgumentError("fit/class-weight-shape", {
      received: `classWeight was given for targets of shape ${showShape(data.y.rowShape)}`,
      expected: "it needs one class a row",
      hint: "Pass sampleWeight instead.",
    });
  }
  const entries: [number, number][] =
    classWeight instanceof Map
      ? [...classWeight]
      : Object.entries(classWeight).map(([label, weight]) => [Number(label), weight as number]);
  const table = new Map(entries);
  for (const [label, weight] of table) {
    if (Number.isInteger(label) && Number.isFinite(weight) && weight >= 0) continue;
    throw new InvalidArgumentError("fit/class-weight", {
      received: `classWeight gives class ${label} the weight ${weight}`,
      expected: "classes are whole numbers and weights are finite, 0 or more",
      hint: "Pass e.g. { 0: 1, 1: 3 }.",
    });
  }
  const sampleWeight = allocate(dtype, data.rows);
  classesOf(data.y).forEach((label, row) => {
    sampleWeight[row] = table.get(label) ?? 1;
  });
  return { ...data, sampleWeight };
}
