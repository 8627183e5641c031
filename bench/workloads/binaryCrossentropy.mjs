import { floats, uniformSource } from "../lib/draw.mjs";
import { lossValue } from "./lossValue.mjs";

const size = 2 ** 24;

export const binaryCrossentropy = lossValue({
  name: "binary-crossentropy",
  title: "binary cross-entropy from logits, 16.8 M: value and gradient",
  loss: "binaryCrossentropy",
  repeats: 1,
  engines: ["surprisal", "jax-js", "tfjs", "numpy", "jax", "torch"],
  arrays() {
    const [forLabels, forLogits] = [uniformSource(3, 2), uniformSource(3, 4)];
    const y = floats(size, () => Number(forLabels() < 0.5));
    const z = floats(size, () => {
      const u = forLogits();
      return Math.log((u + 1e-6) / (1 - u + 1e-6));
    });
    let [truth, carry] = [0, 0];
    for (let i = 0; i < size; i++) {
      const x = z[i] ?? 0;
      const term = Math.max(x, 0) - x * (y[i] ?? 0) + Math.log1p(Math.exp(-Math.abs(x))) - carry;
      const next = truth + term;
      carry = next - truth - term;
      truth = next;
    }
    return { y, yShape: [size], z, zShape: [size], truth: truth / size };
  },
  targets: [
    { of: "time", beside: "numpy", must: 0.42, aim: 0.31 },
    { of: "off", must: 1e-6 },
  ],
});
