/** The options of `fit`, checked once. */
import { InvalidArgumentError, unknownName } from "../base/errors.ts";
import type { TensorLike } from "../base/tensor.ts";
import { ThreefryStream } from "../base/threefry.ts";
import type { Callback } from "./contract.ts";
import type { ClassWeight } from "./intake.ts";

/** Rows to look at after epochs: `[x, y]`, `[x, y, sampleWeight]`, or the same by name. */
export type ValidationData =
  | readonly [x: TensorLike, y: TensorLike, sampleWeight?: TensorLike]
  | { readonly x: TensorLike; readonly y: TensorLike; readonly sampleWeight?: TensorLike };

/** The order of an epoch's rows: a permutation of 0 … n−1. */
export type Order = (epoch: number, n: number) => ArrayLike<number>;

/** What `fit` takes besides the data. */
export interface FitOptions {
  /** Where training ends: epochs count from `initialEpoch` up to this. A whole number from 0. Default 1. */
  readonly epochs?: number;
  /** Rows a step, 1 or more. The last batch of an epoch may hold fewer. Default 32. */
  readonly batchSize?: number;
  /** The share of rows, from the end, that is never trained on and measured after epochs: 0 ≤ share < 1. Default 0. */
  readonly validationSplit?: number;
  /** Rows to measure instead; `validationSplit` is then not used. */
  readonly validationData?: ValidationData;
  /** Default: `batchSize`. */
  readonly validationBatchSize?: number;
  /** Measure after every so many epochs, or after those listed (counted from 1). Default 1. */
  readonly validationFreq?: number | readonly number[];
  /** One weight a row. The loss of a batch is Σ weight · loss / rows, as in Keras. */
  readonly sampleWeight?: TensorLike;
  /** One weight a class, for training rows only; classes without an entry weigh 1. */
  readonly classWeight?: ClassWeight;
  readonly callbacks?: readonly Callback[];
  /**
   * Whether each epoch takes the training rows in a new order, drawn from `seed` and the epoch. A function gives the order itself,
   * to follow a run of another trainer. Default true.
   */
  readonly shuffle?: boolean | Order;
  /** For the order of rows. Any whole number; default 0. (Weights and dropout draw from the model's seed.) */
  readonly seed?: number;
  /** Ends training with an AbortError; the weights so far stay. */
  readonly signal?: AbortSignal;
  /** 0: silent. 1: progress when a person watches. 2: one line an epoch, wherever it goes. Default 1. */
  readonly verbose?: 0 | 1 | 2;
  /** The first epoch's number, to go on where a run ended. Default 0. */
  readonly initialEpoch?: number;
}

/** What is left to decide once options are checked. */
export interface FitSettings {
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly batchSize: number;
  readonly validationBatchSize: number;
  readonly validationSplit: number;
  readonly callbacks: readonly Callback[];
  readonly verbose: 0 | 1 | 2;
  readonly signal: AbortSignal | undefined;
  validates(epoch: number): boolean;
  order(epoch: number, n: number): Int32Array;
}

const known: Record<keyof FitOptions, true> = {
  epochs: true,
  batchSize: true,
  validationSplit: true,
  validationData: true,
  validationBatchSize: true,
  validationFreq: true,
  sampleWeight: true,
  classWeight: true,
  callbacks: true,
  shuffle: true,
  seed: true,
  signal: true,
  verbose: true,
  initialEpoch: true,
};

/** @throws UnknownNameError for an option that does not exist. */
export function refuseUnknown(what: string, options: object, names: readonly string[]): void {
  for (const name of Object.keys(options)) if (!names.includes(name)) throw unknownName(`${what} option`, name, names);
}

/** @throws InvalidArgumentError for anything but a whole number from `least`. */
export function wholeNumber(name: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new InvalidArgumentError("fit/option", {
    received: `${name} is ${String(value)}`,
    expected: `it must be a whole number, ${least} or more`,
    hint: `Pass e.g. ${name}: ${Math.max(least, name === "batchSize" ? 32 : 1)}.`,
  });
}

export function readFitOptions(options: FitOptions): FitSettings {
  refuseUnknown("fit", options, Object.keys(known));
  const batchSize = wholeNumber("batchSize", options.batchSize ?? 32, 1);
  const { validationSplit = 0, validationFreq = 1, shuffle = true, verbose = 1 } = options;
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    throw new InvalidArgumentError("fit/option", {
      received: `validationSplit is ${String(validationSplit)}`,
      expected: "it must be a share of the rows, from 0 up to but not including 1",
      hint: "Pass e.g. validationSplit: 0.2.",
    });
  }
  if (![0, 1, 2].includes(verbose)) {
    throw new InvalidArgumentError("fit/option", {
      received: `verbose is ${String(verbose)}`,
      expected: "it must be 0, 1 or 2",
      hint: "0 is silent, 1 shows progress on a terminal, 2 writes one line an epoch.",
    });
  }
  if (!["boolean", "function"].includes(typeof shuffle)) {
    throw new InvalidArgumentError("fit/option", {
      received: `shuffle is ${String(shuffle)}`,
      expected: "it must be true, false, or a function of (epoch, n)",
      hint: "Leave it out to shuffle every epoch.",
    });
  }
  const seed = wholeNumber("seed", options.seed ?? 0, Number.MIN_SAFE_INTEGER);
  const listed = typeof validationFreq === "number" ? undefined : new Set(validationFreq);
  const every = listed === undefined ? wholeNumber("validationFreq", validationFreq, 1) : 1;
  return {
    epochs: wholeNumber("epochs", options.epochs ?? 1, 0),
    initialEpoch: wholeNumber("initialEpoch", options.initialEpoch ?? 0, 0),
    batchSize,
    validationBatchSize: wholeNumber("validationBatchSize", options.validationBatchSize ?? batchSize, 1),
    validationSplit: options.validationData === undefined ? validationSplit : 0,
    callbacks: options.callbacks ?? [],
    verbose,
    signal: options.signal,
    validates: (epoch) => (listed === undefined ? (epoch + 1) % every === 0 : listed.has(epoch + 1)),
    order(epoch, n) {
      if (typeof shuffle === "function") return checkedOrder(shuffle(epoch, n), n, epoch);
      return shuffle ? new ThreefryStream(seed, epoch).permutation(n) : Int32Array.from({ length: n }, (_, i) => i);
    },
  };
}

/** @throws InvalidArgumentError unless each row comes exactly once. */
function checkedOrder(given: ArrayLike<number>, n: number, epoch: number): Int32Array {
  const order = Int32Array.from(given);
  const seen = new Uint8Array(n);
  for (const row of order) if (row >= 0 && row < n) seen[row] = 1;
  if (order.length === n && seen.every((s) => s === 1)) return order;
  throw new InvalidArgumentError("fit/order", {
    received: `shuffle gave ${order.length} rows for epoch ${epoch}`,
    expected: `it must give each of the ${n} training rows, 0 to ${n - 1}, exactly once`,
    hint: "Return a permutation, e.g. from a seeded generator.",
  });
}
