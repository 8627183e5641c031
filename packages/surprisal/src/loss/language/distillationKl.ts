import { mul, neg } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import type { Domain } from "../domain.ts";
import { choice, type Param, positive } from "../params.ts";
import { jensenShannon, kullbackLeibler, temper } from "./tempered.ts";

/** Logits of a teacher. */
const teacherLogits: Domain = {
  name: "teacherLogits",
  values: "logits of a teacher, numbers or -Infinity",
  accepts: (x) => x < Number.POSITIVE_INFINITY,
  hint: "Pass the teacher's logits, not its probabilities; -Infinity stands for a probability of 0.",
};

const beta: Param<number> = {
  kind: "number",
  default: 0.5,
  range: "a number between 0 and 1, both excluded",
  doc: "the teacher's share of the mixture that a jsd compares with",
  accepts: (value) => typeof value === "number" && value > 0 && value < 1,
};

/**
 * T² KL(t ‖ s) of t = softmax(yTrue/T) and s = softmax(yPred/T), one number a row; `reverse` is T² KL(s ‖ t), `jsd` the Jensen–Shannon
 * divergence with the teacher's share beta. T² keeps the size of gradients independent of T. Never negative, and nearly equal rows keep
 * their digits.
 */
export const distillationKl = defineLoss({
  name: "distillationKl",
  aliases: ["distillation", "knowledgeDistillation", "distillationLoss", "kdLoss"],
  task: "distribution",
  summary: "How far a student's softened predictions are from those of its teacher; targets are the teacher's logits.",
  formula: String.raw`\ell = T^2 \sum_c t_c \log \frac{t_c}{s_c}, \quad t = \operatorname{softmax}(y / T), \; s = \operatorname{softmax}(z / T)`,
  references: [
    {
      title: "Hinton, Vinyals, Dean, Distilling the Knowledge in a Neural Network (2015)",
      url: "https://arxiv.org/abs/1503.02531",
    },
    {
      title:
        "Agarwal et al., On-Policy Distillation of Language Models (2024), for the generalised Jensen–Shannon divergence",
      url: "https://arxiv.org/abs/2306.13649",
    },
  ],
  axis: "class",
  yTrue: teacherLogits,
  params: {
    temperature: positive(1, "the T that both logits are divided by; higher ones show more of the small shares"),
    direction: choice(
      ["forward", "reverse", "jsd"],
      "which of the two is the reference: the teacher, the student, or their mixture",
    ),
    beta,
  },
  value(yTrue, yPred, { temperature, direction, beta: share }) {
    const shares = temper(yTrue, yPred, temperature);
    const { teacher, student, logRatio } = shares;
    if (direction === "jsd") return mul(temperature ** 2, jensenShannon(shares, share));
    const cost =
      direction === "forward"
        ? kullbackLeibler(teacher, student, logRatio)
        : kullbackLeibler(student, teacher, neg(logRatio));
    return mul(temperature ** 2, cost);
  },
  textbook(yTrue: readonly number[], yPred: readonly number[], { temperature, direction, beta: share }) {
    const shares = (z: readonly number[]) => {
      const e = z.map((x) => Math.exp(x / temperature));
      const total = e.reduce((a, b) => a + b, 0);
      return e.map((x) => x / total);
    };
    const kl = (p: readonly number[], q: readonly number[]) =>
      p.reduce((total, x, c) => total + x * Math.log(x / (q[c] as number)), 0);
    const [t, s] = [shares(yTrue), shares(yPred)];
    const middle = t.map((x, c) => share * x + (1 - share) * (s[c] as number));
    const mixed = share * kl(t, middle) + (1 - share) * kl(s, middle);
    return temperature ** 2 * (direction === "jsd" ? mixed : direction === "forward" ? kl(t, s) : kl(s, t));
  },
  examples: [
    { yTrue: [1, 2, 3], yPred: [3, 4, 5], loss: 0 },
    { yTrue: [0, Number.NEGATIVE_INFINITY], yPred: [0, 0], loss: Math.LN2 },
    { yTrue: [0, -3000], yPred: [-3000, 0], params: { direction: "jsd" }, loss: Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true },
});
