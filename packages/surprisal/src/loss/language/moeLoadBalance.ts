import {
  argmax,
  broadcastTo,
  cast,
  equal,
  iota,
  mean,
  mul,
  reshape,
  softmax,
  stopGradient,
  sum,
} from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";

/**
 * E Σ f_e P_e over the whole batch, one value: f_e is the share of tokens whose largest logit is expert e's (held constant), P_e the mean of
 * the softmax probabilities. 1 where tokens are spread evenly. It has no targets.
 */
export const moeLoadBalance = defineArrayLoss({
  name: "moeLoadBalance",
  aliases: ["loadBalancing", "switchLoadBalance", "routerLoadBalance"],
  task: "language",
  summary: "Spreads tokens evenly over the experts of a mixture.",
  formula: String.raw`\ell = E \sum_e f_e P_e`,
  references: [
    {
      title: "Fedus, Zoph, Shazeer, Switch Transformers (2021)",
      url: "https://arxiv.org/abs/2101.03961",
    },
  ],
  yPred: { axes: "N C", domain: logits, doc: "the router's logits, one row a token" },
  losses: "",
  value(_, yPred) {
    const top = broadcastTo(reshape(argmax(yPred), [yPred.shape[0] as number, 1]), yPred.shape);
    const routed = stopGradient(mean(cast(equal(top, iota(1, yPred.shape)), yPred.dtype), [0]));
    return mul(yPred.shape[1] as number, sum(mul(routed, mean(softmax(yPred), [0]))));
  },
  textbook(_, yPred: number[][]) {
    const [rows, experts] = [yPred.length, (yPred[0] as number[]).length];
    const shares = yPred.map((row) => {
      const e = row.map(Math.exp);
      return e.map((x) => x / e.reduce((a, b) => a + b, 0));
    });
    const terms = Array.from({ length: experts }, (_, e) => {
      const routed = yPred.filter((row) => row.indexOf(Math.max(...row)) === e).length / rows;
      return (routed * shares.reduce((total, row) => total + (row[e] as number), 0)) / rows;
    });
    return [experts * terms.reduce((a, b) => a + b, 0)];
  },
  examples: [
    {
      yTrue: undefined,
      yPred: [
        [Math.log(3), 0],
        [0, Math.log(3)],
      ],
      loss: 1,
    },
    { yTrue: undefined, yPred: [[Math.log(3), 0]], loss: 1.5 },
  ],
  traits: { nonNegative: true },
});
