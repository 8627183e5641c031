/** What optimizers, metrics and callbacks are to the trainer. */
import type { FloatDType } from "../base/dtype.ts";
import type { Shape } from "../base/shape.ts";
import type { Warning } from "../base/warning.ts";
import type { Node } from "../graph/index.ts";
import type { Logs } from "./history.ts";

/** A per-parameter (or, for `globals`, one-for-all) value that an optimizer keeps between steps. */
export interface SlotSpec {
  readonly name: string;
  readonly initial: number;
}

export interface UpdateInputs {
  readonly parameter: Node;
  readonly gradient: Node;
  readonly slots: Readonly<Record<string, Node>>;
  /** Scalars as they were before this update; `updateGlobals` gives what follows, once for all parameters. */
  readonly globals: Readonly<Record<string, Node>>;
  /** Scalars in the parameter's dtype: the rate now, and the number of this update, from 1. */
  readonly learningRate: Node;
  readonly step: Node;
}

/** A pure optimizer: what an update is, as nodes. The trainer holds the state. */
export interface Optimizer {
  readonly name: string;
  /** The rate at the update index (from 0) when a schedule is used, else the constant. */
  readonly learningRate: number | ((updateIndex: number) => number);
  readonly slots: readonly SlotSpec[];
  /** Scalars shared by all parameters (Nadam's momentum product). */
  readonly globals: readonly SlotSpec[];
  /** Clipping and the like, seeing all gradients at once, in the order of the parameters. */
  transformGradients(gradients: readonly Node[]): Node[];
  update(inputs: UpdateInputs): { readonly parameter: Node; readonly slots: Readonly<Record<string, Node>> };
  updateGlobals?(inputs: { globals: Readonly<Record<string, Node>>; step: Node }): Readonly<Record<string, Node>>;
  /** The slot that holds the averages which `fit` leaves in the weights when it ends, for optimizers that keep them. */
  readonly averageSlot?: string;
  toConfig(): { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
}

export interface MetricInputs {
  readonly yTrue: Node;
  readonly yPred: Node;
  /** Aligned with the rows; absent means 1. */
  readonly sampleWeight?: Node;
  readonly state: Readonly<Record<string, Node>>;
}

/** A streaming metric: its state is updated inside the step and read when somebody looks. State is float64. */
export interface Metric {
  readonly name: string;
  readonly state: readonly { readonly name: string; readonly shape: Shape; readonly initial: number }[];
  update(inputs: MetricInputs): Readonly<Record<string, Node>>;
  /** The value from the state, on the host; the first one of a metric that has several. */
  result(state: Readonly<Record<string, ArrayLike<number>>>): number;
  /** All values, for metrics that have several (one a threshold). */
  values?(state: Readonly<Record<string, ArrayLike<number>>>): readonly number[];
  /** Which way is better, for callbacks that monitor it. */
  readonly better?: "higher" | "lower";
  toConfig(): { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
}

/** What a callback can see and do. */
export interface CallbackContext {
  /** The number of the last epoch plus one, as `fit` was told. */
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly dtype: FloatDType;
  /** Every name that an epoch's logs may hold. */
  readonly columns: readonly string[];
  /** What was seen at the start and is probably not meant. */
  readonly warnings: readonly Warning[];
  /** Which way a column is better: losses lower, metrics as they declare; undefined where nobody said. */
  better(column: string): "higher" | "lower" | undefined;
  /** The rate of the next update. Setting it takes effect at once, and for good. */
  learningRate: number;
  getWeights(): Promise<Float64Array[]>;
  setWeights(weights: readonly ArrayLike<number>[]): void;
  save(path: string): Promise<void>;
  appendText(path: string, text: string, options: { truncate: boolean }): Promise<void>;
  /** Where words for a person go; undefined when there is no such place. */
  readonly terminal: Terminal | undefined;
  /** Ends training, with a reason that `History` keeps: after this batch in a batch's hook, else after this epoch. */
  stop(reason: string): void;
  /** Why a value of `logs` is not finite: which input rows, layer and step; for terminateOnNaN. */
  explainNonFinite(): Promise<string>;
}

/** Hooks; each may be async. Epochs and batches count from 0. */
export interface Callback {
  readonly name: string;
  /** Changes the rate, so that the epochs' logs hold `learningRate`: the rate that the epoch was trained with. */
  readonly changesLearningRate?: boolean;
  /** Will ask `explainNonFinite`: the trainer keeps what it needs to replay the epoch. */
  readonly explains?: boolean;
  /** Shows progress itself: `fit` then adds no display of its own. */
  readonly showsProgress?: boolean;
  onTrainBegin?(context: CallbackContext): void | Promise<void>;
  onEpochBegin?(epoch: number, context: CallbackContext): void | Promise<void>;
  /** `logs` hold the epoch's running values. They are read from the device only when some callback has this hook. */
  onBatchEnd?(batch: number, logs: Logs, context: CallbackContext): void | Promise<void>;
  /** About every ten milliseconds, between batches; `read` fetches the running values, so ask rarely. */
  onPause?(batch: number, read: () => Promise<Logs>, context: CallbackContext): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs, context: CallbackContext): void | Promise<void>;
  /** Runs also when training was aborted or a callback threw. */
  onTrainEnd?(logs: Logs, context: CallbackContext): void | Promise<void>;
}

/** A place for words: `process.stderr` is one. */
export interface Terminal {
  write(text: string): unknown;
  /** Whether a person watches, and lines can be rewritten. */
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What goes into a model's file besides the model. */
export interface SaveOptions {
  /** Also the optimizer's state, so that training can go on as if it had never stopped. Default false. */
  readonly optimizer?: boolean;
  /** Text by key, to be read by any tool; it is added to `model.metadata`. Keys that begin with `surprisal.` are taken. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What needs a world outside: `index.ts` wires it. */
export interface Host {
  save(model: unknown, path: string, options?: SaveOptions): Promise<void>;
  appendText(path: string, text: string, options: { truncate: boolean }): Promise<void>;
  toBytes?(model: unknown, options?: SaveOptions): Promise<Uint8Array>;
  readonly terminal?: Terminal | undefined;
}
