/** What losses do for targets that cannot be, for nothing at all, and at kinks. */
/** @import { Section } from "./sections.mjs" */

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const fromLogits = { fromLogits: true };
const scce = "sparseCategoricalCrossentropy";
const cce = "categoricalCrossentropy";
const bce = "binaryCrossentropy";
const rows = (/** @type {string} */ n) => `policies:${cce}-${n}`;

/** @type {readonly Section[]} */
export const targets = [
  {
    title: "Targets",
    text: `What is out of its domain is an error that names the row. Class numbers are int32 from the first to the last step: no float stands
between, so that they are exact up to 2 147 483 647. Distributions count as given, whatever they sum to.`,
    lines: [
      {
        situation: "a label beyond the classes",
        loss: scce,
        yTrue: [0, 3],
        yPred: [
          [1, 0],
          [0, 1],
        ],
        error: "loss/label-out-of-range",
      },
      { situation: "a label of −1", loss: scce, yTrue: [-1], yPred: [[1, 0]], error: "loss/out-of-domain" },
      { situation: "a label of −100", loss: scce, yTrue: [-100], yPred: [[1, 0]], error: "loss/out-of-domain" },
      { situation: "a label of 0.5", loss: scce, yTrue: [0.5], yPred: [[1, 0]], error: "loss/out-of-domain" },
      {
        situation: "a label that is left out",
        loss: scce,
        yTrue: [-100],
        yPred: [[nan, 0]],
        options: { ignoreClass: -100 },
        losses: [0],
        gradient: [0, 0],
      },
      { situation: "a class number for a yes or no", loss: bce, yTrue: [2], yPred: [0.5], error: "loss/out-of-domain" },
      { situation: "a negative share", loss: cce, yTrue: [[-1, 2]], yPred: [[0.5, 0.5]], error: "loss/out-of-domain" },
      { situation: "a NaN", loss: "meanSquaredError", yTrue: [nan], yPred: [1], error: "loss/out-of-domain" },
      {
        situation: "a sum of 3",
        loss: cce,
        yTrue: [[2, 1, 0]],
        yPred: [[0, 0, 0]],
        options: fromLogits,
        losses: [3 * Math.log(3)],
        gradient: [-1, 0, 1],
      },
      {
        situation: "a sum of 0",
        loss: cce,
        yTrue: [[0, 0, 0]],
        yPred: [[1, 0, 3]],
        options: fromLogits,
        golden: rows("021"),
      },
      { situation: "two codes of a sign", loss: "hinge", yTrue: [0, -1], yPred: [1, 1], error: "loss/mixed-signs" },
      {
        situation: "another shape",
        loss: "meanSquaredError",
        yTrue: [1, 2, 3],
        yPred: [[1, 2, 3]],
        error: "loss/shapes",
      },
    ],
  },
  {
    title: "Nothing left",
    text: `A mean of nothing is 0 with a gradient of 0, and its divisor is 0, so that parts of a batch add up. \`zeroDivisor: "nan"\`, and
\`{ like: "pytorch" }\`, make it NaN. What is masked, ignored or has a weight of 0 reaches neither sum nor gradient, even if it is NaN.`,
    lines: [
      {
        situation: "no samples",
        loss: "meanSquaredError",
        yTrue: [],
        yPred: [],
        options: { reduction: "mean" },
        value: 0,
        gradient: [],
      },
      {
        situation: "no samples, strict",
        loss: "meanSquaredError",
        yTrue: [],
        yPred: [],
        options: { reduction: { op: "mean", zeroDivisor: "nan" } },
        value: nan,
        gradient: [],
      },
      {
        situation: "everything masked",
        loss: bce,
        yTrue: [1, 0],
        yPred: [0.5, 0.25],
        options: { mask: [0, 0], reduction: "mean" },
        value: 0,
        gradient: [0, 0],
      },
      {
        situation: "every weight 0",
        loss: bce,
        yTrue: [1, 0],
        yPred: [0.5, 0.25],
        options: { sampleWeight: [0, 0], reduction: "meanWithSampleWeight" },
        value: 0,
        gradient: [0, 0],
      },
      {
        situation: "every weight 0, strict",
        loss: bce,
        yTrue: [1, 0],
        yPred: [0.5, 0.25],
        options: { sampleWeight: [0, 0], reduction: { op: "mean", over: "weightSum", zeroDivisor: "nan" } },
        value: nan,
        gradient: [nan, nan],
      },
      {
        situation: "every label left out",
        loss: scce,
        yTrue: [0],
        yPred: [[0.5, 0.5]],
        options: { ignoreClass: 0, reduction: "mean" },
        value: 0,
        gradient: [0, 0],
      },
      {
        situation: "every label left out, as PyTorch",
        loss: scce,
        yTrue: [0],
        yPred: [[0.5, 0.5]],
        options: { ignoreClass: 0, reduction: { like: "pytorch" } },
        value: nan,
        gradient: [nan, nan],
      },
      {
        situation: "a masked NaN",
        loss: "meanSquaredError",
        yTrue: [1, 2],
        yPred: [nan, 3],
        options: { mask: [0, 1], reduction: "mean" },
        value: 1,
        gradient: [0, 2],
      },
      {
        situation: "every class masked out",
        loss: cce,
        yTrue: [
          [1, 0, 0],
          [0, 1, 0],
        ],
        yPred: [
          [1, 0, 3],
          [1, 0, 3],
        ],
        options: {
          fromLogits: true,
          classMask: [
            [1, 1, 0],
            [0, 0, 0],
          ],
        },
        golden: rows("023"),
      },
      {
        situation: 'every class masked out, emptySupport: "zero"',
        loss: cce,
        yTrue: [
          [1, 0, 0],
          [0, 1, 0],
        ],
        yPred: [
          [1, 0, 3],
          [1, 0, 3],
        ],
        options: {
          fromLogits: true,
          classMask: [
            [1, 1, 0],
            [0, 0, 0],
          ],
          emptySupport: "zero",
        },
        golden: rows("024"),
      },
    ],
  },
  {
    title: "Residuals and rates",
    text: `At a kink the slope is 0, but for the quantile loss, which takes −tau at a tie. A NaN prediction makes its loss NaN; where the slope does
not depend on its size (absolute error, Huber) the slope may be a number.`,
    lines: [
      {
        situation: "no residual",
        loss: "meanAbsoluteError",
        yTrue: [[1, 2]],
        yPred: [[1, 2]],
        golden: "policies:meanAbsoluteError-001",
      },
      {
        situation: "a tie",
        loss: "quantile",
        yTrue: [[1, 2]],
        yPred: [[1, 2]],
        options: { tau: 0.25 },
        golden: "policies:quantile-001",
      },
      {
        situation: "exactly at the margin",
        loss: "hinge",
        yTrue: [[1, -1]],
        yPred: [[1, -1]],
        golden: "policies:hinge-001",
      },
      {
        situation: "an infinite prediction",
        loss: "meanAbsoluteError",
        yTrue: [[0]],
        yPred: [[inf]],
        golden: "policies:meanAbsoluteError-002",
      },
      {
        situation: "an infinite prediction",
        loss: "huber",
        yTrue: [[0]],
        yPred: [[inf]],
        options: { delta: 1 },
        golden: "policies:huber-002",
      },
      {
        situation: "a NaN prediction",
        loss: "meanSquaredError",
        yTrue: [[0]],
        yPred: [[nan]],
        golden: "policies:meanSquaredError-002",
      },
      {
        situation: "a NaN prediction",
        loss: "huber",
        yTrue: [[0]],
        yPred: [[nan]],
        options: { delta: 1 },
        golden: "policies:huber-003",
      },
      {
        situation: "a count of 0 at a rate of 0",
        loss: "poisson",
        yTrue: [[0, 0]],
        yPred: [[0, 2 ** -149]],
        golden: "policies:poisson-001",
      },
      { situation: "a negative rate", loss: "poisson", yTrue: [1], yPred: [-1], error: "loss/out-of-domain" },
      {
        situation: "between −1 and 0",
        loss: "meanSquaredLogarithmicError",
        yTrue: [[0, 0]],
        yPred: [[0, -0.5]],
        golden: "policies:meanSquaredLogarithmicError-001",
      },
      {
        situation: "percent of a target of 0",
        loss: "meanAbsolutePercentageError",
        yTrue: [0],
        yPred: [1],
        losses: [inf],
        gradient: [inf],
      },
    ],
  },
  {
    title: "Directions and masks",
    text: `A zero vector has no direction: it costs 0 and pulls nowhere. A mask that is empty and predicted empty is right, and costs 0; \`smooth\`
changes the slope there, not the loss.`,
    lines: [
      {
        situation: "two zero vectors",
        loss: "cosineSimilarity",
        yTrue: [[0, 0]],
        yPred: [[0, 0]],
        golden: "policies:cosineSimilarity-001",
      },
      {
        situation: "the right logit leads by 1 or more",
        loss: "sparsemaxLoss",
        yTrue: [[1, 0, 0]],
        yPred: [[3, 1, 1]],
        golden: "policies:sparsemaxLoss-001",
      },
      {
        situation: "an empty mask, predicted empty",
        loss: "dice",
        yTrue: [[[0], [0]]],
        yPred: [[[0], [0]]],
        options: { per: "sample" },
        golden: "policies:dice-001",
      },
      {
        situation: "an empty mask, predicted empty, smoothed",
        loss: "dice",
        yTrue: [[[0], [0]]],
        yPred: [[[0], [0]]],
        options: { per: "sample", smooth: 1 },
        golden: "policies:dice-002",
      },
      {
        situation: "an empty mask, predicted empty",
        loss: "jaccard",
        yTrue: [[[0], [0]]],
        yPred: [[[0], [0]]],
        options: { per: "sample" },
        golden: "policies:jaccard-001",
      },
    ],
  },
];
