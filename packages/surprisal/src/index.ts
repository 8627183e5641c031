/**
 * Train on labelled data in TypeScript, with losses you can trust. This is where the floors come together: devices and files are chosen
 * here and handed to the trainer, which knows neither.
 */
import { InvalidArgumentError } from "./base/errors.ts";
import { type DeviceLike, get as deviceOf } from "./devices.ts";
import { appendText } from "./files/appendText.ts";
import { modelToBytes, type LoadOptions as ReadOptions, modelFromBytes as readBytes } from "./files/modelBytes.ts";
import { readModel, saveModel } from "./files/modelFile.ts";
import type { LayerSpec } from "./model/contract.ts";
import { buildNetwork } from "./model/sequential.ts";
import type { Host, Terminal } from "./train/contract.ts";
import { refuseUnknown } from "./train/fitOptions.ts";
import { Model, type ModelOptions } from "./train/model.ts";

export * as activations from "./activations.ts";
export { chooseLoss, type LossChoice } from "./advise/chooseLoss.ts";
export {
  type ExplainedArray,
  type ExplainedParameter,
  explainLoss,
  type KinkSlopes,
  type LossExplanation,
} from "./advise/explainLoss.ts";
export type { ConsideredLoss, OutputUnits } from "./advise/lossCases/index.ts";
export {
  type CurveAxis,
  type CurveKind,
  type CurvePoint,
  type LossCurve,
  type LossCurveOptions,
  lossCurve,
} from "./advise/lossCurve.ts";
export type { Circumstances, LossDescription, LossTask, TargetColumn, TargetForm } from "./advise/lossDescription.ts";
export type { DType, FloatDType, TypedArray } from "./base/dtype.ts";
export {
  AbortError,
  DataError,
  type DataLocation,
  DTypeError,
  type ErrorParts,
  InvalidArgumentError,
  ModelFileError,
  NumericError,
  ShapeError,
  SurprisalError,
  UnknownNameError,
} from "./base/errors.ts";
export { suggestNames } from "./base/nearest.ts";
export type { Shape } from "./base/shape.ts";
export { type NestedArray, Tensor, type TensorLike, type TensorOptions, tensor } from "./base/tensor.ts";
export type { Warning } from "./base/warning.ts";
export * as callbacks from "./callbacks.ts";
export type { Explanation } from "./compile/measure.ts";
export * as constraints from "./constraints.ts";
export * as data from "./data.ts";
export type { Device, DeviceLike } from "./devices.ts";
export * as devices from "./devices.ts";
export { FileError } from "./files/fileError.ts";
export { version } from "./files/version.ts";
export * as initializers from "./initializers.ts";
export * as layers from "./layers.ts";
export * as losses from "./losses.ts";
export * as metrics from "./metrics.ts";
export * as optimizers from "./optimizers.ts";
export * as regularizers from "./regularizers.ts";
export * as schedules from "./schedules.ts";
export type { CompiledConfig, OwnParts } from "./train/compiledConfig.ts";
export type { CompileOptions } from "./train/compileOptions.ts";
export type { Callback, CallbackContext, SaveOptions, Terminal } from "./train/contract.ts";
export type { ExplainOptions } from "./train/explain.ts";
export type { EvaluateOptions, TrainOnBatchOptions } from "./train/fed.ts";
export type { FitOptions, Order, ValidationData } from "./train/fitOptions.ts";
export type { History, Logs, RunEnd } from "./train/history.ts";
export type { ClassWeight } from "./train/intake.ts";
export type { ModelConfig } from "./train/model.ts";
export type { PredictOptions } from "./train/predict.ts";
export type { Predictor } from "./train/predictor.ts";
export type { ModelState } from "./train/state.ts";
export type { LayerSpec, Model };

/** The outside world, where there is one: a page has neither files nor a terminal. */
const host: Host = {
  save: (model, path, options) => saveModel(model as Model, path, options),
  toBytes: (model, options) => modelToBytes(model as Model, options),
  appendText,
  get terminal(): Terminal | undefined {
    return (globalThis as { process?: { stderr?: Terminal } }).process?.stderr;
  },
};

/** What `sequential` takes besides the layers. */
export interface SequentialOptions extends Pick<ModelOptions, "seed" | "dtype"> {
  /** Where it computes. Default `"auto"`: WebAssembly. */
  readonly device?: DeviceLike;
}

/**
 * A model of layers in a row. The first one says the shape of a row: `layers.dense(64, { inputShape: [20] })`. Weights are drawn from
 * `seed`, so that a program gives the same numbers every time until another one is passed.
 * @throws InvalidArgumentError, ShapeError for layers that do not go together; UnknownNameError for an option or device that does not exist.
 */
export function sequential(layers: readonly LayerSpec[], options: SequentialOptions = {}): Model {
  refuseUnknown("sequential", options, ["seed", "dtype", "device"]);
  const { device, ...rest } = options;
  return new Model(buildNetwork(layers), { ...rest, device: deviceOf(device), host });
}

/** How a model file is read. */
export interface LoadOptions extends ReadOptions {
  /** Where the model computes. Default `"auto"`: WebAssembly. */
  readonly device?: DeviceLike;
}

const loadOptions = ["device", "compile", "checkPreprocessing", "optimizer", "losses", "metrics"];

/**
 * The model that `model.save(path)` wrote. It predicts what it did, bit for bit; saved with `{ optimizer: true }`, it also goes on training
 * as if it had never stopped. A file is data: nothing in it is executed, and what is not a sound model is refused before any of it is used.
 * @throws ModelFileError for such a file; FileError for one that cannot be read; UnknownNameError for an option that does not exist.
 */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<Model> {
  refuseUnknown("loadModel", options, loadOptions);
  return readModel(path, { device: deviceOf(options.device), host }, options);
}

/**
 * The model in bytes that `model.toBytes()` gave or `model.save` wrote, as `loadModel` reads it; the way for a page.
 * @throws ModelFileError; UnknownNameError for an option that does not exist.
 */
export async function modelFromBytes(bytes: Uint8Array, options: LoadOptions = {}): Promise<Model> {
  refuseUnknown("modelFromBytes", options, loadOptions);
  if (!(bytes instanceof Uint8Array)) {
    throw new InvalidArgumentError("model-from-bytes/no-bytes", {
      received: `${bytes === null ? "null" : `a ${typeof bytes}`} was given as a model's bytes`,
      expected: "a Uint8Array is needed",
      hint: "Wrap an ArrayBuffer: new Uint8Array(await response.arrayBuffer()). For a path there is loadModel.",
    });
  }
  return readBytes(bytes, { device: deviceOf(options.device), host }, options);
}
