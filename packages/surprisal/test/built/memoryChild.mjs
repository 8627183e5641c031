// Run by memory.test.ts with --expose-gc: trains models and drops them, predicts, and prints what memory was taken.
import { activations, layers, losses, sequential } from "surprisal";
import { wasm } from "surprisal/devices";

const [how, models, predictions] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const device = wasm();
const x = Array.from({ length: 64 }, (_, i) => Array.from({ length: 20 }, (_, j) => Math.sin(20 * i + j)));
const y = Array.from({ length: 64 }, (_, i) => i % 3);

/** @param {number} units */
function make(units) {
  const model = sequential(
    [
      layers.dense(units, { inputShape: [20], activation: activations.relu }),
      layers.dense(3, { activation: "softmax" }),
    ],
    { device, seed: units },
  );
  model.compile({ optimizer: "adam", loss: losses.sparseCategoricalCrossentropy(), metrics: ["accuracy"] });
  return model;
}

/** Finalizers run in tasks of their own. */
async function collect() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

let early = 0;
for (let i = 0; i < models; i++) {
  // Of several sizes, so that regions of others do not always fit.
  const model = make(16 + (i % 5) * 8);
  await model.fit(x, y, { epochs: 1, batchSize: 24, validationSplit: 0.25, verbose: 0 });
  await model.predict(x);
  if (how === "dispose") model.dispose();
  if (i % 20 === 19) await collect();
  if (i === Math.floor(models / 10)) early = process.memoryUsage.rss();
}
await collect();
const { inUse, reserved } = device.memoryUse?.() ?? { inUse: NaN, reserved: NaN };
const rss = process.memoryUsage.rss();

const model = make(32);
const rows = x.slice(0, 7);
for (let i = 0; i < predictions; i++) await model.predict(i % 2 === 0 ? rows : x);
await collect();
const afterPredictions = process.memoryUsage.rss();
console.log(JSON.stringify({ models, predictions, inUse, reserved, early, rss, afterPredictions }));
