import { add, atan, div, less, mul, or, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** tan ½, where the loss is 0, in two parts, the first a float32. */
const best = [0.5463024973869324, -7.543141859791696e-9] as const;

/** (2 arctan m − 1)², m = yTrue · yPred, averaged over the last axis: bounded, and correct scores that are large cost a little, too. */
export const tangentLoss = defineLoss({
  name: "tangentLoss",
  aliases: ["tangent", "tangentBoost"],
  summary:
    "Least at a margin of about 0.55 and bounded at both ends: neither outliers nor very sure scores count much.",
  formula: String.raw`\ell = (2 \arctan(y f) - 1)^2, \quad y \in \{-1, 1\}`,
  references: [
    {
      title: "Masnadi-Shirazi, Mahadevan, Vasconcelos, On the Design of Robust Classifiers for Computer Vision (2010)",
      url: "https://doi.org/10.1109/CVPR.2010.5540136",
    },
  ],
  ...overSigns,
  value(yTrue, yPred) {
    const margin = marginOf(yTrue, yPred);
    const isOff = or(less(margin, 0.25), less(1, margin));
    // arctan m − ½ as one arctangent, of (m − t)/(1 + m t) with t = tan ½, where the two are near each other.
    const near = where(isOff, best[0], margin);
    const difference = atan(div(sub(sub(near, best[0]), best[1]), add(1, mul(best[0] + best[1], near))));
    const far = sub(mul(2, atan(where(isOff, margin, 0))), 1);
    return square(where(isOff, far, mul(2, difference)));
  },
  textbook: (y: number, f: number) => (2 * Math.atan(plainMargin(y, f)) - 1) ** 2,
  examples: [
    { yTrue: 1, yPred: 0, loss: 1 },
    { yTrue: -1, yPred: -1, loss: (Math.PI / 2 - 1) ** 2 },
  ],
  traits: { smooth: true, nonNegative: true },
});
