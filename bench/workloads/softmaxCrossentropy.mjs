import { floats, uniformSource } from "../lib/draw.mjs";
import { lossValue } from "./lossValue.mjs";

const [rows, classes] = [4096, 1000];

export const softmaxCrossentropy = lossValue({
  name: "softmax-crossentropy",
  title: "softmax cross-entropy 4096 × 1000: value and gradient",
  loss: "sparseCategoricalCrossentropy",
  repeats: 1,
  engines: ["surprisal", "jax-js", "tfjs", "numpy", "jax", "torch"],
  arrays() {
    const [forLabels, forLogits] = [uniformSource(3, 1), uniformSource(3, 4)];
    const y = Int32Array.from(
      floats(rows, () => forLabels() * classes),
      (x) => Math.min(Math.floor(x), classes - 1),
    );
    const z = floats(rows * classes, () => {
      const u = forLogits();
      return Math.log((u + 1e-6) / (1 - u + 1e-6));
    });
    let truth = 0;
    for (let row = 0; row < rows; row++) {
      const one = z.subarray(row * classes, (row + 1) * classes);
      const top = one.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const sum = one.reduce((total, x) => total + Math.exp(x - top), 0);
      truth += Math.log(sum) + top - (one[y[row] ?? 0] ?? Number.NaN);
    }
    return { y, yShape: [rows], z, zShape: [rows, classes], truth: truth / rows };
  },
  targets: [{ of: "time", beside: "numpy", must: 0.92, aim: 0.6 }],
});
