/** Predicting at once and looking at speed, on the built package: the page's scripts, and a service that answers while it learns. */
import { layers, modelFromBytes, sequential } from "surprisal";
import { makeBlobs } from "surprisal/data";
import { expect, test } from "vitest";
import { expectToPrintItsArrows, scratchFolder, scriptsOf } from "./pages.ts";

const folder = scratchFolder();
const scripts = scriptsOf("docs/speed.md");

test("the page has three scripts", () => expect(scripts.length).toBe(3));

test.each(scripts)("$title", ({ title, code }) => expectToPrintItsArrows(folder, title, code));

test("a predictor answers while its model learns, and a saved model's answers the same", async () => {
  const [x, y] = makeBlobs({ nSamples: 300, nFeatures: 4, centers: 3, randomState: 1 });
  const model = sequential([
    layers.dense(16, { inputShape: [4], activation: "relu" }),
    layers.dense(3, { activation: "softmax" }),
  ]);
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
  const classify = await model.predictor();
  const row = x.toArray()[0] as number[];
  const sureness: number[] = [];
  const onEpochEnd = () => void sureness.push(classify(row).data[y.data[0] as number] as number);
  await model.fit(x, y, { epochs: 30, batchSize: 30, verbose: 0, callbacks: [{ name: "ask", onEpochEnd }] });
  expect(sureness).toHaveLength(30);
  expect(sureness[29]).toBeGreaterThan(Math.max(0.9, sureness[0] as number));

  const copy = await modelFromBytes(await model.toBytes());
  const again = await copy.predictor();
  const all = await model.predict(x, { batchSize: 7 });
  for (const ask of [classify, again]) {
    expect(ask(x).data).toEqual(all.data);
    expect(ask(row).data).toEqual(all.data.slice(0, 3));
  }
});
