import { InvalidArgumentError } from "../../base/errors.ts";
import { sum, where } from "../../graph/index.ts";
import { isLabel, perClass } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";
import { unit, vector } from "../params.ts";
import { naiveShares, shareDomain, shareParams } from "./shares.ts";
import { sparseCategoricalCrossentropy } from "./sparseCategoricalCrossentropy.ts";

/**
 * (1 − beta) / (1 − beta^n_y) times the cross-entropy of the labelled class, one number a row; n are `classCounts`, and without them the factor
 * is 1. The factors are as they stand, not rescaled to sum to the number of classes. beta = 1 is the limit 1/n_y.
 */
export const classBalancedCrossentropy = defineLoss({
  name: "classBalancedCrossentropy",
  aliases: ["classBalanced", "classBalancedLoss", "cbLoss", "effectiveNumberCrossEntropy"],
  task: "multiclass",
  summary: "Cross-entropy in which a class counts by its effective number of examples, for very unequal classes.",
  formula: String.raw`\ell = -\frac{1 - \beta}{1 - \beta^{n_y}} \log p_y`,
  references: [
    {
      title: "Cui et al., Class-Balanced Loss Based on Effective Number of Samples (2019)",
      url: "https://arxiv.org/abs/1901.05555",
    },
  ],
  axis: "class",
  yTrue: classIndex,
  yPred: shareDomain,
  params: {
    ...shareParams,
    beta: unit(0.999, "how much further examples of a class still add: 0 for nothing, 1 for as much as the first"),
    classCounts: vector("how many examples there are of each class"),
  },
  checkParams({ classCounts }) {
    const empty = classCounts?.indexOf(0) ?? -1;
    if (empty < 0) return;
    throw new InvalidArgumentError("loss/class-count", {
      received: `classBalancedCrossentropy was given classCounts with 0 examples of class ${empty}`,
      expected: "each class has some, since a class without any would weigh infinitely much",
      hint: "Count such a class as 1, or leave it out of the model.",
    });
  },
  value(yTrue, yPred, { fromLogits, beta, classCounts }, inputs) {
    const classWeight = factors(classCounts, beta);
    // For the error of a wrong length, which is to speak of the counts.
    if (classWeight !== undefined) perClass(classWeight, yPred, "classCounts");
    const params = { ...sparseCategoricalCrossentropy.params, fromLogits, classWeight };
    return sparseCategoricalCrossentropy.definition.value(yTrue, yPred, params, inputs);
  },
  labelWeight(yTrue, yPred, { beta, classCounts }) {
    const weights = factors(classCounts, beta);
    if (weights === undefined) return undefined;
    return sum(where(isLabel(yTrue, yPred), perClass(weights, yPred, "classCounts"), 0), [-1]);
  },
  textbook([y]: readonly [number], x: readonly number[], { beta, classCounts, ...kind }) {
    const n = classCounts?.[y] ?? 1;
    const factor = beta === 1 ? 1 / n : (1 - beta) / (1 - beta ** n);
    return -factor * Math.log(naiveShares(x, kind)[y] as number);
  },
  examples: [
    { yTrue: 1, yPred: [0.5, 0.5], loss: Math.LN2 },
    { yTrue: 1, yPred: [0.5, 0.5], params: { beta: 0.5, classCounts: [9, 2] }, loss: Math.LN2 / 1.5 },
    { yTrue: 0, yPred: [0.5, 0.5], params: { beta: 1, classCounts: [4, 1] }, loss: Math.LN2 / 4 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, proper: true },
});

function factors(classCounts: readonly number[] | undefined, beta: number): number[] | undefined {
  return classCounts?.map((n) => (beta === 1 ? 1 / n : (beta - 1) / Math.expm1(n * Math.log(beta))));
}
