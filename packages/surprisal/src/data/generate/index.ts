/** Synthetic data sets. */
export * from "./makeBlobs.ts";
export * from "./makeCircles.ts";
export * from "./makeClassification.ts";
export * from "./makeFriedman.ts";
export * from "./makeGaussianQuantiles.ts";
export { type MakeLowRankMatrixOptions, makeLowRankMatrix } from "./makeLowRankMatrix.ts";
export * from "./makeManifold.ts";
export * from "./makeMoons.ts";
export * from "./makeMultilabelClassification.ts";
export * from "./makeRegression.ts";
