/** Losses of numbers: amounts of any sign, shares, amounts above 0, counts. */
import type { Advice, Described, LossCase } from "./case.ts";

const units = ({ classes }: Described) => classes ?? 1;
const standardise = "Standardise the targets first (StandardScaler), and bring predictions back with inverseTransform.";
const squared = { loss: "meanSquaredError", because: "It estimates the mean, and lets the largest errors decide." };
const absolute = {
  loss: "meanAbsoluteError",
  because:
    "It estimates the median, but its gradient is as large at a small error as at a large one, so that it settles slowly.",
};
const mean =
  "Its best answer is the mean of the targets that look alike, and its gradient shrinks with the error, so that training settles.";

const plain = (described: Described): Advice => ({
  loss: "meanSquaredError",
  activation: "linear",
  units: units(described),
  metrics: ["meanAbsoluteError"],
  why: ["Amounts of any size and sign need an output without bounds.", mean, standardise],
  considered: [
    { loss: "huber", because: "Linear beyond a residual of delta: the one to take if some targets are far off." },
    absolute,
    { loss: "quantile", because: "For a bound (the 90 % quantile, say) instead of a mean." },
    {
      loss: "gaussianNll",
      because: "It predicts the spread along with the mean; it takes two outputs for each number.",
    },
  ],
});

const robust = (described: Described): Advice => ({
  loss: "huber",
  activation: "linear",
  units: units(described),
  metrics: ["meanAbsoluteError"],
  why: [
    "Targets that are far off would decide a squared error: one at 10 deviations weighs like 100 at 1.",
    "It is quadratic for small residuals, where it settles like the squared error, and linear beyond delta, where no row pulls harder than another.",
    `Its delta is 1 here, one standard deviation of standardised targets. ${standardise}`,
  ],
  considered: [
    squared,
    absolute,
    { loss: "logCosh", because: "Much the same without a corner, and without a delta to choose." },
    {
      loss: "tukeyBiweight",
      because: "It ignores what is far off altogether, and so may ignore what it has not learnt yet.",
    },
  ],
});

const quantile = (described: Described): Advice => ({
  loss: "quantile",
  options: { tau: described.quantile },
  activation: "linear",
  units: units(described),
  metrics: ["meanAbsoluteError"],
  why: [
    `Predictions too low cost ${described.quantile} a unit and predictions too high ${Number((1 - (described.quantile as number)).toPrecision(12))}: they balance where ${Number((100 * (described.quantile as number)).toPrecision(12))} % of the targets lie below.`,
    standardise,
  ],
  considered: [
    { loss: "meanSquaredError", because: "It estimates the mean, whatever the spread." },
    { loss: "smoothQuantile", because: "Without the corner at 0, for optimizers that use curvature." },
    { loss: "expectile", because: "Smooth, but what it estimates is no quantile." },
  ],
});

const proportion = (described: Described): Advice => ({
  loss: "binaryCrossentropy",
  activation: "sigmoid",
  units: units(described),
  metrics: ["meanAbsoluteError"],
  why: [
    "A sigmoid keeps predictions between 0 and 1, as the targets are.",
    "Cross-entropy of a share has its lowest value at the mean share, and its gradient does not vanish at the ends as the squared error's does.",
  ],
  considered: [
    {
      loss: "meanSquaredError",
      because:
        "Right for the mean too, but slow where the sigmoid is flat; without the sigmoid it predicts below 0 and above 1.",
    },
    { loss: "meanAbsoluteError", because: "It estimates the median share." },
  ],
});

const positive = (described: Described): Advice => ({
  loss: "tweedieDeviance",
  options: { power: described.manyZeros ? 1.5 : 2 },
  activation: "exponential",
  units: units(described),
  metrics: ["meanAbsoluteError"],
  why: [
    "An exponential output keeps predictions above 0 and reaches any size in a few steps, so the targets stay as they are.",
    described.manyZeros
      ? "With power 1.5 the targets may be exactly 0, as the amounts of claims or sales are, and large ones may spread more than small ones."
      : "With power 2 (the gamma deviance) errors count in proportion: 10 for 11 costs what 1000 for 1100 does.",
    "Its best answer is the mean, unlike that of a squared error of logarithms.",
  ],
  considered: [
    { loss: "meanSquaredError", because: "The largest amounts would decide: their errors are the largest." },
    {
      loss: "meanSquaredLogarithmicError",
      because:
        "In proportion too, but it estimates the mean of the logarithms: sums of its predictions come out too low.",
    },
    {
      loss: "meanAbsolutePercentageError",
      because:
        "It punishes predictions that are too high without bound, and those too low with 100 % at most: predictions come out low.",
    },
    { loss: "huber", because: "Robust, but blind to proportion." },
  ],
});

const count = (described: Described): Advice => ({
  loss: "poisson",
  activation: "exponential",
  units: units(described),
  metrics: ["meanAbsoluteError"],
  why: [
    "An exponential output is a rate above 0, and effects multiply, as they do in counts.",
    "It is the likelihood of a count whose variance is its mean: an error of 3 counts for more at a rate of 1 than at 100.",
    ...(described.overdispersed
      ? [
          "The counts vary more than that; the predicted means stay right all the same, only their spread is wider than a Poisson's.",
        ]
      : []),
  ],
  considered: [
    { loss: "meanSquaredError", because: "It predicts below 0, and lets the largest counts decide." },
    {
      loss: "negativeBinomialNll",
      because:
        "For counts that vary more than their mean, if their spread matters as well; it has a dispersion to choose.",
    },
    ...(described.manyZeros
      ? [
          {
            loss: "zeroInflatedPoissonNll",
            because:
              "It tells rows that can only be 0 from those that happen to be; it takes two outputs for each count.",
          },
        ]
      : []),
    {
      loss: "tweedieDeviance",
      because: "With power 1 it is the same but for a constant, and 0 at a perfect prediction.",
    },
  ],
});

export const amountCases: readonly LossCase[] = [
  { task: "regression", when: ({ quantile: wanted }) => wanted !== undefined, advise: quantile },
  { task: "regression", when: ({ relative }) => relative === true, advise: positive },
  { task: "regression", when: ({ outliers }) => outliers === true, advise: robust },
  { task: "regression", advise: plain },
  { task: "proportion", advise: proportion },
  { task: "positive", when: ({ quantile: wanted }) => wanted !== undefined, advise: quantile },
  { task: "positive", advise: positive },
  { task: "count", when: ({ quantile: wanted }) => wanted !== undefined, advise: quantile },
  { task: "count", advise: count },
];
