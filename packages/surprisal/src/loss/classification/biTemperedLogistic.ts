import { sum } from "../../graph/index.ts";
import { smooth } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import { positive, unit } from "../params.ts";
import { naiveTempered, tempered } from "./tempered.ts";
import { tsallisDivergence } from "./tsallis.ts";

/**
 * The divergence at temperature t1 of the targets from p, the tempered softmax of logits at t2; one number a row. t1 < 1 bounds what an outlier
 * costs, t2 > 1 makes tails heavy, and t1 = t2 = 1 is KL(y ‖ softmax z). For t2 ≠ 1 the threshold of p takes a fixed number of passes over
 * the row (`newtonSteps`: at t2 = 1.2 and 10 classes 10 in float64), in which nothing is differentiated.
 */
export const biTemperedLogistic = defineLoss({
  name: "biTemperedLogistic",
  aliases: ["biTempered", "biTemperedLogisticLoss", "biTemperedLoss"],
  task: "multiclass",
  summary: "Cross-entropy with two temperatures, for labels some of which are wrong: bounded, and with heavy tails.",
  formula: String.raw`\ell = \sum_c y_c (\log_{t_1} y_c - \log_{t_1} p_c) - \tfrac{1}{2 - t_1} \bigl(y_c^{2 - t_1} - p_c^{2 - t_1}\bigr), \quad \log_t u = \tfrac{u^{1 - t} - 1}{1 - t}`,
  references: [
    {
      title: "Amid et al., Robust Bi-Tempered Logistic Loss Based on Bregman Divergences (2019)",
      url: "https://arxiv.org/abs/1906.03361",
    },
  ],
  axis: "class",
  yTrue: distribution,
  params: {
    t1: unit(0.8, "the temperature of the divergence: below 1 no example costs more than 1 / (1 - t1)"),
    t2: positive(1.2, "the temperature of the probabilities: above 1 for heavy tails, below for exact zeros"),
    labelSmoothing: unit(0, "the share s of each target that is spread evenly over the classes"),
  },
  value(yTrue, yPred, { t1, t2, labelSmoothing }) {
    const targets = smooth(yTrue, labelSmoothing, yPred.shape.at(-1) as number);
    return sum(tsallisDivergence(targets, tempered(yPred, 2 - t2), 2 - t1), [-1]);
  },
  textbook(y: readonly number[], z: readonly number[], { t1, t2, labelSmoothing: s }) {
    const logT = (u: number) => (t1 === 1 ? Math.log(u) : (u ** (1 - t1) - 1) / (1 - t1));
    return naiveTempered(z, 2 - t2).reduce((total, p, c) => {
      const t = (y[c] as number) * (1 - s) + s / z.length;
      const cost = t === 0 ? 0 : t * (logT(t) - logT(p));
      return total + cost - (t ** (2 - t1) - p ** (2 - t1)) / (2 - t1);
    }, 0);
  },
  examples: [
    { yTrue: [0, 1], yPred: [0, 0], params: { t1: 1, t2: 1 }, loss: Math.LN2 },
    { yTrue: [1, 0], yPred: [3, 3], params: { t1: 0 }, loss: 0.25 },
  ],
  traits: { nonNegative: true },
});
