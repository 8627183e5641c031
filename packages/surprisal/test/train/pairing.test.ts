/** What does not go together: each rule finds its case, says the numbers it saw, and leaves the right pairs alone. */
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, type SurprisalError } from "../../src/base/errors.ts";
import { figure } from "../../src/base/warning.ts";
import * as layers from "../../src/layers.ts";
import { takesOf } from "../../src/loss/takes.ts";
import * as losses from "../../src/losses.ts";
import type { LayerSpec } from "../../src/model/contract.ts";
import { buildNetwork } from "../../src/model/index.ts";
import { checkPairing, pairRules } from "../../src/train/pairing.ts";

type AnyLoss = ReturnType<typeof losses.get> | losses.Loss;
const dense = (units: number, activation = "linear") => layers.dense(units, { activation, inputShape: [3] });

/** What is found about layers and a loss: an error, a warning, or nothing. */
function found(specs: readonly LayerSpec[], loss: AnyLoss | string) {
  try {
    const [first] = checkPairing(buildNetwork(specs), typeof loss === "string" ? losses.get(loss) : loss);
    return first === undefined ? undefined : { how: "warning", code: first.code, message: first.message };
  } catch (error) {
    const { code, message } = error as SurprisalError;
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return { how: "error", code, message };
  }
}

interface Case {
  readonly layers: readonly LayerSpec[];
  readonly loss: AnyLoss | string;
  readonly how: "error" | "warning";
  readonly code: string;
  readonly says: RegExp;
}
const { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } = losses;

const wrong: Readonly<Record<string, Case>> = {
  "a softmax under a loss that applies one": {
    layers: [dense(3, "softmax")],
    loss: categoricalCrossentropy({ fromLogits: true }),
    how: "error",
    code: "compile/probabilities-as-logits",
    // −log(e / (e + 2))
    says: /ends in softmax, which gives numbers from 0 to 1: a row of the dearest class would never cost less than 0\.5514/,
  },
  "a softmax under a sparse loss that applies one": {
    layers: [dense(10, "softmax")],
    loss: sparseCategoricalCrossentropy({ fromLogits: true }),
    how: "error",
    code: "compile/probabilities-as-logits",
    says: /never cost less than 1\.461/,
  },
  "a sigmoid under a loss that applies one": {
    layers: [dense(1, "sigmoid")],
    loss: binaryCrossentropy({ fromLogits: true }),
    how: "error",
    code: "compile/probabilities-as-logits",
    // A row of class 0 at probability σ(0) = ½.
    says: /takes logits \(fromLogits: true\), but layer "dense" ends in sigmoid.*less than 0\.6931/,
  },
  "a hard sigmoid behind a flatten layer": {
    layers: [dense(1, "hardSigmoid"), layers.flatten()],
    loss: binaryCrossentropy({ fromLogits: true }),
    how: "error",
    code: "compile/probabilities-as-logits",
    says: /layer "dense" ends in hardSigmoid/,
  },
  "a sigmoid under a loss of scores": {
    layers: [dense(1, "sigmoid")],
    loss: "hinge",
    how: "warning",
    code: "compile/probabilities-as-logits",
    says: /hinge takes scores of any size.*never cost less than 1\./,
  },
  "a sigmoid under cross-entropy of several labels from logits": {
    layers: [dense(4, "sigmoid")],
    loss: "multiLabelSoftMargin",
    how: "warning",
    code: "compile/probabilities-as-logits",
    says: /less than 0\.6931/,
  },
  "a softmax after a softmax": {
    layers: [dense(3, "softmax"), layers.activation("softmax")],
    loss: "sparseCategoricalCrossentropy",
    how: "error",
    code: "compile/squashed-twice",
    says: /layer "dense" ends in softmax, and layer "activation" applies softmax to that, but on 3 units the two together give only numbers from 0\.1554 to 0\.5761/,
  },
  "a softmax after a sigmoid, with dropout between": {
    layers: [dense(3, "sigmoid"), layers.dropout(0.2), layers.activation("softmax")],
    loss: "categoricalCrossentropy",
    how: "error",
    code: "compile/squashed-twice",
    says: /ends in sigmoid.*to 0\.5761/,
  },
  "a sigmoid after a sigmoid": {
    layers: [dense(1, "sigmoid"), layers.activation("sigmoid")],
    loss: "binaryCrossentropy",
    how: "error",
    code: "compile/squashed-twice",
    says: /numbers from 0\.5 to 0\.7311/,
  },
  "a sigmoid after a ReLU": {
    layers: [dense(1, "relu"), layers.activation("sigmoid")],
    loss: "binaryCrossentropy",
    how: "error",
    code: "compile/squashed-twice",
    says: /numbers from 0\.5 to 1,.*Leave out relu/,
  },
  "a softmax after tanh": {
    layers: [dense(3, "tanh"), layers.activation("softmax")],
    loss: "categoricalCrossentropy",
    how: "warning",
    code: "compile/squashed-twice",
    says: /to 0\.787,/,
  },
  "a ReLU as logits": {
    layers: [dense(1, "relu")],
    loss: binaryCrossentropy({ fromLogits: true }),
    how: "error",
    code: "compile/one-sided-logits",
    says: /ends in relu, which gives none below 0: no probability could come out below 0\.5/,
  },
  "a log sigmoid as logits": {
    layers: [dense(1, "logSigmoid")],
    loss: binaryCrossentropy({ fromLogits: true }),
    how: "error",
    code: "compile/one-sided-logits",
    says: /none above 0/,
  },
  "ReLUs as logits of classes": {
    layers: [dense(3, "relu")],
    loss: sparseCategoricalCrossentropy({ fromLogits: true }),
    how: "warning",
    code: "compile/one-sided-logits",
    says: /none below 0\. Give the last layer no activation/,
  },
  "logits as probabilities": {
    layers: [dense(1)],
    loss: "binaryCrossentropy",
    how: "error",
    code: "compile/logits-as-probabilities",
    says: /ends in linear, which gives any number, but binaryCrossentropy takes probabilities, numbers from 0 to 1\. Pass fromLogits: true/,
  },
  "logits as probabilities of classes": {
    layers: [dense(3)],
    loss: "sparseCategoricalCrossentropy",
    how: "error",
    code: "compile/logits-as-probabilities",
    says: /any number, but sparseCategoricalCrossentropy takes/,
  },
  "logits under a formula of probabilities": {
    layers: [dense(1)],
    loss: losses.formulaLoss("-(y*log(p) + (1 - y)*log(1 - p))"),
    how: "error",
    code: "compile/logits-as-probabilities",
    says: /any number, but formulaLoss takes/,
  },
  "tanh as probabilities": {
    layers: [dense(1, "tanh")],
    loss: "binaryCrossentropy",
    how: "warning",
    code: "compile/logits-as-probabilities",
    says: /ends in tanh, which gives numbers from -1 to 1,/,
  },
  "any number as a rate": {
    layers: [dense(1)],
    loss: "poisson",
    how: "warning",
    code: "compile/logits-as-probabilities",
    says: /poisson takes numbers from 0 up\. Put an exponential or softplus/,
  },
  "sigmoids under a loss over classes": {
    layers: [dense(3, "sigmoid")],
    loss: "categoricalCrossentropy",
    how: "error",
    code: "compile/independent-classes",
    says: /treats each of 3 classes on its own, but categoricalCrossentropy would cost 0 when every class is called certain/,
  },
  "sigmoids under a sparse loss": {
    layers: [dense(4, "sigmoid")],
    loss: "sparseCategoricalCrossentropy",
    how: "error",
    code: "compile/independent-classes",
    says: /each of 4 classes/,
  },
  "sigmoids under a formula over classes": {
    layers: [dense(3, "sigmoid")],
    loss: losses.formulaLoss("-sum(y*log(p))"),
    how: "error",
    code: "compile/independent-classes",
    says: /would cost 0/,
  },
  "a softmax under a loss of single questions": {
    layers: [dense(3, "softmax")],
    loss: "binaryCrossentropy",
    how: "warning",
    code: "compile/shared-labels",
    says: /whose 3 outputs share 1, but binaryCrossentropy asks 3 questions/,
  },
};

const right: Readonly<Record<string, readonly [readonly LayerSpec[], AnyLoss | string]>> = {
  "sigmoid, binary": [[dense(1, "sigmoid")], "binaryCrossentropy"],
  "sigmoid, several labels": [[dense(4, "sigmoid")], "binaryCrossentropy"],
  "softmax, one-hot": [[dense(3, "softmax")], "categoricalCrossentropy"],
  "softmax, indices": [[dense(3, "softmax")], "sparseCategoricalCrossentropy"],
  "softmax, smoothed labels": [[dense(3, "softmax")], categoricalCrossentropy({ labelSmoothing: 0.1 })],
  "softmax, smoothed labels by index": [[dense(3, "softmax")], sparseCategoricalCrossentropy({ labelSmoothing: 0.1 })],
  "softmax along axis 1 of two": [
    [layers.dense(3, { activation: { name: "softmax", options: { axis: 1 } }, inputShape: [3] })],
    "categoricalCrossentropy",
  ],
  "softmax of two, binary": [[dense(2, "softmax")], "binaryCrossentropy"],
  "logits that are said to be": [[dense(3)], sparseCategoricalCrossentropy({ fromLogits: true })],
  "a logit that is said to be one": [[dense(1)], binaryCrossentropy({ fromLogits: true })],
  "log softmax that is said to be one": [
    [dense(3, "logSoftmax")],
    categoricalCrossentropy({ fromLogProbabilities: true }),
  ],
  "log softmax as logits, which it is": [[dense(3, "logSoftmax")], categoricalCrossentropy({ fromLogits: true })],
  "sigmoids whose row is divided by its sum": [[dense(3, "sigmoid")], categoricalCrossentropy({ normalize: true })],
  "sigmoids under a proper score of each": [[dense(3, "sigmoid")], "brier"],
  "hinge on scores": [[dense(1)], "hinge"],
  "hinge on tanh": [[dense(1, "tanh")], "hinge"],
  "categorical hinge on softmax": [[dense(3, "softmax")], "categoricalHinge"],
  "squared error on a number": [[dense(1)], "mse"],
  "squared error on a probability": [[dense(1, "sigmoid")], "mse"],
  "poisson on a rate": [[dense(1, "exponential")], "poisson"],
  "poisson on a log rate": [[dense(1)], losses.poisson({ logInput: true })],
  "divergence of softmax": [[dense(3, "softmax")], "klDivergence"],
  "a dense layer between two": [
    [dense(3, "softmax"), layers.dense(3, { activation: "softmax" })],
    "categoricalCrossentropy",
  ],
  "sparsemax after softmax, which changes nothing": [
    [dense(3, "softmax"), layers.activation("sparsemax")],
    "categoricalCrossentropy",
  ],
  "softmax after a ReLU": [[dense(3, "relu"), layers.activation("softmax")], "categoricalCrossentropy"],
  "an unknown end": [[dense(3, "sigmoid"), layers.batchNormalization()], "categoricalCrossentropy"],
  "a formula of one's own": [[dense(1)], losses.formulaLoss("(y - p)^2")],
  "a loss of one's own with bounds of its own": [
    [dense(1, "sigmoid")],
    losses.defineLoss({ name: "own", task: "binary", value: (_, yPred) => yPred }),
  ],
};

describe("an output and a loss that do not go together", () => {
  it.each(Object.entries(wrong))("%s", (_, { layers: specs, loss, how, code, says }) => {
    expect(found(specs, loss)).toEqual({ how, code, message: expect.stringMatching(says) });
  });
  it("every rule has its case", () => {
    expect(new Set(Object.values(wrong).map(({ code }) => code))).toEqual(new Set(pairRules.map(({ code }) => code)));
    expect(Object.keys(wrong)).toHaveLength(23);
  });
});

describe("an output and a loss that do", () => {
  it.each(Object.entries(right))("%s", (_, [specs, loss]) => {
    expect(found(specs, loss)).toBeUndefined();
  });
  it("is most of them", () => {
    expect(Object.keys(right)).toHaveLength(28);
  });
});

describe("every loss on the output that gives what it takes", () => {
  const all = losses.list().flatMap((loss) => {
    const takes = takesOf(loss);
    return takes === undefined ? [] : [[loss.name, loss, takes] as const];
  });
  it.each(all)("%s", (_, loss, { yPred, overClasses }) => {
    const accepts = (...values: number[]) => values.every(yPred.accepts);
    const activation = accepts(-2, 2)
      ? "linear"
      : accepts(2)
        ? "exponential"
        : accepts(0.5)
          ? overClasses
            ? "softmax"
            : "sigmoid"
          : "logSoftmax";
    expect(found([dense(overClasses || activation === "logSoftmax" ? 3 : 1, activation)], loss)).toBeUndefined();
  });
  it("is most of them", () => {
    expect(all.length).toBeGreaterThanOrEqual(50);
  });
});

it("figures have four digits", () => {
  expect([0, 3, 206855, 0.551444, 5.57e10, 1234567.8, 1e-6, -0.25, Infinity].map(figure)).toEqual([
    "0",
    "3",
    "206855",
    "0.5514",
    "5.57e+10",
    "1.235e+6",
    "1e-6",
    "-0.25",
    "Infinity",
  ]);
});
