import {
  add,
  broadcastTo,
  cast,
  div,
  equal,
  iota,
  maximum,
  mul,
  not,
  reshape,
  sub,
  sum,
  transpose,
  where,
} from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits } from "../domain.ts";
import { finite, positive } from "../params.ts";
import { anyOf, logOnePlus } from "./similarities.ts";

/**
 * (1/|C₊|) Σ over classes with rows of log(1 + Σ_pos e^(−α (s − margin))) + (1/C) Σ over all classes of log(1 + Σ_neg e^(α (s + margin))), of
 * the cosines s between rows and one proxy a class; one value a batch.
 */
export const proxyAnchor = defineArrayLoss({
  name: "proxyAnchor",
  aliases: ["proxyAnchorLoss"],
  task: "embedding",
  summary: "One learnt proxy a class stands for its rows: metric learning without pairs to mine.",
  formula: String.raw`\ell = \frac{1}{|C_+|} \sum_{c \in C_+} \log\Bigl(1 + \sum_{y_i = c} e^{-\alpha (s_{ic} - m)}\Bigr) + \frac1C \sum_c \log\Bigl(1 + \sum_{y_i \ne c} e^{\alpha (s_{ic} + m)}\Bigr)`,
  references: [
    {
      title: "Kim et al., Proxy Anchor Loss for Deep Metric Learning (2020)",
      url: "https://arxiv.org/abs/2003.13911",
    },
  ],
  yTrue: { axes: "N", domain: classIndex, doc: "the class of each row", classes: "C" },
  yPred: { axes: "N C", domain: logits, doc: "cosines of each row with each class's proxy" },
  losses: "",
  params: {
    alpha: positive(32, "how sharply rows are weighed"),
    margin: finite(0.1, "how far past 0 a cosine should be, on the right side"),
  },
  value(yTrue, yPred, { alpha, margin }) {
    const s = transpose(yPred);
    const [classes, rows] = s.shape as [number, number];
    const own = equal(broadcastTo(reshape(yTrue, [1, rows]), s.shape), iota(0, s.shape));
    const some = anyOf(own, s);
    const near = where(some, logOnePlus(own, mul(-alpha, sub(s, margin))), 0);
    const far = logOnePlus(not(own), mul(alpha, add(s, margin)));
    return add(div(sum(near), maximum(sum(cast(some, s.dtype)), 1)), div(sum(far), classes));
  },
  textbook(y: number[], x: number[][], { alpha, margin }) {
    const classes = (x[0] as number[]).map((_, c) => c);
    const log = (c: number, chosen: (i: number) => boolean, exponent: (s: number) => number) =>
      Math.log(x.reduce((total, row, i) => total + (chosen(i) ? Math.exp(exponent(row[c] as number)) : 0), 1));
    const present = classes.filter((c) => y.includes(c));
    const near = present.map((c) =>
      log(
        c,
        (i) => y[i] === c,
        (s) => -alpha * (s - margin),
      ),
    );
    const far = classes.map((c) =>
      log(
        c,
        (i) => y[i] !== c,
        (s) => alpha * (s + margin),
      ),
    );
    const total = (terms: readonly number[]) => terms.reduce((a, b) => a + b, 0);
    return [total(near) / present.length + total(far) / classes.length];
  },
  examples: [{ yTrue: [0], yPred: [[0]], options: { margin: 0 }, loss: Math.LN2 }],
  traits: { nonNegative: true },
});
