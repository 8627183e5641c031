import { add, div, maximum, mul, square, sub, sum, where } from "../../graph/index.ts";
import { alongClasses, isKnownLabel, isLabel, perClass } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";
import { type Param, positive, vector } from "../params.ts";

const power: Param<number> = {
  kind: "number",
  default: 1,
  range: "1 or 2",
  doc: "the power that each missing distance is raised to",
  accepts: (value) => value === 1 || value === 2,
};

/** 1/C Σ w_y max(0, margin − f_y + f_j)^p over the wrong classes j, one number a row. */
export const multiMargin = defineLoss({
  name: "multiMargin",
  aliases: ["multiMarginLoss"],
  task: "multiclass",
  summary: "A hinge for each wrong class: what its score lacks to lie a margin below the right one.",
  formula: String.raw`\ell = \tfrac1C \sum_{j \ne y} w_y \max(0, \gamma - f_y + f_j)^p`,
  references: [{ title: "Weston, Watkins, Support vector machines for multi-class pattern recognition (1999)" }],
  axis: "class",
  yTrue: classIndex,
  harmless: 0,
  params: {
    p: power,
    margin: positive(1, "the lead γ that the right score must have"),
    classWeight: vector("a factor for each class"),
  },
  value(yTrue, yPred, { p, margin, classWeight }) {
    const picked = isLabel(yTrue, yPred);
    const right = alongClasses(sum(where(picked, yPred, 0), [-1]), yPred);
    const missing = maximum(0, add(margin, where(picked, -margin, sub(yPred, right))));
    const weights = classWeight && where(picked, perClass(classWeight, yPred, "classWeight"), 0);
    const total = div(sum(p === 2 ? square(missing) : missing, [-1]), yPred.shape.at(-1) as number);
    const cost = weights === undefined ? total : mul(sum(weights, [-1]), total);
    return where(isKnownLabel(yTrue, yPred), cost, Number.NaN);
  },
  textbook([y]: readonly [number], f: readonly number[], { p, margin, classWeight }) {
    const terms = f.map((score, j) => (j === y ? 0 : Math.max(0, margin - (f[y] as number) + score) ** p));
    return ((classWeight?.[y] ?? 1) * terms.reduce((a, b) => a + b, 0)) / f.length;
  },
  compat: [
    {
      framework: "pytorch",
      name: "torch.nn.MultiMarginLoss",
      arguments: { p: "p", margin: "margin", weight: "classWeight" },
    },
  ],
  examples: [
    { yTrue: 1, yPred: [0.5, 1], loss: 0.25 },
    { yTrue: 0, yPred: [0, 1], params: { p: 2 }, loss: 2 },
  ],
  traits: { convex: true, nonNegative: true },
});
