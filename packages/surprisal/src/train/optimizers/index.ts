/** Optimizers by name. */
import { finder } from "../../base/finder.ts";
import type { Parameters } from "../../base/parameters.ts";
import type { Optimizer } from "../contract.ts";
import type { OptimizerDefinition } from "./define.ts";
import * as factories from "./list.ts";

export type { Optimizer } from "../contract.ts";
export type { OptimizerDefinition } from "./define.ts";
export * from "./list.ts";
export type { LearningRate } from "./parameters.ts";

interface Factory {
  (options?: object): Optimizer;
  readonly definition: OptimizerDefinition<Parameters>;
  readonly parameters: Parameters;
}
const all = Object.values(factories) as unknown as readonly Factory[];
const find = finder("optimizer", all);

/** Every optimizer: name, one line, source, and options with their defaults. */
export function list(): readonly { name: string; summary: string; reference: string; parameters: Parameters }[] {
  return all.map(({ definition: { name, summary, reference }, parameters }) => ({
    name,
    summary,
    reference,
    parameters,
  }));
}

/**
 * The optimizer of a name (`"adam"`, `"rmsProp"`, `"AdamW"`: case and separators do not count) or of a bare factory, with its
 * defaults; an optimizer is given back as it is.
 * @throws UnknownNameError with the nearest names.
 */
export function get(optimizer: string | Optimizer | (() => Optimizer)): Optimizer {
  if (typeof optimizer === "function") return optimizer();
  return typeof optimizer === "string" ? find(optimizer)() : optimizer;
}

/**
 * The optimizer that a configuration describes, as `toConfig` gives it.
 * @throws UnknownNameError for an unknown optimizer or option; InvalidArgumentError for a value out of range.
 */
export function fromConfig(config: {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}): Optimizer {
  return find(config.name)(config.options ?? {});
}
