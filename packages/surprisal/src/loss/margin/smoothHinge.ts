import { add, less, maximum, mul, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** ½ − m for a margin m ≤ 0, (1 − m)²/2 up to 1, and 0 beyond; averaged over the last axis. */
export const smoothHinge = defineLoss({
  name: "smoothHinge",
  aliases: ["smoothedHinge"],
  summary: "The hinge with its corner rounded by a parabola.",
  formula: String.raw`\ell = \begin{cases} \tfrac12 - m & m \le 0 \\ \tfrac12 (1 - m)^2 & 0 < m < 1 \\ 0 & m \ge 1 \end{cases}, \quad m = y f`,
  references: [{ title: "Rennie, Srebro, Loss Functions for Preference Levels (2005)" }],
  ...overSigns,
  value(yTrue, yPred) {
    const margin = marginOf(yTrue, yPred);
    const right = less(0, margin);
    const parabola = mul(0.5, square(maximum(0, sub(1, where(right, margin, 1)))));
    return add(parabola, sub(0.5, where(right, 0.5, margin)));
  },
  textbook(y: number, f: number) {
    const m = plainMargin(y, f);
    if (m >= 1) return 0;
    return m > 0 ? (1 - m) ** 2 / 2 : 0.5 - m;
  },
  examples: [
    { yTrue: 1, yPred: 0.5, loss: 0.125 },
    { yTrue: 1, yPred: -2, loss: 2.5 },
    { yTrue: -1, yPred: -1, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, lipschitz: 1 },
});
