import { add, div, less, mul, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";
import { magnitude } from "../special.ts";

/** c²/6 (1 − (1 − (e/c)²)³) where |e| ≤ c, else c²/6; e = yPred − yTrue, averaged over the last axis. Not convex. */
export const tukeyBiweight = defineLoss({
  name: "tukeyBiweight",
  aliases: ["tukey", "biweight", "bisquare"],
  task: "regression",
  summary: "Bounded: a residual beyond c counts as an outlier and pulls nothing at all.",
  formula: String.raw`\ell = \frac{c^2}{6} \Bigl(1 - \max\bigl(0, 1 - (e / c)^2\bigr)^3\Bigr), \quad e = \hat y - y`,
  references: [
    {
      title: "Beaton, Tukey, The Fitting of Power Series (1974)",
      url: "https://doi.org/10.1080/00401706.1974.10489171",
    },
  ],
  yTrue: real,
  harmless: 0,
  params: { c: positive(4.685, "the residual from which on errors count as outliers") },
  value(yTrue, yPred, { c }) {
    const units = div(sub(yPred, yTrue), c);
    const size = magnitude(units);
    const isNear = less(size, 0.5);
    const isFar = less(1, size);
    // 1 − (1 − t)³ multiplied out near 0; (1 − u)(1 + u) keeps the digits of the slope near the edge.
    const t = square(where(isNear, units, 0));
    const near = mul(t, add(3, mul(t, sub(t, 3))));
    const rest = where(isNear, 0, where(isFar, 1, size));
    const left = mul(sub(1, rest), add(1, rest));
    const middle = sub(1, mul(left, square(left)));
    return mul((c * c) / 6, add(near, middle));
  },
  textbook: (y: number, p: number, { c }) => (c ** 2 / 6) * (1 - Math.max(0, 1 - ((p - y) / c) ** 2) ** 3),
  examples: [
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 1, yPred: 90, params: { c: 6 }, loss: 6 },
  ],
  traits: { smooth: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});
