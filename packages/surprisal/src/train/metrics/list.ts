/** Every metric there is. */
export { accuracy } from "./accuracy.ts";
export { auc } from "./auc.ts";
export { binaryAccuracy } from "./binaryAccuracy.ts";
export { categoricalAccuracy } from "./categoricalAccuracy.ts";
export {
  precisionAtRecall,
  recallAtPrecision,
  sensitivityAtSpecificity,
  specificityAtSensitivity,
} from "./constrained.ts";
export { cosineSimilarity } from "./cosineSimilarity.ts";
export { falseNegatives, falsePositives, trueNegatives, truePositives } from "./counts.ts";
export { f1Score, fBetaScore } from "./fScore.ts";
export { hinge, squaredHinge } from "./hinge.ts";
export { labelAccuracy } from "./labelAccuracy.ts";
export { precision } from "./precision.ts";
export {
  binaryCrossentropy,
  categoricalCrossentropy,
  categoricalHinge,
  klDivergence,
  poisson,
  sparseCategoricalCrossentropy,
} from "./probabilities.ts";
export { r2Score } from "./r2Score.ts";
export { recall } from "./recall.ts";
export {
  logCoshError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  rootMeanSquaredError,
} from "./regression.ts";
export { sparseCategoricalAccuracy } from "./sparseCategoricalAccuracy.ts";
export { sparseTopKCategoricalAccuracy } from "./sparseTopKCategoricalAccuracy.ts";
export { topKCategoricalAccuracy } from "./topKCategoricalAccuracy.ts";
