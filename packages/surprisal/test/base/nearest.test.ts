/** Names that were meant, and names looked up. */
import { describe, expect, test } from "vitest";
import { finder } from "../../src/base/finder.ts";
import { nearestNames, suggestNames } from "../../src/base/nearest.ts";

/** Names as the registries have them, but a list that stays: what is near must not change with every new name. */
const known = {
  initializer: [
    "constant",
    "identity",
    "glorotNormal",
    "glorotUniform",
    "heNormal",
    "heUniform",
    "lecunNormal",
    "lecunUniform",
    "orthogonal",
    "randomNormal",
    "randomUniform",
    "truncatedNormal",
    "varianceScaling",
    "zeros",
  ],
  layer: [
    "activation",
    "batchNormalization",
    "dense",
    "dropout",
    "embedding",
    "flatten",
    "layerNormalization",
    "reshape",
  ],
  loss: [
    "binaryCrossentropy",
    "categoricalCrossentropy",
    "sparseCategoricalCrossentropy",
    "huber",
    "klDivergence",
    "logCosh",
    "meanAbsoluteError",
    "meanSquaredError",
    "meanSquaredLogarithmicError",
    "poisson",
    "categoricalHinge",
  ],
  metric: [
    "accuracy",
    "binaryAccuracy",
    "categoricalAccuracy",
    "sparseCategoricalAccuracy",
    "topKCategoricalAccuracy",
    "sparseTopKCategoricalAccuracy",
    "precision",
    "recall",
    "meanSquaredError",
  ],
  optimizer: ["adadelta", "adagrad", "adam", "adamax", "adamW", "lamb", "lion", "nadam", "rmsprop", "sgd"],
} as const;

/** What somebody typed, and what comes first. */
const meant: readonly (readonly [keyof typeof known, string, string])[] = [
  ["initializer", "glorat", "glorotNormal"],
  ["initializer", "glorot", "glorotNormal"],
  ["initializer", "heUnifrom", "heUniform"],
  ["initializer", "lecun", "lecunNormal"],
  ["initializer", "truncated_norm", "truncatedNormal"],
  ["layer", "batchNorm", "batchNormalization"],
  ["layer", "layer_norm", "layerNormalization"],
  ["layer", "desne", "dense"],
  ["loss", "binaryCrossentrpy", "binaryCrossentropy"],
  ["loss", "sparseCrossentropy", "sparseCategoricalCrossentropy"],
  ["loss", "squaredError", "meanSquaredError"],
  ["loss", "poissonLoss", "poisson"],
  ["metric", "sparseAccuracy", "sparseCategoricalAccuracy"],
  ["metric", "topK", "topKCategoricalAccuracy"],
  ["optimizer", "adamOptimizer", "adam"],
  ["optimizer", "RMSPropp", "rmsprop"],
];

test.each(meant)("%s %s: %s was meant", (kind, typed, first) => {
  expect(nearestNames(typed, known[kind])[0]).toBe(first);
});

test("every case ran", () => expect(meant.length).toBe(16));

describe("a suggestion", () => {
  test("lists few names, and of many only the near ones", () => {
    expect(suggestNames("specie", ["Island", "Species"])).toBe(
      'Did you mean "Species"? There are "Island", "Species".',
    );
    const many = Array.from({ length: 40 }, (_, i) => `column${i}`);
    expect(suggestNames("colum7", many)).toMatch(/^Did you mean "column7".*\?$/);
    expect(suggestNames("weight", many)).toMatch(/^There are "column0", .* and 28 more\.$/);
  });

  test("guesses nothing where nothing is near", () => {
    expect(suggestNames("zzzzz", ["a"])).toBe('There is "a".');
    expect(suggestNames("a", [])).toBe("There is none.");
    expect(nearestNames("zzzzz", known.loss)).toEqual([]);
  });

  test("may be an alias, which is not listed", () => {
    expect(suggestNames("msee", ["meanSquaredError"], ["mse"])).toBe(
      'Did you mean "mse"? There is "meanSquaredError".',
    );
  });

  test("letters of every script count", () => {
    expect(nearestNames("größe", ["Länge", "Grösse", "Größe"])[0]).toBe("Größe");
  });
});

describe("a finder", () => {
  const one = { definition: { name: "meanSquaredError", aliases: ["mse"] } };
  const two = { definition: { name: "huber" } };

  test("takes names and aliases, whatever case and separators", () => {
    const find = finder("loss", [one, two]);
    for (const word of ["meanSquaredError", "mean_squared_error", "MSE"]) expect(find(word)).toBe(one);
    expect(() => find("hubber")).toThrow(/"hubber" was given as a loss.*Did you mean "huber"/);
    expect(() => find("constructor")).toThrow(/no such name is known/);
  });

  test("refuses two that claim one word", () => {
    expect(() => finder("loss", [one, { definition: { name: "M.S.E." } }])).toThrow(/called "mse"/);
  });
});
