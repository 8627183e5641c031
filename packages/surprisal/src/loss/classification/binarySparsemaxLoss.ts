import { add, equal, less, maximum, mul, neg, square, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { bit } from "../domain.ts";

/** With s = −z for label 1 and z for label 0: 0 up to s = −1, (s + 1)²/4 to 1, and s beyond; averaged over the last axis. */
export const binarySparsemaxLoss = defineLoss({
  name: "binarySparsemaxLoss",
  aliases: ["binarySparsemax"],
  task: "binary",
  summary: "Of a logit: nothing at all once it is right by 1, linear where it is wrong, and a parabola between.",
  formula: String.raw`\ell = \begin{cases} 0 & s \le -1 \\ \tfrac14 (s + 1)^2 & -1 < s < 1 \\ s & s \ge 1 \end{cases}, \quad s = (1 - 2 y) z`,
  references: [
    {
      title: "Martins, Astudillo, From Softmax to Sparsemax (2016)",
      url: "https://arxiv.org/abs/1602.02068",
    },
  ],
  yTrue: bit,
  harmless: 0,
  value(yTrue, yPred) {
    const score = where(equal(yTrue, 1), neg(yPred), yPred);
    const inside = less(score, 1);
    const parabola = square(maximum(0, add(1, where(inside, score, -1))));
    return add(mul(0.25, parabola), where(inside, 0, score));
  },
  textbook(y: number, z: number) {
    const s = y === 1 ? -z : z;
    if (s <= -1) return 0;
    return s >= 1 ? s : (s + 1) ** 2 / 4;
  },
  compat: [{ framework: "optax", name: "optax.losses.sparsemax_loss" }],
  examples: [
    { yTrue: 1, yPred: 0, loss: 0.25 },
    { yTrue: 0, yPred: 3, loss: 3 },
    { yTrue: 1, yPred: 1, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, lipschitz: 1 },
});
