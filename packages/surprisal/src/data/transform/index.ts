/** All transforms, and reading them back from a saved record. */
import { InvalidArgumentError, unknownName } from "../../base/errors.ts";
import { show } from "../options.ts";
import { ConfigReader } from "./config.ts";
import * as labels from "./labelClasses.ts";
import * as rows from "./rows.ts";
import type { Transform, TransformClass, TransformConfig } from "./transform.ts";

/** What can be saved with a model: a transform of rows, or of labels. */
export interface Saveable {
  toConfig(): TransformConfig;
}
interface SaveableClass {
  readonly transformName: string;
  fromConfig(config: TransformConfig): Saveable;
}

const rowTransforms: readonly TransformClass[] = Object.values(rows);
const labelTransforms: readonly SaveableClass[] = Object.values(labels);

const rowClasses = new Map(rowTransforms.map((entry) => [entry.transformName, entry]));
const labelClasses = new Map(labelTransforms.map((entry) => [entry.transformName, entry]));

/** Compositions inside compositions; a saved file cannot exhaust the stack. */
const deepest = 16;

function checked(config: unknown): TransformConfig {
  const reader = new ConfigReader(config, "transform");
  const name = reader.raw("name");
  const options = reader.raw("options");
  const state = reader.raw("state");
  reader.end();
  const isRecord = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (typeof name !== "string") throw reader.fail("name", show(name), "text is needed");
  if (!isRecord(options)) throw reader.fail("options", show(options), "a record is needed");
  if (state !== null && !isRecord(state)) throw reader.fail("state", show(state), "a record or null is needed");
  return config as TransformConfig;
}

function restoreRows(config: unknown, depth: number): Transform {
  if (depth > deepest) {
    throw new InvalidArgumentError("transform/too-deep", {
      received: `transforms are nested more than ${deepest} deep`,
      expected: "no sensible one is",
      hint: "Flatten the pipeline.",
    });
  }
  const valid = checked(config);
  const found = rowClasses.get(valid.name);
  if (found === undefined) throw unknownName("transform", valid.name, [...rowClasses.keys()]);
  return found.fromConfig(valid, (inner) => restoreRows(inner, depth + 1));
}

/** A transform of labels. */
export type LabelTransform = InstanceType<(typeof labels)[keyof typeof labels]>;

/** The transforms that can be saved, by name, and reading one back. */
export const transforms = {
  /** Names, in order. */
  names: [...rowClasses.keys(), ...labelClasses.keys()] as readonly string[],

  /**
   * A transform of rows from what its `toConfig` returned (also after a trip through JSON).
   * @throws UnknownNameError for a name that is not in the list, InvalidArgumentError for anything else that is not as saved.
   */
  fromConfig(config: unknown): Transform {
    return restoreRows(config, 0);
  },

  /** A transform of labels, likewise. */
  labelsFromConfig(config: unknown): LabelTransform {
    const valid = checked(config);
    const found = labelClasses.get(valid.name);
    if (found === undefined) throw unknownName("label transform", valid.name, [...labelClasses.keys()]);
    return found.fromConfig(valid) as LabelTransform;
  },
};

export { type LabelBinarizeOptions, labelBinarize } from "./labelBinarizer.ts";
export * from "./labelClasses.ts";
export * from "./rows.ts";
export { type ToCategoricalOptions, toCategorical } from "./toCategorical.ts";
export type { FieldsLike, Json, NumbersLike, NumberTable, Table, Transform, TransformConfig } from "./transform.ts";
