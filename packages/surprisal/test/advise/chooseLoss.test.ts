/** The advice on losses: every case names what exists and goes together, trains, and says what it saw. */
import { describe, expect, it } from "vitest";
import { lossCases } from "../../src/advise/lossCases/index.ts";
import { circumstanceNames, formsOf, lossTasks, targetForms } from "../../src/advise/lossDescription.ts";

import { chooseLoss, type LossDescription, layers, losses } from "../../src/index.ts";
import { buildNetwork } from "../../src/model/index.ts";
import { checkPairing } from "../../src/train/pairing.ts";
import { makeModel } from "../train/build.ts";

/** Every task in every form of its targets, alone and in every circumstance. */
const descriptions: LossDescription[] = lossTasks.flatMap((task) =>
  formsOf[task].flatMap((targets) =>
    [{}, { quantile: 0.9 }, { classes: 4 }, ...circumstanceNames.map((name) => ({ [name]: true }))].map((more) => ({
      task,
      targets,
      ...more,
    })),
  ),
);
const choices = descriptions.map((description) => ({ description, choice: chooseLoss(description) }));
const told = ({ target: _, ...rest }: LossDescription) => JSON.stringify(rest);

describe("every case", () => {
  it("is reached, and all were looked at", () => {
    const reached = new Set(
      descriptions.map((given) =>
        lossCases.find(
          ({ task, when }) => task === given.task && (when?.({ ...given, targets: given.targets! } as never) ?? true),
        ),
      ),
    );
    expect(reached.size).toBe(lossCases.length);
    expect(lossCases.length).toBe(17);
    expect(descriptions).toHaveLength(17 * (3 + circumstanceNames.length));
  });

  it("names a loss that exists, configured as it says, and others that exist", () => {
    for (const { description, choice } of choices) {
      const { loss, name, options, considered } = choice;
      expect(loss.toConfig().name, told(description)).toBe(name);
      expect(loss.toConfig().params).toMatchObject(options);
      expect(considered.length, told(description)).toBeGreaterThanOrEqual(2);
      const others = considered.map((entry) => losses.get(entry.loss).name);
      expect(others).toEqual(considered.map((entry) => entry.loss));
      expect(new Set([name, ...others]).size, told(description)).toBe(others.length + 1);
    }
  });

  it("gives reasons that are sentences", () => {
    for (const { choice } of choices) {
      expect(choice.why.length).toBeGreaterThanOrEqual(2);
      for (const sentence of [...choice.why, ...choice.considered.map(({ because }) => because)]) {
        expect(sentence).toMatch(/^[A-Z0-9(].*\.$/);
        expect(sentence).not.toMatch(/undefined|NaN/);
      }
    }
  });

  it("pairs output and loss without a warning, and compiles with its metrics", () => {
    let compiled = 0;
    for (const { description, choice } of choices) {
      const { activation, units, loss, metrics } = choice;
      const network = [layers.dense(typeof units === "number" ? units : 3, { activation, inputShape: [2] })];
      expect(checkPairing(buildNetwork(network), loss), told(description)).toEqual([]);
      const model = makeModel(network);
      model.compile({ optimizer: "adam", loss, metrics });
      compiled++;
    }
    expect(compiled).toBe(choices.length);
  });
});

describe("a task in words", () => {
  it("as the guide has it", () => {
    const choice = chooseLoss({ task: "multiclass", targets: "index" });
    expect(choice).toMatchObject({
      task: "multiclass",
      targets: "index",
      name: "sparseCategoricalCrossentropy",
      options: {},
      activation: "softmax",
      units: "one a class",
      metrics: ["accuracy"],
    });
    expect(choice.loss.name).toBe("sparseCategoricalCrossentropy");
    expect(chooseLoss({ task: "multiclass", targets: "index", classes: 3 }).units).toBe(3);
  });

  it.each([
    [{ task: "binary" }, "binaryCrossentropy", {}, "sigmoid", 1],
    [{ task: "binary", noisyLabels: true }, "binaryCrossentropy", { labelSmoothing: 0.1 }, "sigmoid", 1],
    [{ task: "multiclass", targets: "oneHot", classes: 5 }, "categoricalCrossentropy", {}, "softmax", 5],
    [
      { task: "multiclass", targets: "oneHot", manyClasses: true },
      "sparseCategoricalCrossentropy",
      {},
      "softmax",
      "one a class",
    ],
    [{ task: "multiclass", noisyLabels: true }, "categoricalGeneralizedCrossentropy", {}, "softmax", "one a class"],
    [
      { task: "multiclass", targets: "oneHot", noisyLabels: true },
      "symmetricCrossentropy",
      {},
      "softmax",
      "one a class",
    ],
    [{ task: "multilabel", classes: 8 }, "binaryCrossentropy", {}, "sigmoid", 8],
    [{ task: "distribution" }, "klDivergence", {}, "softmax", "one a class"],
    [{ task: "regression" }, "meanSquaredError", {}, "linear", 1],
    [{ task: "regression", classes: 3 }, "meanSquaredError", {}, "linear", 3],
    [{ task: "regression", outliers: true }, "huber", {}, "linear", 1],
    [{ task: "regression", relative: true }, "tweedieDeviance", { power: 2 }, "exponential", 1],
    [{ quantile: 0.9 }, "quantile", { tau: 0.9 }, "linear", 1],
    [{ task: "count", quantile: 0.5 }, "quantile", { tau: 0.5 }, "linear", 1],
    [{ task: "proportion" }, "binaryCrossentropy", {}, "sigmoid", 1],
    [{ task: "positive" }, "tweedieDeviance", { power: 2 }, "exponential", 1],
    [{ task: "positive", manyZeros: true }, "tweedieDeviance", { power: 1.5 }, "exponential", 1],
    [{ task: "count" }, "poisson", {}, "exponential", 1],
    [{ task: "ordinal", classes: 5 }, "corn", {}, "linear", 4],
    [{ task: "ranking", classes: 10 }, "listNet", {}, "linear", 10],
    [{ task: "survival" }, "coxPartialLikelihood", {}, "linear", 1],
  ] as const)("%j → %s", (description, name, options, activation, units) => {
    expect(chooseLoss(description)).toMatchObject({ name, activation, units });
    expect(chooseLoss(description).options).toEqual(options);
  });

  it("imbalance changes the measures, not the loss", () => {
    const plain = chooseLoss({ task: "binary" });
    const rare = chooseLoss({ task: "binary", imbalanced: true });
    expect([rare.name, plain.metrics, rare.metrics]).toEqual([
      "binaryCrossentropy",
      ["accuracy"],
      ["auc", "precision", "recall"],
    ]);
    expect(rare.why.join(" ")).toContain("classWeight");
  });

  it("a quantile says how the two sides weigh", () => {
    expect(chooseLoss({ quantile: 0.9 }).why[0]).toContain("too low cost 0.9 a unit and predictions too high 0.1:");
  });

  it("figures in its reasons are right", () => {
    const squared = losses.formulaLoss("(y - sigmoid(z))^2").evaluate([1], [-20]).gradient.item();
    const cross = losses.binaryCrossentropy.evaluate([1], [-20], { fromLogits: true }).gradient.item();
    expect(cross).toBeCloseTo(-1, 8);
    const said = chooseLoss({ task: "binary" }).considered[0]!;
    expect(said.because).toContain(
      `it is ${Number((-squared).toPrecision(4)).toExponential()}, where cross-entropy's is 1`,
    );
    // No row costs more than 1/q.
    const q = losses.categoricalGeneralizedCrossentropy.params.q as number;
    expect(losses.categoricalGeneralizedCrossentropy.evaluate([0], [[0, 1]]).value).toBeCloseTo(1 / q, 12);
  });

  it.each([
    [{}, "choose-loss/description", /neither task nor target/],
    [null, "choose-loss/description", /null was given/],
    [{ task: "multi-class" }, "task/unknown-name", /"multiclass"/],
    [{ task: "binary", targets: "onehot" }, "form-of-targets/unknown-name", /"oneHot"/],
    [{ task: "regression", targets: "index" }, "choose-loss/description", /such targets are real/],
    [{ task: "binary", imbalance: true }, "description-of-a-loss/unknown-name", /"imbalanced"/],
    [{ task: "regression", quantile: 90 }, "choose-loss/description", /between 0 and 1/],
    [{ task: "multiclass", classes: 0 }, "choose-loss/description", /whole number/],
    [{ task: "regression", outliers: "yes" }, "choose-loss/description", /true or false/],
    [{ target: [1, 1, 1] }, "choose-loss/target", /is 1 in every row/],
    [{ target: [null, null] }, "choose-loss/target", /has no values/],
    [{ target: ["a", "b", "c", "d"] }, "choose-loss/target", /4 different values in 4 rows/],
    [{ target: [1, Number.POSITIVE_INFINITY, 2.5] }, "choose-loss/target", /infinite/],
    [
      {
        target: [
          [1, 2],
          [3, Number.NaN],
        ],
      },
      "choose-loss/target",
      /missing numbers/,
    ],
  ])("%j is refused", (description, code, says) => {
    let error: unknown;
    try {
      chooseLoss(description as LossDescription);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
  });
});

it("every form is one of some task", () => {
  expect(new Set(Object.values(formsOf).flat())).toEqual(new Set(targetForms));
});
