/** Every loss there is, by name. Adding one is a file and a line here. */
import { InvalidArgumentError, unknownName } from "../base/errors.ts";
import { binaryCrossentropy } from "./classification/binaryCrossentropy.ts";
import { categoricalCrossentropy } from "./classification/categoricalCrossentropy.ts";
import { sparseCategoricalCrossentropy } from "./classification/sparseCategoricalCrossentropy.ts";
import type { Loss } from "./contract.ts";
import type { ConfiguredLoss, LossFunction } from "./define.ts";
import { klDivergence } from "./divergence/klDivergence.ts";
import { categoricalHinge } from "./margin/categoricalHinge.ts";
import { hinge } from "./margin/hinge.ts";
import { huber } from "./regression/huber.ts";
import { logCosh } from "./regression/logCosh.ts";
import { meanAbsoluteError } from "./regression/meanAbsoluteError.ts";
import { meanSquaredError } from "./regression/meanSquaredError.ts";
import { poisson } from "./regression/poisson.ts";

// biome-ignore lint/suspicious/noExplicitAny: losses with different parameters in one list
type AnyLoss = LossFunction<any>;

const all: readonly AnyLoss[] = [
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  klDivergence,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  logCosh,
  poisson,
  hinge,
  categoricalHinge,
];

/** Case and separators do not matter: `binary_crossentropy` and `BinaryCrossentropy` are one name. */
const fold = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
const byName = new Map(
  all.flatMap((loss) => [loss.name, ...(loss.definition.aliases ?? [])].map((name) => [fold(name), loss] as const)),
);

/** Every loss, in the order of the documentation. */
export function list(): readonly AnyLoss[] {
  return all;
}

/**
 * The loss that is meant: by name or alias, as a bare loss (its defaults), or configured (returned as it is).
 * @throws UnknownNameError with the nearest names, InvalidArgumentError for what is no loss.
 */
export function get(loss: string): LossFunction;
export function get(loss: string | Loss): Loss;
export function get(loss: string | Loss): Loss {
  if (typeof loss === "string") {
    const found = byName.get(fold(loss));
    if (found === undefined) throw unknownName("loss", loss, [...all.map((known) => known.name), ...allAliases()]);
    return found;
  }
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

const allAliases = () => all.flatMap((loss) => loss.definition.aliases ?? []);

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
  return (own ?? get(name))(params as never);
}
