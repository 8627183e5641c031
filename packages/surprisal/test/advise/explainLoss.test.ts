/** What is said of a loss: from its definition, and found out by evaluating it. */
import { describe, expect, test } from "vitest";
import { explainLoss } from "../../src/advise/explainLoss.ts";
import * as losses from "../../src/losses.ts";

const all = losses.list().map((loss) => ({ name: loss.name, loss: loss as losses.Loss }));

describe.each(all)("$name", ({ name, loss }) => {
  test("has something to say, as plain data", () => {
    const said = explainLoss(loss);
    expect(explainLoss(name)).toEqual(said);
    expect(said.name).toBe(name);
    expect(said.whenToUse.length).toBeGreaterThan(0);
    for (const sentence of said.whenToUse) expect(sentence).toMatch(/^[A-Z].*[.…]$/);
    expect(said.predictions.length).toBeGreaterThan(0);
    for (const { values, axes } of [...said.targets, ...said.predictions, ...said.inputs]) {
      expect(values).not.toBe("");
      expect(axes).toBeTypeOf("string");
    }
    for (const { doc, range, kind } of said.parameters) {
      expect([doc, range].every((text) => text !== "")).toBe(true);
      expect(["number", "flag", "vector", "choice"]).toContain(kind);
    }
    expect(structuredClone(said)).toEqual(said);
  });
});

test("the arrays, and what a flag makes of them", () => {
  expect(explainLoss("bce").predictions).toEqual([
    {
      name: "yPred",
      axes: "...",
      values: "probabilities, numbers from 0 to 1",
      otherwise: { "fromLogits: true": "any numbers" },
    },
  ]);
  const onLogits = explainLoss(losses.categoricalCrossentropy({ fromLogits: true }));
  expect(onLogits.predictions[0]).toMatchObject({
    axes: "... C",
    values: "any numbers",
    otherwise: { "fromLogits: false": "probabilities, numbers from 0 to 1" },
  });
  expect(onLogits.parameters[0]).toMatchObject({ name: "fromLogits", default: false, value: true });
  expect(onLogits.whenToUse).toContain("End the model in a linear layer, one unit a class.");
  expect(explainLoss("scce").targets).toEqual([{ name: "yTrue", axes: "...", values: "whole class numbers from 0" }]);
  const { targets, predictions } = explainLoss("gaussianNll");
  expect(targets.map(({ name }) => name)).toEqual(["yTrue"]);
  expect(predictions.map(({ name }) => name).slice(0, 2)).toEqual(["mean", "logVariance"]);
  expect(predictions[0]?.doc).toBeTypeOf("string");
});

test("nats are found, not declared", () => {
  const units = (...given: (string | losses.Loss)[]) => given.map((loss) => explainLoss(loss).unit);
  const { binaryCrossentropy, categoricalCrossentropy, formulaLoss, softMargin } = losses;
  const inNats = [
    binaryCrossentropy,
    binaryCrossentropy({ fromLogits: true }),
    categoricalCrossentropy({ fromLogits: true }),
    categoricalCrossentropy({ fromLogProbabilities: true }),
    softMargin,
    formulaLoss("-(y*log(p) + (1 - y)*log(1 - p))"),
    formulaLoss("-sum(y*log(p))"),
    "scce",
    "klDivergence",
  ];
  expect(units(...inNats)).toEqual(inNats.map(() => "nats"));
  const inNothing = [
    binaryCrossentropy({ posWeight: 2 }),
    binaryCrossentropy({ labelSmoothing: 0.1 }),
    formulaLoss("(y - p)^2"),
    ...["binaryFocalCrossentropy", "brier", "hinge", "mse", "logCosh", "poisson", "categoricalHinge", "gaussianNll"],
  ];
  expect(units(...inNothing)).toEqual(inNothing.map(() => undefined));
});

test("traits in words, and what a row's loss is", () => {
  expect(explainLoss("huber").traits.lipschitz).toBe("the gradient is never larger than 1");
  expect(Object.keys(explainLoss("brier").traits)).toEqual([
    "smooth",
    "convex",
    "nonNegative",
    "zeroAtTarget",
    "symmetric",
    "proper",
  ]);
  expect(explainLoss("mse").perSample).toBe("one number a row: the mean over the last axis");
  expect(explainLoss("brier").perSample).toBe("one number a row: the last axis is summed up in it");
  expect(explainLoss("gaussianNll").perSample).toBe("one number a row: the mean over the last axis");
  expect(explainLoss("klDivergence").means).toEqual({ pytorch: "entries" });
  expect(explainLoss("huber").compat.length).toBeGreaterThan(0);
});
