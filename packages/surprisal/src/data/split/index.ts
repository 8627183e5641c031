/** Splitting rows into parts. */
export type { Rows, Splitter } from "./folds.ts";
export * from "./groupKFold.ts";
export * from "./kFold.ts";
export * from "./repeated.ts";
export { type ResampleOptions, resample, resampleIndices, type ShuffleOptions, shuffle } from "./resample.ts";
export type { Fold, Splittable } from "./rows.ts";
export * from "./shuffleSplit.ts";
export * from "./stratifiedGroupKFold.ts";
export * from "./timeSeriesSplit.ts";
export { type Stratify, type TrainTestSplitOptions, trainTestIndices, trainTestSplit } from "./trainTestSplit.ts";
