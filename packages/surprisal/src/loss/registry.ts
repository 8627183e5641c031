/** Losses by name. */
import { InvalidArgumentError } from "../base/errors.ts";
import { finder } from "../base/finder.ts";
import type { Loss } from "./contract.ts";
import type { ConfiguredLoss, LossFunction } from "./define.ts";
import type { ArrayLossFunction } from "./defineArrays.ts";
import { formulaFromParams, formulaName, isFormulaDefinition } from "./formula/formulaLoss.ts";
import * as factories from "./list.ts";

// biome-ignore lint/suspicious/noExplicitAny: losses with different parameters and arrays in one list
type AnyLoss = LossFunction<any> | AnyArrayLoss;
/** A loss of several arrays, whichever they are. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyArrayLoss = ArrayLossFunction<any, any, any, any>;

const all: readonly AnyLoss[] = Object.values(factories);
const find = finder("loss", all);

/** Every loss, by name. */
export function list(): readonly AnyLoss[] {
  return all;
}

/** Whether a loss takes several arrays, or arrays with axes of their own; its definition then says which. */
export function takesArrays(loss: Loss): loss is AnyArrayLoss {
  return typeof (loss.definition as { losses?: unknown } | undefined)?.losses !== "undefined";
}

/** Whether a loss takes one array of targets and one of predictions. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const takesOneArray = (loss: AnyLoss): loss is LossFunction<any> => !takesArrays(loss);

/**
 * The loss that is meant: by name or alias, as a bare loss (its defaults), or configured (returned as it is).
 * @throws UnknownNameError with the nearest names, InvalidArgumentError for what is no loss.
 */
export function get(loss: string): LossFunction;
export function get(loss: string | Loss): Loss;
export function get(loss: string | Loss): Loss {
  if (typeof loss === "string") return find(loss) as Loss;
  if (isLoss(loss)) return loss;
  throw new InvalidArgumentError("loss/not-a-loss", {
    received: `${loss === null ? "null" : `a ${typeof loss}`} was given as a loss`,
    expected: "a name, a loss or a configured loss is needed",
    hint: `Pass "binaryCrossentropy", losses.huber or losses.huber({ delta: 2 }); defineLoss makes one of your own.`,
  });
}

function isLoss(value: unknown): value is Loss {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const loss = value as Partial<Record<keyof Loss, unknown>>;
  return (
    typeof loss.graph === "function" && typeof loss.checkTargets === "function" && typeof loss.toConfig === "function"
  );
}

/** Losses whose configuration holds the whole definition, as text. */
const writtenOut = new Map([[formulaName, formulaFromParams]]);

/** Whether `fromConfig` makes the same loss of its configuration: a loss of one's own may bear the name of another. */
export function isOurs({ definition }: Loss): boolean {
  if (definition === undefined) return false;
  return isFormulaDefinition(definition) || all.some((known) => known.definition === definition);
}

/**
 * The loss that `toConfig` described. The configuration is plain data and is checked like options typed by hand.
 * @param custom losses made by `defineLoss` that may be named, too.
 * @throws UnknownNameError, InvalidArgumentError.
 */
export function fromConfig(config: unknown, custom: readonly AnyLoss[] = []): ConfiguredLoss {
  const { name, params } = (typeof config === "object" && config !== null ? config : {}) as Record<string, unknown>;
  if (typeof name !== "string" || typeof params !== "object" || params === null || Array.isArray(params)) {
    throw new InvalidArgumentError("loss/config", {
      received: `${JSON.stringify(config) ?? String(config)} was given as a loss's configuration`,
      expected: "it holds a name and an object of params",
      hint: "Pass what toConfig() returned.",
    });
  }
  const own = custom.find((loss) => loss.name === name);
  const written = own === undefined ? writtenOut.get(name) : undefined;
  if (written !== undefined) return written(params as Record<string, unknown>);
  return (own ?? get(name))(params as never) as ConfiguredLoss;
}
