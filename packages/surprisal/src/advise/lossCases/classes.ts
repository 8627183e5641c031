/** Losses of classes: two, several, several at once, and shares of each. */
import { figure } from "../../base/warning.ts";
import type { Advice, Described, LossCase } from "./case.ts";

/** How fast a model learns that is sure (logit −20) of the wrong one of two classes. */
const p = 1 / (1 + Math.exp(20));
const squaredSlope = figure(2 * p * (1 - p) * (1 - p));
const squaredError = {
  loss: "meanSquaredError",
  because: `Its gradient vanishes where the model is surest and wrong: at logit -20 for a row of class 1 it is ${squaredSlope}, where cross-entropy's is 1.`,
};
const likelihood =
  "It is minus the logarithm of the probability that was given to what happened, so its best answer is the true probability.";
const errorSlope =
  "Its gradient with respect to a logit is the probability less the target: the larger the mistake, the harder the correction.";

const rare = [
  "Rare classes need no other loss: the probabilities stay right, and the decision can be moved afterwards. Where a missed one costs more, pass classWeight (computeClassWeight) to fit.",
  "Accuracy says little here: calling every row the common class already scores high.",
];

/** One sigmoid. */
function binary({ targets, imbalanced, noisyLabels }: Described): Advice {
  const code = {
    index: [],
    soft: ["Targets between 0 and 1 count as shares of class 1."],
    sign: ["It takes 0 and 1: write 0 where the target is -1."],
    oneHot: ["One column is enough: take the one of class 1."],
    bits: [],
    real: [],
  }[targets];
  return {
    loss: "binaryCrossentropy",
    ...(noisyLabels && { options: { labelSmoothing: 0.1 } }),
    activation: "sigmoid",
    units: 1,
    metrics: imbalanced ? ["auc", "precision", "recall"] : ["accuracy"],
    why: [
      "One sigmoid gives the probability of class 1; the other class has the rest.",
      likelihood,
      errorSlope,
      ...code,
      ...(imbalanced ? rare : []),
      ...(noisyLabels
        ? ["Smoothed labels keep a wrong one from pulling without end: the loss no longer asks for certainty."]
        : []),
    ],
    considered: [
      squaredError,
      { loss: "hinge", because: "It separates the classes, but gives scores and no probabilities." },
      {
        loss: "binaryFocalCrossentropy",
        because:
          "It turns to the hard rows, for detectors with a flood of easy ones; its probabilities come out too cautious.",
      },
      { loss: "categoricalCrossentropy", because: "On two softmax units it is the same model with twice the weights." },
      ...(noisyLabels
        ? [
            {
              loss: "rampLoss",
              because: "It ignores rows that are far off, but is not convex and gives no probabilities.",
            },
          ]
        : []),
    ],
  };
}

const units = ({ classes }: Described) => classes ?? ("one a class" as const);
const softmaxFits =
  "Softmax makes one distribution of the class scores: each class's probability rises only at the cost of the others.";
const ordered = {
  loss: "corn",
  because: "If the classes are steps of a scale, it knows that 4 is nearer to 5 than 1 is: ask with task ordinal.",
};
const several = {
  loss: "binaryCrossentropy",
  because:
    "On sigmoids it treats classes as independent: right if a row may have several, and then with task multilabel.",
};
const margins = {
  loss: "categoricalHinge",
  because: "It stops at a margin of 1 and gives no probabilities.",
};

function multiclass(described: Described): Advice {
  const { targets, imbalanced, manyClasses } = described;
  const index = targets === "index" || manyClasses === true;
  const recode = manyClasses === true && targets !== "index";
  const many = manyClasses === true;
  return {
    loss: index ? "sparseCategoricalCrossentropy" : "categoricalCrossentropy",
    activation: "softmax",
    units: units(described),
    metrics: many ? ["accuracy", "sparseTopKCategoricalAccuracy"] : ["accuracy"],
    why: [
      softmaxFits,
      likelihood,
      errorSlope,
      index
        ? "Class numbers are taken as they are; a row of zeros and ones for each would say the same in more memory."
        : "Rows of zeros and ones (or shares) are taken as they are.",
      ...(recode ? ["With so many classes keep the number of the class instead of a row: argmax gives it."] : []),
      ...(imbalanced ? rare : []),
    ],
    considered: [
      index
        ? {
            loss: "categoricalCrossentropy",
            because: "The same loss for one-hot rows or shares; it needs a number for every class of every row.",
          }
        : {
            loss: "sparseCategoricalCrossentropy",
            because: "The same loss for class numbers: less memory, but no shares.",
          },
      several,
      {
        loss: "brier",
        because:
          "The squared error of the probabilities: honest too, but softmax flattens it where the model is sure and wrong.",
      },
      margins,
      ...(imbalanced
        ? [
            {
              loss: "categoricalFocalCrossentropy",
              because: "It turns to the hard rows; its probabilities come out too cautious.",
            },
            {
              loss: "logitAdjustedCrossentropy",
              because: "It lets all classes count alike; it needs their shares, and logits instead of a softmax.",
            },
          ]
        : []),
      ...(index && !many ? [ordered] : []),
    ],
  };
}

/** Some labels are wrong: a loss that a single row cannot pull without bound. */
function noisyClasses(described: Described): Advice {
  const index = described.targets === "index";
  const generalized = { loss: "categoricalGeneralizedCrossentropy", because: "As robust, for class numbers." };
  const symmetric = {
    loss: "symmetricCrossentropy",
    because: "As robust, for one-hot rows; it has two weights to choose.",
  };
  return {
    loss: index ? "categoricalGeneralizedCrossentropy" : "symmetricCrossentropy",
    activation: "softmax",
    units: units(described),
    metrics: ["accuracy"],
    why: [
      softmaxFits,
      "Cross-entropy grows without bound as a label seems less likely, so that wrong labels are learnt by heart in the end.",
      index
        ? "(1 - p^q)/q lies between cross-entropy (q near 0) and the absolute error (q = 1), which wrong labels cannot pull: no row costs more than 1/q."
        : "A bounded reverse cross-entropy is added, in which a wrong label counts for no more than any other.",
    ],
    considered: [
      index ? symmetric : generalized,
      {
        loss: index ? "sparseCategoricalCrossentropy" : "categoricalCrossentropy",
        because: "With labelSmoothing: 0.1 a milder remedy that keeps its speed; right if few labels are wrong.",
      },
      { loss: "biTemperedLogistic", because: "Bounded as well, with two temperatures to choose." },
    ],
  };
}

function multilabel({ classes, imbalanced }: Described): Advice {
  return {
    loss: "binaryCrossentropy",
    activation: "sigmoid",
    units: classes ?? "one a label",
    metrics: imbalanced ? ["precision", "recall"] : ["accuracy"],
    why: [
      "Each label is a question of its own with a sigmoid of its own: a row may have none, one or several.",
      likelihood,
      errorSlope,
      ...(imbalanced ? ["Accuracy says little here: answering no to every label already scores high."] : []),
    ],
    considered: [
      {
        loss: "categoricalCrossentropy",
        because: "On a softmax the labels would share 1: only right if each row has exactly one.",
      },
      { loss: "multiLabelSoftMargin", because: "The same from logits, with a weight for each label." },
      {
        loss: "asymmetricLoss",
        because:
          "It plays down the many easy zeros, for hundreds of labels of which few apply; its probabilities are no longer right.",
      },
      {
        loss: "zlpr",
        because: "It ranks the labels that apply above the others, and gives scores instead of probabilities.",
      },
    ],
  };
}

function distribution(described: Described): Advice {
  return {
    loss: "klDivergence",
    activation: "softmax",
    units: units(described),
    metrics: ["categoricalCrossentropy"],
    why: [
      softmaxFits,
      "The divergence is what predicting these shares costs beyond what the true ones would: 0 when they agree, so that the figure can be judged.",
    ],
    considered: [
      {
        loss: "categoricalCrossentropy",
        because: "It has the same gradient, but ends at the entropy of the targets instead of 0.",
      },
      {
        loss: "meanSquaredError",
        because:
          "It takes 0.50 for 0.51 as seriously as 0.01 for 0.02, of which the one is nothing and the other twice as much.",
      },
    ],
  };
}

export const classCases: readonly LossCase[] = [
  { task: "binary", advise: binary },
  {
    task: "multiclass",
    when: ({ noisyLabels, manyClasses }) => noisyLabels === true && manyClasses !== true,
    advise: noisyClasses,
  },
  { task: "multiclass", advise: multiclass },
  { task: "multilabel", advise: multilabel },
  { task: "distribution", advise: distribution },
];
