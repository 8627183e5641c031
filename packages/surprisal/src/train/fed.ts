/** `evaluate`, `predict` and `trainOnBatch`: batches written to the device one by one, through programs kept between calls. */
import { allocate } from "../base/dtype.ts";
import { sizeOf } from "../base/shape.ts";
import { Tensor, type TensorLike } from "../base/tensor.ts";
import { type DataSet, fed, makeResident, type ResidentSet } from "./batch.ts";
import type { CellGroup } from "./cells.ts";
import type { Core } from "./core.ts";
import { expectedOf } from "./fitData.ts";
import { wholeNumber } from "./fitOptions.ts";
import type { Logs } from "./history.ts";
import { type ClassWeight, requireRows, takeData, takeX, weighClasses } from "./intake.ts";
import { Pacer } from "./pause.ts";
import { evaluateStep, predictStep, trainStep } from "./step.ts";

/** A batch's cells, empty. */
function batchCells(core: Core, group: CellGroup, data: DataSet, rows: number): ResidentSet {
  const { sampleWeight, ...rest } = data;
  const blank = { ...rest, rows, x: { ...data.x, values: allocate(core.dtype, rows * sizeOf(data.x.rowShape)) } };
  const y = { ...data.y, values: allocate(data.y.dtype, rows * sizeOf(data.y.rowShape)) };
  return makeResident(
    group,
    { ...blank, y, ...(sampleWeight && { sampleWeight: allocate(core.dtype, rows) }) },
    core.dtype,
  );
}

/** Writes rows `from` … `from + rows` of the data set into a batch's cells. */
function feed(core: Core, cells: ResidentSet, data: DataSet, from: number, rows: number): void {
  const part = (values: DataSet["x"]["values"], width: number) => values.subarray(from * width, (from + rows) * width);
  core.device.write(cells.x.buffer, part(data.x.values, sizeOf(data.x.rowShape)));
  core.device.write(cells.y.buffer, part(data.y.values, sizeOf(data.y.rowShape)));
  if (cells.sampleWeight) core.device.write(cells.sampleWeight.buffer, part(data.sampleWeight as Float32Array, 1));
}

/** What `evaluate` takes besides the rows. */
export interface EvaluateOptions {
  /** Rows a step; it does not change the result beyond rounding. Default 32. */
  readonly batchSize?: number;
  readonly sampleWeight?: TensorLike;
}

/** @returns `loss` (with penalties) and the metrics over all rows. */
export function evaluate(core: Core, x: TensorLike, y: TensorLike, options: EvaluateOptions = {}): Promise<Logs> {
  const compiled = core.compiled("evaluate");
  const batchSize = wholeNumber("batchSize", options.batchSize ?? 32, 1);
  const data = takeData(x, y, options.sampleWeight, expectedOf(core, compiled));
  requireRows(data.rows, "evaluate");
  return core.programs.exclusive(async () => {
    const pacer = new Pacer();
    const { meters } = compiled;
    meters.reset();
    for (let from = 0; from < data.rows; from += batchSize) {
      const rows = Math.min(batchSize, data.rows - from);
      const key = `evaluate ${rows} ${data.sampleWeight !== undefined}`;
      const step = await core.programs.get(key, (group) => {
        const cells = batchCells(core, group, data, rows);
        return { cells, program: evaluateStep(core.weights, compiled.loss, fed(cells), meters) };
      });
      feed(core, step.cells, data, from, rows);
      await step.run();
      if (pacer.due) await pacer.pause();
    }
    return meters.read();
  });
}

/** @returns the output for every row, shape [rows, …outputShape], in the model's dtype. */
export function predict(core: Core, x: TensorLike, options: { readonly batchSize?: number } = {}): Promise<Tensor> {
  core.requireAlive("predict");
  const batchSize = wholeNumber("batchSize", options.batchSize ?? 32, 1);
  const { inputShape, outputShape } = core.network;
  const data = takeX(x, inputShape, core.dtype);
  const widthIn = sizeOf(inputShape);
  const widthOut = sizeOf(outputShape);
  const result = allocate(core.dtype, data.rows * widthOut);
  return core.programs.exclusive(async () => {
    const pacer = new Pacer();
    for (let from = 0; from < data.rows; from += batchSize) {
      const rows = Math.min(batchSize, data.rows - from);
      const step = await core.programs.get(`predict ${rows}`, (group) => {
        const input = group.make("x", core.dtype, [rows, ...inputShape]);
        const output = group.make("output", core.dtype, [rows, ...outputShape]);
        return { cells: { input, output }, program: predictStep(core.weights, input, output) };
      });
      core.device.write(step.cells.input.buffer, data.values.subarray(from * widthIn, (from + rows) * widthIn));
      await step.run();
      result.set((await core.device.read(step.cells.output.buffer)).data, from * widthOut);
      if (pacer.due) await pacer.pause();
    }
    return new Tensor(result, [data.rows, ...outputShape]);
  });
}

/** What `trainOnBatch` takes besides the rows. */
export interface TrainOnBatchOptions {
  readonly sampleWeight?: TensorLike;
  readonly classWeight?: ClassWeight;
}

/** One update on all rows at once. @returns their loss and metrics, from before the update. */
export function trainOnBatch(
  core: Core,
  x: TensorLike,
  y: TensorLike,
  options: TrainOnBatchOptions = {},
): Promise<Logs> {
  const compiled = core.compiled("trainOnBatch");
  const checked = takeData(x, y, options.sampleWeight, expectedOf(core, compiled));
  requireRows(checked.rows, "trainOnBatch");
  const data = options.classWeight === undefined ? checked : weighClasses(checked, options.classWeight, core.dtype);
  const { loss, state, meters } = compiled;
  return core.programs.exclusive(async () => {
    const key = `train ${data.rows} ${data.sampleWeight !== undefined}`;
    const step = await core.programs.get(key, (group) => {
      const cells = batchCells(core, group, data, data.rows);
      return { cells, program: trainStep(core.weights, loss, state, fed(cells), meters) };
    });
    meters.reset();
    feed(core, step.cells, data, 0, data.rows);
    state.beforeUpdate();
    await step.run();
    state.afterUpdate();
    return meters.read();
  });
}
