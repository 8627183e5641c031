/** Training as the command line does it: an interrupt leaves the best weights, divergence is an error with its reason. */
import { type Callback, type Model, tensor } from "surprisal";
import { describe, expect, test } from "vitest";
import { defaults } from "../src/defaults.ts";
import { chooseLoss } from "../src/lossChoice.ts";
import { makeModel, train } from "../src/training.ts";
import { errorOf } from "./files.ts";

// The interpreter: small runs, and no other device is looked at here.
const options = { ...defaults, hidden: [4], epochs: 30, device: "interpreter", signal: new AbortController().signal };
const x = tensor(Array.from({ length: 32 }, (_, i) => [Math.sin(i), Math.cos(i)]));
const y = tensor(
  Array.from({ length: 32 }, (_, i) => [Math.sin(i) > 0 ? 1 : 0]),
  { dtype: "float64" },
);
// The other way round: the better the training part is learnt, the worse this gets.
const opposite = tensor(
  Array.from({ length: 32 }, (_, i) => [Math.sin(i) > 0 ? 0 : 1]),
  { dtype: "float64" },
);
const model = () => makeModel("binary", 2, 1, chooseLoss("binary"), options);
const weightsOf = async (of: Model) => (await of.getWeights()).map((weight) => Array.from(weight.data));

describe("training", () => {
  test("an interrupt ends it after the step, with the weights of the best epoch", async () => {
    const fitted = model();
    const after: number[][][] = [];
    const controller = new AbortController();
    const watch: Callback = {
      name: "watch",
      async onEpochEnd(epoch) {
        after.push(await weightsOf(fitted));
        if (epoch === 4) controller.abort();
      },
    };
    const trained = await train(
      fitted,
      { x, y },
      { x, y: opposite },
      { ...options, signal: controller.signal, show: watch },
    );
    expect(trained).toMatchObject({ interrupted: true, epochs: 5, bestEpoch: 1, monitor: "valLoss" });
    expect(await weightsOf(fitted)).toEqual(after[0]);
    expect(after[4]).not.toEqual(after[0]);
  });

  test("before the first epoch is over there is nothing to go back to", async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await train(model(), { x, y }, undefined, { ...options, signal: controller.signal })).toMatchObject({
      interrupted: true,
      epochs: 0,
      bestEpoch: 0,
    });
  });

  test("early stopping keeps the best epoch, and says which", async () => {
    const trained = await train(model(), { x, y }, { x, y: opposite }, options);
    expect(trained).toMatchObject({
      interrupted: false,
      stoppedEarly: true,
      bestEpoch: 1,
      epochs: 1 + defaults.patience,
    });
    const through = await train(model(), { x, y }, undefined, { ...options, epochs: 3 });
    expect(through).toMatchObject({ stoppedEarly: false, epochs: 3, monitor: "loss" });
  });

  test("divergence is an error that says what went wrong first", async () => {
    const numbers = tensor(Array.from({ length: 32 }, (_, i) => [Math.sin(i)]));
    const wild = { ...options, optimizer: "sgd", learningRate: 1e20 };
    const error = await errorOf(() =>
      train(makeModel("regression", 2, 1, chooseLoss("regression"), wild), { x, y: numbers }, undefined, wild),
    );
    expect(error.code).toBe("train/diverged");
    expect(error.message).toMatch(/in epoch \d+.*first wrong: .+/);
  });
});
