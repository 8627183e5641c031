/**
 * The configuration in a model file: how it is written, and how it is read from somebody who may mean harm. Everything is checked here, before
 * anything of the size it states is allocated: the parts by the registries that make them, the rest field by field.
 */
import type { FloatDType } from "../base/dtype.ts";
import { isRecord, readRecord } from "../base/record.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { Network } from "../model/contract.ts";
import { networkFromConfig } from "../model/fromConfig.ts";
import { compiledConfig, compileOptionsFromConfig, type OwnParts } from "../train/compiledConfig.ts";
import { type CompileOptions, resolveCompileOptions } from "../train/compileOptions.ts";
import type { Compiled } from "../train/core.ts";
import type { Model, ModelConfig } from "../train/model.ts";
import { optimizerShapes } from "../train/optimizerState.ts";
import type { ModelState } from "../train/state.ts";
import type { JsonValue } from "./json.ts";
import { readingFrom, refuseModel } from "./refuse.ts";

/** More layers than any network has, and few enough for everything that walks them. */
const mostLayers = 4096;
/** Numbers that all metrics together may keep: 128 MiB. */
const mostMetricState = 2 ** 24;
const largestInt32 = 2 ** 31 - 1;

/** How far training had come; only with the optimizer's values. */
export interface Progress {
  readonly updates: number;
  readonly learningRate?: number;
}

/** What a configuration says, checked and made. */
export interface Plan {
  readonly network: Network;
  readonly dtype: FloatDType;
  readonly seed: number;
  readonly compile?: CompileOptions;
  readonly progress?: Progress;
  /** What the file must hold: the weights, in order, and with `progress` the optimizer's values. */
  readonly weights: ReadonlyMap<string, Shape>;
  readonly optimizerValues: ReadonlyMap<string, Shape>;
}

/** How a configuration is read. */
export interface PlanOptions extends OwnParts {
  /** Also make what the model was compiled with. */
  readonly compile: boolean;
}

/** The configuration of a model. `state` is given when the optimizer's values are saved too. */
export function describeModel(model: Model, state: ModelState | undefined): JsonValue {
  const { layers, dtype, seed }: ModelConfig = model.toConfig();
  const { compiled, device } = model;
  const optimizer = state?.optimizer;
  return {
    layers,
    dtype,
    seed,
    arithmetic: device.arithmetic ?? device.name,
    ...(compiled && { compiled: compiledConfig(compiled) }),
    ...(optimizer && {
      training: {
        updates: optimizer.updates,
        ...(optimizer.learningRate !== undefined && { learningRate: optimizer.learningRate }),
      },
    }),
  } as unknown as JsonValue;
}

/**
 * Reads a configuration. @param source names the file in messages
 * @throws ModelFileError `model-file/…`
 */
export function planOf(config: JsonValue, source: string, options: PlanOptions): Plan {
  const what = `the configuration of ${source}`;
  const fields = readingFrom(what, () =>
    readRecord(config, "model config", ["layers", "dtype", "seed", "arithmetic"], ["compiled", "training"]),
  );
  const { layers, dtype, seed, arithmetic, compiled, training } = fields;
  if (dtype !== "float32" && dtype !== "float64") {
    throw refuseModel("bad-dtype", `${what} has another dtype`, `models compute in "float32" or "float64"`);
  }
  if (!Number.isSafeInteger(seed)) {
    throw refuseModel("bad-seed", `${what} has another kind of seed`, "it is a whole number");
  }
  if (typeof arithmetic !== "string" || arithmetic.length > 100) {
    throw refuseModel("bad-arithmetic", `${what} does not say in which arithmetic`, "it is a word");
  }
  const network = readLayers(layers, source);
  const settled = compiled === undefined || !options.compile ? undefined : readCompiled();
  const progress = training === undefined ? undefined : readProgress(training, source);
  if (progress !== undefined && compiled === undefined) {
    throw refuseModel("no-optimizer", `${what} counts updates`, "it names no optimizer that made them");
  }
  const trainable = network.weights.filter((weight) => weight.trainable);
  return {
    network,
    dtype,
    seed: seed as number,
    ...(settled && { compile: settled.compile }),
    ...(settled && progress && { progress: checkRate(progress, settled.made, source) }),
    weights: new Map(network.weights.map((weight) => [weight.path, weight.shape])),
    optimizerValues: settled && progress ? optimizerShapes(settled.made.optimizer, trainable) : new Map(),
  };

  function readCompiled(): { compile: CompileOptions; made: Compiled } {
    return readingFrom(`what ${source} was compiled with`, () => {
      const compile = compileOptionsFromConfig(compiled, options);
      const made = resolveCompileOptions(compile, network);
      refuseLost(compiled, compiledConfig(made), `what ${source} was compiled with`);
      const numbers = made.metrics.flatMap(({ metric }) => metric.state.map(({ shape }) => sizeOf(shape)));
      if (numbers.reduce((sum, count) => sum + count, 0) > mostMetricState) {
        throw refuseModel(
          "metrics-too-big",
          `the metrics of ${source} keep more than ${mostMetricState} numbers`,
          "none need so many",
        );
      }
      return { compile, made };
    });
  }
}

function readLayers(layers: unknown, source: string): Network {
  const what = `the layers of ${source}`;
  if (Array.isArray(layers) && layers.length > mostLayers) {
    throw refuseModel("too-many-layers", `${source} lists ${layers.length} layers`, `${mostLayers} is the limit`);
  }
  return readingFrom(what, () => {
    const network = networkFromConfig(layers);
    refuseLost(layers, network.toConfig(), what);
    return network;
  });
}

function readProgress(training: unknown, source: string): Progress {
  const what = `the training state of ${source}`;
  const { updates, learningRate } = readingFrom(what, () =>
    readRecord(training, "training state", ["updates"], ["learningRate"]),
  );
  if (!Number.isSafeInteger(updates) || (updates as number) < 0 || (updates as number) > largestInt32) {
    throw refuseModel("bad-updates", `${what} counts no updates`, `they are a whole number up to ${largestInt32}`);
  }
  if (learningRate !== undefined && !(typeof learningRate === "number" && learningRate >= 0)) {
    throw refuseModel("bad-rate", `${what} has another kind of learning rate`, "it is a number from 0 up");
  }
  return { updates: updates as number, ...(learningRate !== undefined && { learningRate: learningRate as number }) };
}

function checkRate(progress: Progress, { optimizer }: Compiled, source: string): Progress {
  const scheduled = typeof optimizer.learningRate !== "number";
  if (scheduled !== (progress.learningRate === undefined)) {
    const received = `${source} ${scheduled ? "holds a" : "lacks the"} learning rate of its training`;
    throw refuseModel("bad-rate", received, `its optimizer ${scheduled ? "has a schedule" : "needs it"}`);
  }
  return progress;
}

/**
 * Refuses a field that reading ignored: it is not what the file's writer believes it to be.
 * @param given from the file. @param kept what the parts made of it write again
 */
function refuseLost(given: unknown, kept: unknown, what: string, path = ""): void {
  if (Array.isArray(given)) {
    given.forEach((item, i) => {
      refuseLost(item, Array.isArray(kept) ? kept[i] : undefined, what, `${path}[${i}]`);
    });
  } else if (isRecord(given)) {
    for (const [key, value] of Object.entries(given)) {
      const held = isRecord(kept) && Object.hasOwn(kept, key);
      if (!held && value !== null) {
        const place = JSON.stringify(`${path}.${key}`.slice(0, 100));
        throw refuseModel("unknown-field", `${what} has a field at ${place}`, "no such field is known");
      }
      refuseLost(value, held ? kept[key] : undefined, what, `${path}.${key}`);
    }
  }
}
