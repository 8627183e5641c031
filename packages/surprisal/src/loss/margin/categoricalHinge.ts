import { add, equal, max, maximum, mul, sub, sum, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import { choice } from "../params.ts";

/** max(0, 1 + the best wrong score − the right score), one number a row. */
export const categoricalHinge = defineLoss({
  name: "categoricalHinge",
  aliases: ["multiclassHinge"],
  task: "multiclass",
  summary: "Nothing once the right class's score leads every other by 1, linear before.",
  formula: String.raw`\ell = \max\bigl(0,\; 1 + \max_{j \ne y} f_j - f_y\bigr)`,
  references: [
    { title: "Crammer, Singer, On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines (2001)" },
  ],
  axis: "class",
  yTrue: distribution,
  harmless: 0,
  params: {
    rule: choice(
      ["keras", "others"],
      `what the best wrong score is taken over: (1 − y) f of all classes, so that 0 is always among them, or the other classes`,
    ),
  },
  value(yTrue, yPred, { rule }) {
    const wrong = {
      keras: () => mul(sub(1, yTrue), yPred),
      others: () => where(equal(yTrue, 0), yPred, Number.NEGATIVE_INFINITY),
    }[rule];
    const lead = sub(max(wrong()), sum(mul(yTrue, yPred), [-1]));
    return maximum(0, add(1, lead));
  },
  textbook(y: readonly number[], f: readonly number[], { rule }) {
    const right = f.reduce((total, score, c) => total + (y[c] as number) * score, 0);
    const others = f.filter((_, c) => y[c] === 0);
    const wrong = rule === "keras" ? f.map((score, c) => (1 - (y[c] as number)) * score) : others;
    return Math.max(0, 1 + Math.max(...wrong) - right);
  },
  compat: [
    { framework: "keras", name: "keras.losses.CategoricalHinge" },
    {
      framework: "optax",
      name: "optax.losses.multiclass_hinge_loss",
      options: { rule: "others" },
      differs: "Labels are class numbers there, one-hot rows here.",
    },
  ],
  examples: [
    { yTrue: [0, 1, 0], yPred: [1, 3, 2.5], loss: 0.5 },
    { yTrue: [1, 0], yPred: [-2, -4], loss: 3 },
    { yTrue: [1, 0], yPred: [-2, -4], params: { rule: "others" }, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true },
});
