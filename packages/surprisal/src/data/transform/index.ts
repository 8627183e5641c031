/** All transforms, and reading them back from a saved record. */
import { InvalidArgumentError, unknownName } from "../../base/errors.ts";
import { show } from "../options.ts";
import { ColumnTransformer } from "./columnTransformer.ts";
import { ConfigReader } from "./config.ts";
import { KBinsDiscretizer } from "./kBinsDiscretizer.ts";
import { LabelBinarizer } from "./labelBinarizer.ts";
import { LabelEncoder } from "./labelEncoder.ts";
import { MaxAbsScaler } from "./maxAbsScaler.ts";
import { MinMaxScaler } from "./minMaxScaler.ts";
import { MissingIndicator } from "./missingIndicator.ts";
import { MultiLabelBinarizer } from "./multiLabelBinarizer.ts";
import { Binarizer, Normalizer } from "./normalizer.ts";
import { OneHotEncoder } from "./oneHotEncoder.ts";
import { OrdinalEncoder } from "./ordinalEncoder.ts";
import { Pipeline } from "./pipeline.ts";
import { PolynomialFeatures } from "./polynomialFeatures.ts";
import { PowerTransformer } from "./powerTransformer.ts";
import { QuantileTransformer } from "./quantileTransformer.ts";
import { RobustScaler } from "./robustScaler.ts";
import { SimpleImputer } from "./simpleImputer.ts";
import { StandardScaler } from "./standardScaler.ts";
import type { Transform, TransformClass, TransformConfig } from "./transform.ts";

/** What can be saved with a model: a transform of rows, or of labels. */
export interface Saveable {
  toConfig(): TransformConfig;
}
interface SaveableClass {
  readonly transformName: string;
  fromConfig(config: TransformConfig): Saveable;
}

/** Transforms of rows: those that may stand in a Pipeline or ColumnTransformer. */
const rowTransforms: readonly TransformClass[] = [
  Binarizer,
  ColumnTransformer,
  KBinsDiscretizer,
  MaxAbsScaler,
  MinMaxScaler,
  MissingIndicator,
  Normalizer,
  OneHotEncoder,
  OrdinalEncoder,
  Pipeline,
  PolynomialFeatures,
  PowerTransformer,
  QuantileTransformer,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
];
const labelTransforms: readonly SaveableClass[] = [LabelBinarizer, LabelEncoder, MultiLabelBinarizer];

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
  labelsFromConfig(config: unknown): LabelBinarizer | LabelEncoder | MultiLabelBinarizer {
    const valid = checked(config);
    const found = labelClasses.get(valid.name);
    if (found === undefined) throw unknownName("label transform", valid.name, [...labelClasses.keys()]);
    return found.fromConfig(valid) as LabelBinarizer | LabelEncoder | MultiLabelBinarizer;
  },
};

export type { ColumnPart, ColumnTransformerOptions } from "./columnTransformer.ts";
export type { KBinsDiscretizerOptions } from "./kBinsDiscretizer.ts";
export { type LabelBinarizeOptions, type LabelBinarizerOptions, labelBinarize } from "./labelBinarizer.ts";
export type { MinMaxScalerOptions } from "./minMaxScaler.ts";
export type { MissingIndicatorOptions } from "./missingIndicator.ts";
export type { MultiLabelBinarizerOptions } from "./multiLabelBinarizer.ts";
export type { BinarizerOptions, NormalizerOptions } from "./normalizer.ts";
export type { OneHotEncoderOptions } from "./oneHotEncoder.ts";
export type { OrdinalEncoderOptions } from "./ordinalEncoder.ts";
export type { PipelineStep } from "./pipeline.ts";
export type { PolynomialFeaturesOptions } from "./polynomialFeatures.ts";
export type { PowerTransformerOptions } from "./powerTransformer.ts";
export type { QuantileTransformerOptions } from "./quantileTransformer.ts";
export type { RobustScalerOptions } from "./robustScaler.ts";
export type { SimpleImputerOptions } from "./simpleImputer.ts";
export type { FitOptions, StandardScalerOptions } from "./standardScaler.ts";
export { type ToCategoricalOptions, toCategorical } from "./toCategorical.ts";
export type { FieldsLike, Json, NumbersLike, NumberTable, Table, Transform, TransformConfig } from "./transform.ts";
export {
  Binarizer,
  ColumnTransformer,
  KBinsDiscretizer,
  LabelBinarizer,
  LabelEncoder,
  MaxAbsScaler,
  MinMaxScaler,
  MissingIndicator,
  MultiLabelBinarizer,
  Normalizer,
  OneHotEncoder,
  OrdinalEncoder,
  Pipeline,
  PolynomialFeatures,
  PowerTransformer,
  QuantileTransformer,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
};
