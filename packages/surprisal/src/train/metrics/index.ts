/** Metrics by name. */
import { finder } from "../../base/finder.ts";
import type { Parameters } from "../../base/parameters.ts";
import type { Metric } from "../contract.ts";
import type { MetricContext, MetricDefinition, MetricSpec } from "./define.ts";
import * as factories from "./list.ts";

export type { Metric } from "../contract.ts";
export type { MetricContext, MetricDefinition, MetricSpec } from "./define.ts";
export * from "./list.ts";

interface Factory {
  (options?: object): MetricSpec;
  readonly definition: MetricDefinition<Parameters>;
}
const all = Object.values(factories) as unknown as readonly Factory[];
const find = finder("metric", all);

/** `"binary_accuracy"` → `"binaryAccuracy"`: as a name is spelled in the history. */
const camel = (name: string): string => name.replace(/[_\s-]+([a-zA-Z0-9])/g, (_, c: string) => c.toUpperCase());

/** Every metric: name, one line, which way is better, and options with their defaults. */
export function list(): readonly MetricDefinition<Parameters>[] {
  return all.map((factory) => factory.definition);
}

/** What `compile` takes as a metric: a name, what a factory returned (or the factory itself), or one of your own. */
export type MetricLike = string | MetricSpec | Metric | (() => MetricSpec);

/**
 * The metric, ready for data of these shapes. A name (case and separators do not count; `"acc"`, `"mse"` and the like are known)
 * is also what the metric is called in the history, as in Keras. `"accuracy"` becomes binary, sparse or categorical accuracy.
 * @throws UnknownNameError with the nearest names; ShapeError when the shapes do not suit the options.
 */
export function get(metric: MetricLike, context: MetricContext): Metric {
  if (typeof metric === "string") return find(metric)({ name: camel(metric) }).bind(context);
  const configured = typeof metric === "function" ? metric() : metric;
  return "bind" in configured ? configured.bind(context) : configured;
}

/**
 * The metric that a configuration describes, as `toConfig` gives it. Bind it with `get`.
 * @throws UnknownNameError for an unknown metric or option; InvalidArgumentError for a value out of range.
 */
export function fromConfig(config: {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}): MetricSpec {
  return find(config.name)(config.options ?? {});
}
