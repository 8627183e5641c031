/** Every transform of rows: those that may stand in a Pipeline or ColumnTransformer. One line here makes one known and public. */
export { type ColumnPart, ColumnTransformer, type ColumnTransformerOptions } from "./columnTransformer.ts";
export { KBinsDiscretizer, type KBinsDiscretizerOptions } from "./kBinsDiscretizer.ts";
export { MaxAbsScaler } from "./maxAbsScaler.ts";
export { MinMaxScaler, type MinMaxScalerOptions } from "./minMaxScaler.ts";
export { MissingIndicator, type MissingIndicatorOptions } from "./missingIndicator.ts";
export { Binarizer, type BinarizerOptions, Normalizer, type NormalizerOptions } from "./normalizer.ts";
export { OneHotEncoder, type OneHotEncoderOptions } from "./oneHotEncoder.ts";
export { OrdinalEncoder, type OrdinalEncoderOptions } from "./ordinalEncoder.ts";
export { Pipeline, type PipelineStep } from "./pipeline.ts";
export { PolynomialFeatures, type PolynomialFeaturesOptions } from "./polynomialFeatures.ts";
export { PowerTransformer, type PowerTransformerOptions } from "./powerTransformer.ts";
export { QuantileTransformer, type QuantileTransformerOptions } from "./quantileTransformer.ts";
export { RobustScaler, type RobustScalerOptions } from "./robustScaler.ts";
export { SimpleImputer, type SimpleImputerOptions } from "./simpleImputer.ts";
export { type FitOptions, StandardScaler, type StandardScalerOptions } from "./standardScaler.ts";
