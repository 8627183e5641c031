/** Against overfitting, and a model that is saved, loaded and trained on; on the built package. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callbacks, type History, layers, loadModel, type Model, regularizers, sequential } from "surprisal";
import { makeClassification, StandardScaler, transforms } from "surprisal/data";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "surprisal-journey-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [raw, y] = makeClassification({
  nSamples: 300,
  nFeatures: 20,
  nClasses: 3,
  nInformative: 4,
  randomState: 1,
});
const scaler = new StandardScaler();
const x = scaler.fitTransform(raw);

let model: Model;
let history: History;
const earlyStopping = callbacks.earlyStopping({ monitor: "valLoss", patience: 10, restoreBestWeights: true });

beforeAll(async () => {
  model = sequential([
    layers.dense(64, { inputShape: [20], activation: "relu", kernelRegularizer: regularizers.l2(1e-4) }),
    layers.dropout(0.3),
    layers.dense(3, { activation: "softmax" }),
  ]);
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  history = await model.fit(x, y, { epochs: 200, validationSplit: 0.2, callbacks: [earlyStopping] });
});

test("training stops when validation has not improved for ten epochs, with the best weights back", async () => {
  const valLoss = history.valLoss as number[];
  const best = valLoss.indexOf(Math.min(...valLoss));
  expect(history.end?.how).toBe("stopped");
  expect(history.epoch.length).toBe(best + 1 + 10);
  const rows = (values: { toArray(): unknown }) => (values.toArray() as number[]).slice(240);
  const { loss } = await model.evaluate(rows(x) as never, rows(y) as never);
  expect(loss).toBeCloseTo(valLoss[best] as number, 6);
});

test("the model is saved with its scaler, loaded, predicts the same and goes on training the same", async () => {
  const path = join(folder, "model.safetensors");
  model.preprocessing = { transform: scaler.toConfig(), labels: ["low", "middle", "high"] };
  model.metadata = { source: "makeClassification" };
  await model.save(path, { optimizer: true });

  const loaded = await loadModel(path, {
    checkPreprocessing: (given) => transforms.fromConfig((given as { transform: unknown }).transform),
  });
  expect(loaded.metadata).toEqual({ source: "makeClassification" });
  const { transform, labels } = loaded.preprocessing as { transform: unknown; labels: string[] };
  expect(labels).toEqual(["low", "middle", "high"]);
  const scaled = transforms.fromConfig(transform).transform(raw);
  expect((await loaded.predict(scaled as never)).data).toEqual((await model.predict(x)).data);

  const goOn = { epochs: 3, validationSplit: 0.2, seed: 5 };
  expect(await loaded.fit(x, y, goOn)).toEqual(await model.fit(x, y, goOn));
  const bytes = await Promise.all([model, loaded].map((each) => each.toBytes({ optimizer: true })));
  expect(bytes[0]).toEqual(bytes[1]);
});
