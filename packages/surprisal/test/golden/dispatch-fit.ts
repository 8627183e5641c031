/** Runs golden cases of whole training runs and of callbacks. */
import type { Device } from "../../src/compile/device.ts";
import type { Loss } from "../../src/loss/contract.ts";
import type { Callback, CallbackContext } from "../../src/train/contract.ts";
import { lossesAsKeras } from "./asKeras.ts";
import {
  close,
  differences,
  judged,
  type Nested,
  numbersOf,
  type Outcome,
  type Tolerance,
  trainingTolerance,
  unsupported,
} from "./compare.ts";
import { callbacks, losses, Model, metrics, model, optimizers, tensor } from "./library.ts";
import { type Described, optimizerInOurWords } from "./words.ts";

export interface FitRunOptions {
  readonly dtype: "float32" | "float64";
  readonly device: Device;
}

export interface FitCase {
  readonly id: string;
  readonly inputShape: readonly number[];
  readonly data: Rows & { readonly validation?: Rows };
  readonly layers: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[];
  readonly loss: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly optimizer: Described;
  readonly metrics: readonly MetricWords[];
  readonly weightedMetrics: readonly MetricWords[];
  readonly fit: Readonly<Record<string, unknown>>;
  readonly callbacks?: readonly CallbackWords[];
  readonly initialWeights: readonly Nested[];
  readonly expected: {
    readonly history: Readonly<Record<string, readonly Nested[]>>;
    readonly runningLossFirstEpoch: readonly Nested[];
    readonly finalWeights: readonly Nested[];
    readonly predictions: Nested;
    readonly evaluate: Readonly<Record<string, Nested>>;
  };
}
interface Rows {
  readonly x: Nested;
  readonly y: Nested;
  readonly sampleWeight?: Nested;
}
type MetricWords = string | ({ readonly name: string } & Readonly<Record<string, unknown>>);
type CallbackWords = { readonly name: string } & Readonly<Record<string, unknown>>;

const fold = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
/** Numbers written as strings become numbers, nesting kept. */
const real = (value: Nested): never =>
  (Array.isArray(value) ? value.map((part) => real(part as Nested)) : Number(value)) as never;

/** Says that the library lacks a word. */
class Missing extends Error {}
const require = (known: readonly string[], kind: string, name: string) => {
  if (!known.some((k) => fold(k) === fold(name))) throw new Missing(`no ${kind} ${name}`);
};

/** Where ours differs on purpose, by activation: said only of runs that differ. */
const otherActivations: Readonly<Record<string, string>> = {
  sparsemax:
    "declared deviation: Keras 3.15 adds up cumulative sums in sparsemax, so that its rows do not sum to 1; ours follow the definition",
};

/** Over whole runs; in float32 a step of Adam turns the rounding of a gradient near 0 into a move of up to its rate. */
const runTolerance: Readonly<Record<"float32" | "float64", Tolerance>> = {
  float64: trainingTolerance.float64,
  float32: { r: 1e-4, s: 1e-5 },
};

function layerInOurWords({ type, ...options }: FitCase["layers"][number]): {
  type: string;
  config: Record<string, unknown>;
} {
  require(model.layerTypes.map((t) => t.type), "layer", type);
  if (options.maskZero === true) throw new Missing("no masks");
  const config: Record<string, unknown> = { ...options };
  if (typeof config.activation === "string") require(model.activationRegistry.names, "activation", config.activation);
  for (const [key, value] of Object.entries(options)) {
    if (key.endsWith("Regularizer")) {
      const written = value as Record<string, unknown>;
      const name = "orthogonal" in written ? "orthogonal" : "l1l2";
      require(model.regularizerRegistry.names, "regularizer", name);
      config[key] = { name, options: written };
    } else if (key.endsWith("Constraint")) {
      const { type: name, ...rest } = value as { type: string };
      require(model.constraintRegistry.names, "constraint", name);
      config[key] = { name, options: rest };
    }
  }
  return { type, config };
}

function lossInOurWords({ loss: { name, ...options }, layers }: FitCase): Loss {
  require(losses.list().flatMap((loss) => loss.name), "loss", name);
  if (["dice", "tversky"].includes(name)) throw new Missing(`the 1e-7 below the fraction of Keras's ${name}`);
  const { reduction, ...given } = options;
  const params: Record<string, unknown> = { ...given };
  // Keras divides rows of probabilities by their sum; a softmax's rows are distributions as they are.
  const isDistribution = params.fromLogits === true || layers.at(-1)?.activation === "softmax";
  if (fold(name) === "categoricalcrossentropy" && !isDistribution) params.normalize = true;
  return losses.fromConfig({
    name,
    params: { ...params, ...(reduction !== undefined && { reduction: camel(reduction as string) }) },
  });
}

function metricInOurWords(written: MetricWords): never {
  const known = metrics.list().flatMap((m) => [m.name, ...(m.aliases ?? [])]);
  const isKnown = (name: string) => known.some((k) => fold(k) === fold(name));
  if (typeof written === "string") {
    const asLoss = losses.list().some((loss) => fold(loss.name) === fold(written));
    if (!isKnown(written) && !asLoss) throw new Missing(`no metric ${written}`);
    return written as never;
  }
  const { name, ...options } = written;
  if (isKnown(name)) return metrics.fromConfig({ name, options }) as never;
  // A name of the user's own has taken the place of the type's: what curve it draws, or what it is the accuracy of, tells.
  if ("curve" in options) return metrics.fromConfig({ name: "auc", options: { ...options, name } }) as never;
  if (name.startsWith("weighted")) return metrics.fromConfig({ name: "accuracy", options: { name } }) as never;
  throw new Missing(`no metric ${name}`);
}

function callbackInOurWords({ name, ...written }: CallbackWords, multiply = false): Callback {
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    if (key === "minLr") options.minLearningRate = value;
    else if (key === "monitor") options.monitor = camel(value as string);
    else options[key] = value;
  }
  if (name === "learningRateScheduler") {
    const table = options.schedule as number[];
    return callbacks.learningRateScheduler((epoch, rate) => (multiply ? rate * table[epoch]! : table[epoch]!));
  }
  if (name === "modelCheckpoint") {
    const { filepath, ...rest } = options;
    return callbacks.modelCheckpoint(filepath as string, rest);
  }
  if (name === "earlyStopping") return callbacks.earlyStopping(options);
  if (name === "reduceLROnPlateau") return callbacks.reduceLROnPlateau(options);
  throw new Missing(`no callback ${name}`);
}

/** The key of ours that holds what Keras calls this: `val_auc_1` (it numbers its metrics) → `valAuc`. */
const columnOf = (key: string) => camel(key.replace(/_\d+$/, ""));

interface Trained {
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly running: number[];
  readonly weights: number[][];
  readonly predictions: number[];
  readonly evaluate: Readonly<Record<string, number>>;
  /** Predictions with the initial weights. */
  readonly before: number[];
}

async function train(golden: FitCase, { dtype, device }: FitRunOptions, instead?: Loss): Promise<Trained> {
  const specs = golden.layers.map(layerInOurWords);
  specs[0]!.config.inputShape = golden.inputShape;
  const loss = instead ?? lossInOurWords(golden);
  const optimizer = optimizerInOurWords("keras", golden.optimizer);
  if ("unsupported" in optimizer) throw new Missing(optimizer.unsupported);
  const metricList = golden.metrics.map(metricInOurWords);
  const weightedMetrics = golden.weightedMetrics.map(metricInOurWords);
  const used = (golden.callbacks ?? []).map((callback) => callbackInOurWords(callback));

  const trained = new Model(model.networkFromConfig(specs), { dtype, device });
  trained.compile({ optimizer: optimizers.fromConfig(optimizer), loss, metrics: metricList, weightedMetrics });
  trained.setWeights(golden.initialWeights.map(real));
  const { x, y, sampleWeight, validation } = golden.data;
  const xs = tensor(real(x), { dtype: "float64" });
  const batchSize = golden.fit.batchSize as number;
  const before = Array.from((await trained.predict(xs)).data);
  const running: number[] = [];
  let epochsBegun = 0;
  const { shuffle: _, ...fitOptions } = golden.fit;
  const history = await trained.fit(xs, real(y), {
    ...fitOptions,
    shuffle: false,
    verbose: 0,
    ...(sampleWeight !== undefined && { sampleWeight: real(sampleWeight) }),
    ...(validation && {
      validationData: {
        x: real(validation.x),
        y: real(validation.y),
        ...(validation.sampleWeight !== undefined && { sampleWeight: real(validation.sampleWeight) }),
      },
    }),
    callbacks: [
      ...used,
      callbacks.lambda({
        onBatchEnd(_batch, logs) {
          if (epochsBegun === 1) running.push(logs.loss as number);
        },
        onEpochBegin() {
          epochsBegun++;
        },
      }),
    ],
  });
  return {
    history,
    running,
    before,
    weights: (await trained.getWeights()).map((w) => Array.from(w.data)),
    predictions: Array.from((await trained.predict(xs, { batchSize })).data),
    evaluate: await trained.evaluate(xs, real(y), {
      batchSize,
      ...(sampleWeight !== undefined && { sampleWeight: real(sampleWeight) }),
    }),
  };
}

/** Whether Keras's clipping of probabilities to [1e-7, 1 − 1e-7] shows. */
function saturates({ loss, layers, expected }: FitCase, { before }: Trained): boolean {
  if (!["sigmoid", "softmax"].includes(String(layers.at(-1)?.activation))) return false;
  if (!/crossentropy$/i.test(loss.name) || loss.fromLogits === true) return false;
  return [...before, ...numbersOf(expected.predictions)].some((p) => p < 1e-7 || p > 1 - 1e-7);
}

/** The same run on logits, where nothing is clipped. */
function onLogits(golden: FitCase): FitCase {
  const layers = golden.layers.map((layer, i) =>
    i === golden.layers.length - 1 ? { ...layer, activation: "linear" } : layer,
  );
  return { ...golden, layers, loss: { ...golden.loss, fromLogits: true } };
}

/** History, weights, predictions and evaluation of a run against the case's. */
export async function runFitCase(golden: FitCase, options: FitRunOptions): Promise<Outcome> {
  let got: Trained;
  try {
    got = await train(golden, options);
  } catch (error) {
    if (error instanceof Missing) return unsupported(error.message);
    throw error;
  }
  const errors = runErrors(golden, got, options);
  return errors.length === 0 ? judged(errors) : ((await deviation(golden, got, options)) ?? judged(errors));
}

/** A declared deviation that accounts for the whole difference. */
async function deviation(golden: FitCase, got: Trained, options: FitRunOptions): Promise<Outcome | undefined> {
  const asKeras = lossesAsKeras[fold(golden.loss.name)];
  if (asKeras !== undefined) {
    const twin = await train(golden, options, asKeras.loss());
    return runErrors(golden, twin, options).length === 0 ? unsupported(asKeras.reason) : undefined;
  }
  if (saturates(golden, got)) {
    const twin = await train(onLogits(golden), options);
    const by = runTolerance[options.dtype];
    const errors = [
      ...differences("loss", got.history.loss!, [...twin.history.loss!], by),
      ...got.weights.flatMap((w, i) => differences(`weight ${i}`, w, twin.weights[i]!, by)),
    ];
    return errors.length > 0
      ? judged(errors)
      : unsupported(
          "declared deviation: Keras clips probabilities and stops learning there; ours equals the run on logits",
        );
  }
  const reasons = golden.layers.map(({ activation }) => otherActivations[String(activation)]);
  const reason = reasons.find((r) => r !== undefined);
  return reason === undefined ? undefined : unsupported(reason);
}

/** Everything a run left behind, against the case. */
function runErrors(golden: FitCase, got: Trained, { dtype }: FitRunOptions): string[] {
  const by = runTolerance[dtype];
  const errors: string[] = [];
  const { expected } = golden;
  const columns = Object.keys(got.history).filter((name) => name !== "epoch");
  const wanted = Object.keys(expected.history).map((key) => camel(key === "learning_rate" ? key : columnOf(key)));
  if ([...columns].sort().join() !== [...wanted].sort().join()) {
    errors.push(`history: got columns ${columns.join()}, expected ${wanted.join()}`);
  }
  for (const [key, values] of Object.entries(expected.history)) {
    errors.push(...differences(key, got.history[columnOf(key)] ?? [], numbersOf(values), by));
  }
  errors.push(...differences("running loss", got.running, numbersOf(expected.runningLossFirstEpoch), by));
  if (got.weights.length !== expected.finalWeights.length) errors.push(`${got.weights.length} weights`);
  expected.finalWeights.forEach((w, i) => {
    errors.push(...differences(`final weight ${i}`, got.weights[i] ?? [], numbersOf(w), by));
  });
  errors.push(...differences("predictions", got.predictions, numbersOf(expected.predictions), by));
  for (const [key, value] of Object.entries(expected.evaluate)) {
    errors.push(...differences(`evaluate ${key}`, [got.evaluate[columnOf(key)] ?? Number.NaN], numbersOf(value), by));
  }
  return errors;
}

export interface CallbackCase {
  readonly id: string;
  readonly about: string;
  readonly learningRate: number;
  readonly callbacks: readonly CallbackWords[];
  readonly metrics: readonly Readonly<Record<string, Nested>>[];
  readonly expected: Readonly<Record<string, unknown>>;
}
export interface TerminateCase {
  readonly id: string;
  readonly terminateOnNaN: { readonly raiseError: boolean };
  readonly data: { readonly x: Nested; readonly y: Nested };
  readonly batchSize: number;
  readonly initialWeights: readonly Nested[];
  readonly expected: {
    readonly batchesRun: readonly (readonly [number, number])[];
    readonly history: Readonly<Record<string, readonly Nested[]>>;
    readonly raised: boolean;
    readonly finalWeights: readonly Nested[];
  };
}

/** A callback case: fed with metrics, or (`terminateOnNaN`) a run in which the loss of one batch is not finite. */
export async function runCallbackCase(golden: CallbackCase | TerminateCase, options: FitRunOptions): Promise<Outcome> {
  try {
    return judged("terminateOnNaN" in golden ? await runTerminate(golden, options) : await runFed(golden, options));
  } catch (error) {
    if (error instanceof Missing) return unsupported(error.message);
    throw error;
  }
}

/** Feeds callbacks with epochs' metrics. The only weight is the number of the epoch that was just trained. */
async function runFed(golden: CallbackCase, { dtype }: FitRunOptions): Promise<string[]> {
  const multiply = golden.about.includes("multiplies") || golden.id === "scheduler/with-plateau";
  const list = golden.callbacks.map((callback) => callbackInOurWords(callback, multiply));
  const during: number[] = [];
  const after: number[] = [];
  const logged: number[] = [];
  const saves: { epoch: number; path: string }[] = [];
  let weight = 0;
  let epoch = 0;
  let stopped = false;
  const monitored = golden.callbacks.map((c) => camel((c.monitor as string | undefined) ?? "valLoss"));
  const context: CallbackContext = {
    epochs: golden.metrics.length,
    stepsPerEpoch: 1,
    dtype,
    columns: [...Object.keys(golden.metrics[0]!).map(camel), ...monitored],
    warnings: [],
    terminal: undefined,
    better: (column) => (/accuracy|auc/i.test(column) ? "higher" : "lower"),
    learningRate: golden.learningRate,
    getWeights: async () => [Float64Array.of(weight)],
    setWeights(weights) {
      weight = weights[0]![0]!;
    },
    save: async (path) => void saves.push({ epoch, path }),
    appendText: async () => {},
    stop() {
      stopped = true;
    },
    explainNonFinite: async () => "",
  };
  for (const callback of list) await callback.onTrainBegin?.(context);
  for (epoch = 0; epoch < golden.metrics.length && !stopped; epoch++) {
    for (const callback of list) await callback.onEpochBegin?.(epoch, context);
    during.push(context.learningRate);
    weight = epoch + 1;
    const entries = Object.entries(golden.metrics[epoch]!).map(([key, value]) => [camel(key), Number(value)]);
    const logs: Record<string, number> = Object.fromEntries(entries);
    if (list.some((callback) => callback.changesLearningRate)) logged.push((logs.learningRate = context.learningRate));
    for (const callback of list) await callback.onEpochEnd?.(epoch, logs, context);
    after.push(context.learningRate);
  }
  for (const callback of list) await callback.onTrainEnd?.({}, context);

  const got: Record<string, unknown> = {
    epochsRun: epoch,
    stopped,
    weightsFromEpoch: weight - 1,
    learningRateDuringEpoch: during,
    learningRateAfterEpoch: after,
    loggedLearningRate: logged,
    saves,
  };
  for (const callback of list) got[callback.name] = callback;
  return Object.entries(golden.expected).flatMap(([key, value]) =>
    mismatches(key, got[key], value, trainingTolerance[dtype]),
  );
}

/** Compares plain data; numbers within the tolerance. Only what is expected is looked at. */
function mismatches(what: string, got: unknown, expected: unknown, by: Tolerance): string[] {
  if (Array.isArray(expected)) {
    const list = got as readonly unknown[];
    if (list?.length !== expected.length) return [`${what}: ${list?.length} entries, expected ${expected.length}`];
    return expected.flatMap((value, i) => mismatches(`${what}[${i}]`, list[i], value, by));
  }
  if (typeof expected === "object" && expected !== null) {
    return Object.entries(expected).flatMap(([key, value]) =>
      mismatches(`${what}.${key}`, (got as Record<string, unknown>)?.[key], value, by),
    );
  }
  const numeric = typeof expected === "number" || expected === "NaN" || /^-?Infinity$/.test(String(expected));
  const same = numeric
    ? typeof got === "number" && close(got, Number(expected), by)
    : expected === null
      ? got === undefined
      : got === expected;
  return same ? [] : [`${what}: got ${String(got)}, expected ${String(expected)}`];
}

async function runTerminate(golden: TerminateCase, { dtype, device }: FitRunOptions): Promise<string[]> {
  const trained = new Model(model.networkFromConfig([{ type: "dense", config: { units: 1, inputShape: [2] } }]), {
    dtype,
    device,
  });
  // The data hold NaN on purpose, which fit refuses: this loss lets them in.
  const unchecked: Loss = { ...losses.meanSquaredError(), checkTargets() {} };
  trained.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: unchecked });
  trained.setWeights(golden.initialWeights.map(real));
  const batchesRun: [number, number][] = [];
  let epoch = 0;
  const watch = callbacks.lambda({
    onEpochBegin(number) {
      epoch = number;
    },
    onBatchEnd(batch) {
      batchesRun.push([epoch, batch]);
    },
  });
  let raised = false;
  try {
    await trained.fit(tensor(real(golden.data.x), { dtype: "float64" }), real(golden.data.y), {
      batchSize: golden.batchSize,
      epochs: 3,
      validationSplit: 0.2,
      shuffle: false,
      verbose: 0,
      callbacks: [callbacks.terminateOnNaN({ raiseError: golden.terminateOnNaN.raiseError }), watch],
    });
  } catch (error) {
    if (!golden.terminateOnNaN.raiseError) throw error;
    raised = true;
  }
  const { end, ...recorded } = trained.history!;
  const columns: Record<string, number[]> = {};
  for (const [name, values] of Object.entries(recorded as Record<string, number[]>)) {
    if (name !== "epoch" && values.length > 0) columns[name] = values;
  }
  const by = trainingTolerance[dtype];
  const { expected } = golden;
  const errors = mismatches("batchesRun", batchesRun, expected.batchesRun, by);
  if (raised !== expected.raised) errors.push(`raised: ${raised}`);
  const wanted = Object.keys(expected.history).map(camel).sort().join();
  if (Object.keys(columns).sort().join() !== wanted)
    errors.push(`columns: ${Object.keys(columns).join()}, expected ${wanted}`);
  for (const [key, values] of Object.entries(expected.history)) {
    errors.push(...differences(key, columns[camel(key)] ?? [], numbersOf(values), by));
  }
  const weights = await trained.getWeights();
  for (const [i, w] of expected.finalWeights.entries()) {
    errors.push(...differences(`weight ${i}`, weights[i]!.data, numbersOf(w), by));
  }
  // The reason is ours: Keras gives none. Only the training loss ends a run, not the validation loss.
  const isWhole = numbersOf(expected.history.loss ?? []).every(Number.isFinite) && !expected.raised;
  const explained = isWhole
    ? end!.reason === "all epochs done"
    : /yTrue is (NaN|-?Infinity) in row \d+/.test(end!.reason);
  if (!explained) errors.push(`reason: ${end!.reason}`);
  return errors;
}
