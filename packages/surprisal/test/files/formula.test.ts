/** A model that was compiled with a formula: saved as text, loaded ready to train on. */
import { layers, losses, modelFromBytes, sequential, tensor } from "surprisal";
import { expect, test } from "vitest";

const x = tensor([[0.5], [-1], [2], [0.25]]);
const y = tensor([[1], [0], [1], [0]]);
const formula = "-(w*y*log(p) + (1 - y)*log(1 - p))";

test("trains, is saved with its parameters, and goes on bit for bit", async () => {
  const make = () => {
    const model = sequential([layers.dense(1, { activation: "sigmoid", inputShape: [1] })], {
      seed: 3,
      device: "interpreter",
    });
    model.compile({ optimizer: "sgd", loss: losses.formulaLoss(formula, { w: 1 })({ w: 2 }) });
    return model;
  };
  const model = make();
  const before = (await model.evaluate(x, y)).loss as number;
  await model.fit(x, y, { epochs: 5, verbose: 0 });
  expect((await model.evaluate(x, y)).loss).toBeLessThan(before);
  const bytes = await model.toBytes({ optimizer: true });
  const loaded = await modelFromBytes(bytes, { device: "interpreter" });
  expect(await loaded.evaluate(x, y)).toEqual(await model.evaluate(x, y));
  expect(await loaded.toBytes({ optimizer: true })).toEqual(bytes);
});

test("a saturated sigmoid under a typed formula still has its gradient", async () => {
  const train = async (loss: losses.Loss | string) => {
    const model = sequential([layers.dense(1, { activation: "sigmoid", inputShape: [1] })], {
      seed: 3,
      device: "interpreter",
    });
    model.compile({ optimizer: "sgd", loss });
    await model.fit(tensor([[-90]]), tensor([[1]]), { epochs: 1, verbose: 0 });
    return (await model.getWeights()).map((weight) => Array.from(weight.data));
  };
  const typed = await train(losses.formulaLoss("-(y*log(p) + (1 - y)*log(1 - p))"));
  expect(typed).toEqual(await train("binaryCrossentropy"));
});
