/** What losses do for predictions that are infinite, NaN or exactly 0 or 1. */
/** @import { Line, Section } from "./sections.mjs" */

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const fromLogits = { fromLogits: true };
const scce = "sparseCategoricalCrossentropy";
const cce = "categoricalCrossentropy";
const bce = "binaryCrossentropy";
const labels = (/** @type {string} */ n) => `policies:${scce}-${n}`;
const rows = (/** @type {string} */ n) => `policies:${cce}-${n}`;
const bits = (/** @type {string} */ n) => `policies:${bce}-${n}`;
const kl = (/** @type {string} */ n) => `policies:klDivergence-${n}`;

/** @type {readonly Section[]} */
export const predictions = [
  {
    title: "Logits of a softmax",
    text: `A logit of −Infinity is a class of probability 0, exactly. A class whose target is 0 adds nothing, whatever its logit: 0 · (−∞) is 0.
+Infinity stands for the limit as the logit grows.`,
    lines: [
      {
        situation: "−∞ off the target, class number",
        loss: scce,
        yTrue: [1],
        yPred: [[1, 0, -inf]],
        golden: labels("001"),
      },
      {
        situation: "−∞ off the target, one-hot",
        loss: cce,
        yTrue: [[0, 1, 0]],
        yPred: [[1, 0, -inf]],
        golden: rows("001"),
      },
      {
        situation: "−∞ off the target, soft",
        loss: cce,
        yTrue: [[0.5, 0.5, 0]],
        yPred: [[1, 0, -inf]],
        golden: rows("018"),
      },
      { situation: "−∞ on the target", loss: scce, yTrue: [2], yPred: [[1, 0, -inf]], golden: labels("002") },
      {
        situation: "−∞ on a share of the target",
        loss: cce,
        yTrue: [[0.5, 0.25, 0.25]],
        yPred: [[1, 0, -inf]],
        golden: rows("019"),
      },
      {
        situation: "smoothing puts weight on −∞",
        loss: cce,
        yTrue: [[0, 1, 0]],
        yPred: [[1, 0, -inf]],
        options: { labelSmoothing: 0.125 },
        golden: rows("015"),
      },
      {
        situation: "only the target is finite",
        loss: scce,
        yTrue: [1],
        yPred: [[-inf, 2, -inf]],
        golden: labels("004"),
      },
      { situation: "a whole row of −∞", loss: scce, yTrue: [0], yPred: [[-inf, -inf, -inf]], golden: labels("003") },
      { situation: "+∞ on the target", loss: scce, yTrue: [0], yPred: [[inf, 1, 0]], golden: labels("005") },
      { situation: "+∞ off the target", loss: scce, yTrue: [1], yPred: [[inf, 1, 0]], golden: labels("006") },
      {
        situation: "+∞ on half the target's mass",
        loss: cce,
        yTrue: [[0.5, 0.5, 0]],
        yPred: [[inf, 0, 1]],
        golden: rows("020"),
      },
      { situation: "NaN", loss: scce, yTrue: [0], yPred: [[nan, 1, 0]], golden: labels("007") },
      {
        situation: "NaN stays in its row",
        loss: scce,
        yTrue: [0, 1],
        yPred: [
          [nan, 1],
          [0, 0],
        ],
        losses: [nan, Math.LN2],
        gradient: [nan, nan, 0.5, -0.5],
      },
      { situation: "one class", loss: scce, yTrue: [0], yPred: [[1]], golden: labels("008") },
      { situation: "equal and huge", loss: scce, yTrue: [0], yPred: [[2 ** 100, 2 ** 100, 0]], golden: labels("017") },
    ].map(given(fromLogits)),
  },
  {
    title: "Logits of a sigmoid",
    text: "The limit, too: 0 where an infinite logit is right, Infinity where it is wrong.",
    lines: [
      { situation: "+∞, right", loss: bce, yTrue: [[1]], yPred: [[inf]], golden: bits("006") },
      { situation: "−∞, right", loss: bce, yTrue: [[0]], yPred: [[-inf]], golden: bits("002") },
      { situation: "+∞, wrong", loss: bce, yTrue: [[0]], yPred: [[inf]], golden: bits("001") },
      { situation: "−∞, wrong", loss: bce, yTrue: [[1]], yPred: [[-inf]], golden: bits("007") },
      { situation: "+∞, a soft label", loss: bce, yTrue: [[0.5]], yPred: [[inf]], golden: bits("011") },
      { situation: "NaN", loss: bce, yTrue: [[1]], yPred: [[nan]], golden: bits("008") },
      { situation: "huge, wrong", loss: bce, yTrue: [[0, 1]], yPred: [[2 ** 100, -(2 ** 100)]], golden: bits("017") },
      {
        situation: "+∞, right, focal with gamma below 1",
        loss: "binaryFocalCrossentropy",
        yTrue: [[1]],
        yPred: [[inf]],
        options: { gamma: 0.5 },
        golden: "policies:binaryFocalCrossentropy-015",
      },
    ].map(given(fromLogits)),
  },
  {
    title: "Probabilities",
    text: `Nothing is clipped: a probability of 0 where the label is costs infinitely much, and pulls infinitely hard. A model that ends in a
sigmoid or softmax layer trains on its logits all the same, and never meets this.`,
    lines: [
      { situation: "p = 0 at a positive", loss: bce, yTrue: [[1]], yPred: [[0]], golden: bits("009") },
      { situation: "p = 1 at a negative", loss: bce, yTrue: [[0]], yPred: [[1]], golden: bits("005") },
      { situation: "p = 1 at a positive", loss: bce, yTrue: [[1]], yPred: [[1]], golden: bits("010") },
      { situation: "p = 0 at half a positive", loss: bce, yTrue: [[0.5]], yPred: [[0]], golden: bits("014") },
      {
        situation: "p = 0 at the class",
        loss: scce,
        yTrue: [0],
        yPred: [[0, 0.5, 0.5]],
        options: { normalize: false },
        golden: labels("010"),
      },
      {
        situation: "p = 0 at another class",
        loss: scce,
        yTrue: [1],
        yPred: [[0, 0.5, 0.5]],
        options: { normalize: false },
        golden: labels("012"),
      },
      {
        situation: "log p = −∞ at the class",
        loss: scce,
        yTrue: [0],
        yPred: [[-inf, 0, -inf]],
        options: { fromLogProbabilities: true },
        golden: labels("014"),
      },
      {
        situation: "focal, p = 0 at a positive",
        loss: "binaryFocalCrossentropy",
        yTrue: [[1]],
        yPred: [[0]],
        options: { gamma: 2 },
        golden: "policies:binaryFocalCrossentropy-009",
      },
      { situation: "above 1", loss: bce, yTrue: [1], yPred: [1.5], error: "loss/out-of-domain" },
      { situation: "a NaN", loss: bce, yTrue: [1], yPred: [nan], losses: [nan], gradient: [nan] },
    ],
  },
  {
    title: "Divergences",
    text: "0 · log 0 is 0, and 0 · log(0/0), too. Rows count as given: they are not made to sum to 1.",
    lines: [
      { situation: "p = 0", loss: "klDivergence", yTrue: [[0, 1]], yPred: [[0.5, 0.5]], golden: kl("001") },
      { situation: "p = q = 0", loss: "klDivergence", yTrue: [[0, 1]], yPred: [[0, 1]], golden: kl("002") },
      {
        situation: "q = 0 where p is not",
        loss: "klDivergence",
        yTrue: [[0.5, 0.5]],
        yPred: [[0, 1]],
        golden: kl("003"),
      },
      { situation: "no mass at all", loss: "klDivergence", yTrue: [[0, 0]], yPred: [[0.5, 0.5]], golden: kl("005") },
      {
        situation: "p = 0 on a logit of −∞",
        loss: "klDivergence",
        yTrue: [[0.5, 0.5, 0]],
        yPred: [[1, 0, -inf]],
        options: fromLogits,
        golden: kl("006"),
      },
      {
        situation: "logarithms, both −∞",
        loss: "klDivergence",
        yTrue: [[-inf, 0]],
        yPred: [[-inf, 0]],
        options: { fromLogProbabilities: true, logTarget: true },
        golden: kl("007"),
      },
      {
        situation: "no mass at all, generalised",
        loss: "generalizedKlDivergence",
        yTrue: [[0, 0]],
        yPred: [[0.5, 0.5]],
        golden: "policies:generalizedKlDivergence-005",
      },
      {
        situation: "q = 0 where p is not",
        loss: "jensenShannon",
        yTrue: [[0.5, 0.5]],
        yPred: [[0, 1]],
        golden: "policies:jensenShannon-003",
      },
      {
        situation: "q = 0 where p is not",
        loss: "totalVariation",
        yTrue: [[0.5, 0.5]],
        yPred: [[0, 1]],
        golden: "policies:totalVariation-003",
      },
      {
        situation: "p below 0",
        loss: "klDivergence",
        yTrue: [[-0.5, 1.5]],
        yPred: [[0.5, 0.5]],
        error: "loss/out-of-domain",
      },
    ],
  },
];

/** @param {Readonly<Record<string, unknown>>} common options of every line of a section */
function given(common) {
  return (/** @type {Line} */ line) => ({ ...line, options: { ...common, ...line.options } });
}
