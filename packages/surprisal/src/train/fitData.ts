/** Splits what `fit` was given into training and validation rows, and brings them to the device. */
import { InvalidArgumentError } from "../base/errors.ts";
import type { TensorLike } from "../base/tensor.ts";
import { type DataSet, makeResident, type ResidentSet } from "./batch.ts";
import type { CellGroup } from "./cells.ts";
import type { Compiled, Core } from "./core.ts";
import type { FitOptions, FitSettings, ValidationData } from "./fitOptions.ts";
import { type Expected, requireRows, takeData, weighClasses } from "./intake.ts";
import { refuseOneClass } from "./oneClass.ts";

export interface FitData {
  readonly train: ResidentSet;
  readonly trainRows: number;
  readonly validation: ResidentSet | undefined;
  /** The validation rows' numbers in their set. */
  readonly validationRows: Int32Array;
}

/** Checked data, still on the host. */
export interface HostData {
  readonly data: DataSet;
  readonly trainRows: number;
  /** Rows that come with a set of their own. */
  readonly validation: DataSet | undefined;
  /** The rows as validation sees them: without class weights. */
  readonly unweighted: DataSet;
}

const named = (given: ValidationData) =>
  "x" in given ? given : { x: given[0], y: given[1], ...(given[2] !== undefined && { sampleWeight: given[2] }) };

/** What data must look like for this model. */
export function expectedOf(core: Core, { loss }: Compiled): Expected {
  const { inputShape, outputShape } = core.network;
  return { inputShape, outputShape, dtype: core.dtype, loss };
}

/** Checks everything before anything is allocated. */
export function takeFitData(
  core: Core,
  compiled: Compiled,
  x: TensorLike,
  y: TensorLike,
  options: FitOptions,
  settings: FitSettings,
): HostData {
  const expected = expectedOf(core, compiled);
  const unweighted = takeData(x, y, options.sampleWeight, expected);
  requireRows(unweighted.rows, "fit");
  refuseOneClass(unweighted, compiled.loss);
  // The rows before the split are the training part, as Keras counts them (in floating point).
  const trainRows = Math.floor(unweighted.rows * (1 - settings.validationSplit));
  if (trainRows === 0) {
    throw new InvalidArgumentError("fit/nothing-to-train-on", {
      received: `validationSplit ${settings.validationSplit} of ${unweighted.rows} rows was asked for`,
      expected: "that leaves no row to train on",
      hint: "Lower validationSplit or pass more rows.",
    });
  }
  const data =
    options.classWeight === undefined ? unweighted : weighClasses(unweighted, options.classWeight, core.dtype);
  let validation: DataSet | undefined;
  if (options.validationData !== undefined) {
    const given = named(options.validationData);
    validation = takeData(given.x, given.y, given.sampleWeight, expected);
    requireRows(validation.rows, "validationData");
  }
  return { data, trainRows, validation, unweighted };
}

const upTo = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);

export function placeFitData(core: Core, group: CellGroup, host: HostData): FitData {
  const { data, trainRows, validation, unweighted } = host;
  const train = makeResident(group, data, core.dtype);
  if (validation !== undefined) {
    const placed = makeResident(group, validation, core.dtype);
    return { train, trainRows, validation: placed, validationRows: upTo(0, validation.rows) };
  }
  if (trainRows === data.rows) return { train, trainRows, validation: undefined, validationRows: upTo(0, 0) };
  // Sample weights follow the rows into validation; class weights do not.
  const { sampleWeight: _, ...bare } = train;
  return {
    train,
    trainRows,
    validation: unweighted.sampleWeight === undefined ? bare : train,
    validationRows: upTo(trainRows, data.rows),
  };
}
