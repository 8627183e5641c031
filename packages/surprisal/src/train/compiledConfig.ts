/** What `compile` settled as plain data, and back. Parts that a user wrote are only named: whoever reads must bring them. */
import { InvalidArgumentError, SurprisalError, UnknownNameError } from "../base/errors.ts";
import { isRecord, readRecord } from "../base/record.ts";
import type { Loss } from "../loss/contract.ts";
import type { LossFunction } from "../loss/define.ts";
import { isOurs, fromConfig as lossFromConfig } from "../loss/registry.ts";
import type { CompileOptions } from "./compileOptions.ts";
import type { Metric, Optimizer } from "./contract.ts";
import type { Compiled } from "./core.ts";
import { lossMetric } from "./lossMetric.ts";
import { type MetricLike, type MetricSpec, fromConfig as metricFromConfig } from "./metrics/index.ts";
import { fromConfig as optimizerFromConfig } from "./optimizers/index.ts";

type Options = Readonly<Record<string, unknown>>;
interface Named {
  readonly name: string;
  readonly options: Options;
  /** Not one of the library's, or with something that cannot be written: it is only named. */
  readonly custom?: true;
}

/** What `compile` settled, as plain data. */
export interface CompiledConfig {
  readonly optimizer: Named;
  readonly loss: { readonly name: string; readonly params: Options; readonly custom?: true };
  readonly metrics: readonly { readonly weighted: boolean; readonly config: Named }[];
}

/** Parts of your own that a configuration only names. */
export interface OwnParts {
  /** The optimizer, where the model was compiled with one of your own, or with a function as learning rate. */
  readonly optimizer?: Optimizer;
  /** Losses made by `defineLoss`. */
  // biome-ignore lint/suspicious/noExplicitAny: losses with different parameters in one list
  readonly losses?: readonly LossFunction<any>[];
  /** Metrics of your own, found by their names in the history. */
  readonly metrics?: readonly (MetricSpec | Metric)[];
}

/** Plain data of a part, unless reading it back would not give the same. */
function plain<C extends object>(write: () => C, read: (config: C) => { toConfig(): object }): C | undefined {
  try {
    const text = JSON.stringify(write());
    return JSON.stringify(read(JSON.parse(text)).toConfig()) === text ? JSON.parse(text) : undefined;
  } catch (error) {
    if (error instanceof SurprisalError) return undefined;
    throw error;
  }
}

/** @returns plain data, from which `compileOptionsFromConfig` makes the same again. */
export function compiledConfig({ optimizer, loss, metrics }: Compiled): CompiledConfig {
  const named = (part: { readonly name: string }): Named => ({ name: part.name, options: {}, custom: true });
  return {
    optimizer: plain(() => optimizer.toConfig(), optimizerFromConfig) ?? named(optimizer),
    loss: { ...loss.toConfig(), ...(!isOurs(loss) && { custom: true }) },
    metrics: metrics.map(({ metric, weighted }) => ({
      weighted,
      config:
        plain(
          () => metric.toConfig(),
          (config) => readMetric({ ...config }, {}) as Metric,
        ) ?? named(metric),
    })),
  };
}

/**
 * Options that compile the same again. `config` may be anything; `own` holds the parts that it only names.
 * @throws UnknownNameError, InvalidArgumentError for a configuration that names or holds what is not known.
 */
export function compileOptionsFromConfig(config: unknown, own: OwnParts = {}): CompileOptions {
  const { optimizer, loss, metrics } = readRecord(config, "compile config", ["optimizer", "loss", "metrics"]);
  if (!Array.isArray(metrics)) throw notA("list of metrics", "metrics");
  const read = metrics.map((entry) => {
    const { weighted, config: given } = readRecord(entry, "metric entry", ["weighted", "config"]);
    if (typeof weighted !== "boolean") throw notA("true or false", "weighted");
    return { weighted, metric: readMetric(readNamed(given, "metric config"), own) };
  });
  const of = (weighted: boolean) => read.filter((entry) => entry.weighted === weighted).map((entry) => entry.metric);
  return {
    optimizer: readOptimizer(readNamed(optimizer, "optimizer config"), own),
    loss: readLoss(loss, own),
    metrics: of(false),
    weightedMetrics: of(true),
  };
}

function readNamed(config: unknown, what: string): Named {
  const { name, options, custom } = readRecord(config, what, ["name", "options"], ["custom"]);
  if (typeof name !== "string") throw notA("text", `the name in the ${what}`);
  if (!isRecord(options)) throw notA("record", `the options in the ${what}`);
  if (custom !== undefined && custom !== true) throw notA("true", `custom in the ${what}`);
  return { name, options, ...(custom && { custom }) };
}

function readOptimizer(config: Named, { optimizer }: OwnParts): Optimizer {
  if (!config.custom) return optimizerFromConfig(config);
  if (optimizer?.name === config.name) return optimizer;
  throw bringIt("optimizer", config.name, "optimizer");
}

function readLoss(config: unknown, { losses = [] }: OwnParts): Loss {
  const { name, params, custom } = readRecord(config, "loss config", ["name", "params"], ["custom"]);
  if (custom === undefined) return lossFromConfig({ name, params });
  if (custom !== true) throw notA("true", "custom in the loss config");
  if (typeof name !== "string") throw notA("text", "the name in the loss config");
  if (!losses.some((loss) => loss.name === name)) throw bringIt("loss", name, "losses");
  return lossFromConfig({ name, params }, losses);
}

function readMetric({ name, options, custom }: Named, { losses = [], metrics = [] }: OwnParts): MetricLike {
  if (custom) {
    const found = metrics.find((metric) => metric.name === name);
    if (found !== undefined) return found;
    const loss = losses.find((candidate) => candidate.name === name);
    if (loss !== undefined) return lossMetric(loss);
    throw bringIt("metric", name, "metrics");
  }
  try {
    return metricFromConfig({ name, options });
  } catch (error) {
    if (!(error instanceof UnknownNameError) || error.code !== "metric/unknown-name") throw error;
    const { name: column = name, ...params } = options;
    if (typeof column !== "string" || column === "") throw notA("text", "the name of a metric");
    return lossMetric(lossFromConfig({ name, params }), column);
  }
}

function notA(kind: string, what: string): InvalidArgumentError {
  return new InvalidArgumentError("compile-config/kind", {
    received: `${what} is something else`,
    expected: `${kind} is needed there`,
    hint: "Pass what toConfig() returned.",
  });
}

function bringIt(kind: string, name: string, option: string): InvalidArgumentError {
  return new InvalidArgumentError("compile-config/custom", {
    received: `the ${kind} "${name}" is not one of the library's, or was made with a function`,
    expected: "such a part is only named in a configuration",
    hint: `Pass it as ${option}, or compile: false and compile anew.`,
  });
}
