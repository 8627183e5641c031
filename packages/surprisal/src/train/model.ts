/** The model a user holds: a network with its values on a device, and what it is trained with. */
import type { FloatDType } from "../base/dtype.ts";
import { InvalidArgumentError } from "../base/errors.ts";
import { Tensor, type TensorLike, tensor } from "../base/tensor.ts";
import type { Device } from "../compile/device.ts";
import type { Explanation } from "../compile/measure.ts";
import type { Network } from "../model/contract.ts";
import { type CompiledConfig, compiledConfig } from "./compiledConfig.ts";
import { type CompileOptions, resolveCompileOptions } from "./compileOptions.ts";
import type { Host, SaveOptions } from "./contract.ts";
import { type Compiled, Core } from "./core.ts";
import { type ExplainOptions, explain } from "./explain.ts";
import { type EvaluateOptions, evaluate, type TrainOnBatchOptions, trainOnBatch } from "./fed.ts";
import { fit } from "./fit.ts";
import { type FitOptions, wholeNumber } from "./fitOptions.ts";
import type { History, Logs } from "./history.ts";
import { bytesThrough, saveThrough } from "./host.ts";
import { type PredictOptions, predict } from "./predict.ts";
import { makePredictor, type Predictor } from "./predictor.ts";
import { getState, type ModelState, setState } from "./state.ts";

/** What a model is made with. */
export interface ModelOptions {
  /** For weights and dropout. Any whole number; default 0. */
  readonly seed?: number;
  /** Default `float32`. */
  readonly dtype?: FloatDType;
  readonly device: Device;
  readonly host?: Host;
  /** First values, in the order of `network.weights`. Default: drawn from `seed`. */
  readonly initialWeights?: readonly ArrayLike<number>[];
}

/** What a configuration holds: enough to build the same model again. */
export interface ModelConfig {
  readonly layers: ReturnType<Network["toConfig"]>;
  readonly dtype: FloatDType;
  readonly seed: number;
  readonly compiled?: CompiledConfig;
}

/** Layers with their weights on a device; `sequential` makes one. */
export class Model {
  /** Plain data that goes with the model into its files, as it is: how raw rows become inputs, what labels are called. */
  preprocessing: unknown;
  /** Text by key that goes with the model into its files: where it came from, a licence. */
  metadata: Readonly<Record<string, string>> = {};
  readonly #core: Core;
  #history: History | undefined;

  /** Initial weights are drawn from `seed`. Users call `sequential`, which finds a device. */
  constructor(network: Network, { seed = 0, dtype = "float32", device, host, initialWeights }: ModelOptions) {
    if (dtype !== "float32" && dtype !== "float64") {
      throw new InvalidArgumentError("model/dtype", {
        received: `dtype is ${JSON.stringify(dtype)}`,
        expected: `a model computes in "float32" or "float64"`,
        hint: "Leave it out for float32.",
      });
    }
    wholeNumber("seed", seed, Number.MIN_SAFE_INTEGER);
    this.#core = new Core(network, { device, dtype, seed, host, initialWeights });
  }

  get network(): Network {
    return this.#core.network;
  }

  get dtype(): FloatDType {
    return this.#core.dtype;
  }

  get device(): Device {
    return this.#core.device;
  }

  get seed(): number {
    return this.#core.seed;
  }

  /** The record of the last `fit`, also of one that is running, was aborted or failed. */
  get history(): History | undefined {
    return this.#history;
  }

  /** What `compile` settled, or undefined before it. */
  get compiled(): Compiled | undefined {
    return this.#core.settled;
  }

  /** The rate of the next update. @throws InvalidArgumentError before `compile`, or when a schedule sets it. */
  get learningRate(): number {
    return this.#core.compiled("learningRate").state.rate;
  }

  set learningRate(rate: number) {
    this.#core.compiled("learningRate").state.rate = rate;
  }

  /**
   * Says how to train: again, and the optimizer starts afresh on the weights as they are.
   * @throws UnknownNameError for a name that is not known; InvalidArgumentError for parts that do not go together.
   */
  compile(options: CompileOptions): void {
    this.#requireIdle("compile");
    this.#core.compile(resolveCompileOptions(options, this.network));
  }

  /**
   * Trains on rows `x` [rows, …inputShape] and their targets `y`.
   * @throws ShapeError, DTypeError, DataError (row and column) for data that does not fit, InvalidArgumentError and UnknownNameError
   * for options, all before the first step; AbortError when `signal` fires, NumericError from `terminateOnNaN({ raiseError: true })`.
   */
  async fit(x: TensorLike, y: TensorLike, options: FitOptions = {}): Promise<History> {
    return this.#training("fit", () =>
      fit(this.#core, this, x, y, options, (history) => {
        this.#history = history;
      }),
    );
  }

  /**
   * Loss (penalties included) and metrics over all rows, with the weights as they are.
   * @throws as `fit` does, for data that does not fit.
   */
  async evaluate(x: TensorLike, y: TensorLike, options: EvaluateOptions = {}): Promise<Logs> {
    return evaluate(this.#core, x, y, options);
  }

  /**
   * Outputs for rows: a tensor [rows, …outputShape] in the model's dtype. The rows are read until the promise resolves.
   * @throws as `fit` does, for data that does not fit.
   */
  async predict(x: TensorLike, options: PredictOptions = {}): Promise<Tensor> {
    return predict(this.#core, x, options);
  }

  /**
   * Prepares a function that predicts at once: `const score = await model.predictor(); score([5.1, 3.5, 1.4, 0.2])`. It takes what `predict`
   * takes, and one row alone, and gives the same numbers to the last bit. It is the model that it asks: what `fit`, `setWeights` or `setState`
   * change shows in the next call, also in the middle of a fit; `compile` changes nothing for it. The model stays in memory as long as the
   * function does.
   * @throws InvalidArgumentError on a device that cannot answer at once. The function throws as `predict` does, for data that does not fit.
   */
  async predictor(options: PredictOptions = {}): Promise<Predictor> {
    return makePredictor(this.#core, options);
  }

  /** One update on all rows given. @returns their loss and metrics as they were before it. */
  async trainOnBatch(x: TensorLike, y: TensorLike, options: TrainOnBatchOptions = {}): Promise<Logs> {
    return this.#training("trainOnBatch", () => trainOnBatch(this.#core, x, y, options));
  }

  /** All weights in Keras's order: layer by layer, trainable or not. */
  async getWeights(): Promise<Tensor[]> {
    return this.#core.getWeights();
  }

  /** Takes weights in the order of `getWeights`. @throws ShapeError when count or shapes differ; nothing is changed then. */
  setWeights(weights: readonly TensorLike[]): void {
    const given = weights.map((w) =>
      w instanceof Tensor ? w : ArrayBuffer.isView(w) ? tensor(w) : tensor(w, { dtype: "float64" }),
    );
    this.#core.setWeights(
      given.map((t) => t.data),
      given.map((t, i) => (ArrayBuffer.isView(weights[i]) ? (this.network.weights[i]?.shape ?? t.shape) : t.shape)),
    );
  }

  /** Weights, optimizer state and counters: a model with the same layers and optimizer goes on from it bit by bit. */
  async getState(): Promise<ModelState> {
    return getState(this.#core);
  }

  /** @throws InvalidArgumentError when the state is another model's; nothing is changed then. */
  setState(state: ModelState): void {
    setState(this.#core, state);
  }

  /** The layers, their output shapes and parameters, as a table. */
  summary(): string {
    return this.network.summary();
  }

  /**
   * What a training step of `batchSize` rows compiles to on this device: passes, kernels, operations, bytes, memory. With `measure` also how
   * long each kernel takes, and how far that is from what this machine can do; the model stays as it is. Text, or with
   * `format: "record"` the figures. With `render` the step in another form: `renderC` of `surprisal/devices` gives it as C to read or compile.
   * @throws InvalidArgumentError before `compile`, and when `render` is no function; UnknownNameError for an option that does not exist.
   */
  async explain(options: ExplainOptions & { readonly format: "record" }): Promise<Explanation>;
  async explain(options?: ExplainOptions & { readonly format?: "text" }): Promise<string>;
  async explain(options: ExplainOptions = {}): Promise<string | Explanation> {
    return explain(this.#core, options);
  }

  /** Layers, dtype, seed and, once compiled, optimizer, loss and metrics, as plain data. */
  toConfig(): ModelConfig {
    const { compiled } = this;
    return {
      layers: this.network.toConfig(),
      dtype: this.dtype,
      seed: this.seed,
      ...(compiled && { compiled: compiledConfig(compiled) }),
    };
  }

  /** Writes the model to one file. @throws ModelFileError and the like; InvalidArgumentError where there is no file system. */
  async save(path: string, options?: SaveOptions): Promise<void> {
    await saveThrough(this.#core.host, this, path, options);
  }

  /** The bytes that `save` writes. */
  async toBytes(options?: SaveOptions): Promise<Uint8Array> {
    return bytesThrough(this.#core.host, this, options);
  }

  /**
   * Gives the model's memory on the device back now: weights, optimizer state, loaded programs. Nobody has to call it, for a model that
   * is no longer reachable is given back too, when the engine gets to it; it is for programs that make many large models in a row.
   * `getWeights`, `save` and the like must come before it: whatever touches weights afterwards throws. A second call does nothing.
   * @throws InvalidArgumentError while the model is being trained.
   */
  dispose(): void {
    this.#requireIdle("dispose");
    this.#core.dispose();
  }

  #requireIdle(doing: string): void {
    if (!this.#core.busy) return;
    throw new InvalidArgumentError("model/busy", {
      received: `${doing} was called`,
      expected: "this model is being trained",
      hint: "Await the call that trains it first; evaluate and predict may run at any time.",
    });
  }

  async #training<T>(doing: string, work: () => Promise<T>): Promise<T> {
    this.#requireIdle(doing);
    this.#core.busy = true;
    try {
      return await work();
    } finally {
      this.#core.busy = false;
    }
  }
}
