import { add, div, mul, sum, where } from "../../graph/index.ts";
import { isKnownLabel, isLabel } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";
import type { Param } from "../params.ts";
import { naiveShares, shareDomain, shareParams, shares } from "./shares.ts";

const order: Param<number> = {
  kind: "number",
  default: 2,
  range: "a whole number from 1 to 100",
  doc: "how many terms of the series of -log p are taken",
  accepts: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 100,
};

/** Σ u^k / k over k = 1 … order, u the share of all wrong classes; one number a row. */
export const taylorCrossentropy = defineLoss({
  name: "taylorCrossentropy",
  aliases: ["taylorCrossEntropyLoss", "taylor"],
  task: "multiclass",
  summary: "The first terms of cross-entropy's series: bounded, for labels some of which are wrong.",
  formula: String.raw`\ell = \sum_{k=1}^{n} \frac{(1 - p_y)^k}{k}`,
  references: [{ title: "Feng et al., Can Cross Entropy Loss Be Robust to Label Noise? (2020)" }],
  axis: "class",
  yTrue: classIndex,
  yPred: shareDomain,
  params: { ...shareParams, order },
  value(yTrue, yPred, { order: n, ...kind }) {
    const wrong = sum(where(isLabel(yTrue, yPred), 0, shares(yPred, kind)), [-1]);
    let total = div(wrong, n);
    for (let k = n - 1; k >= 1; k--) total = mul(wrong, add(1 / k, total));
    return where(isKnownLabel(yTrue, yPred), total, Number.NaN);
  },
  textbook([y]: readonly [number], x: readonly number[], { order: n, ...kind }) {
    const p = naiveShares(x, kind);
    const wrong = p.reduce((total, share, c) => total + (c === y ? 0 : share), 0);
    let total = 0;
    for (let k = 1; k <= n; k++) total += wrong ** k / k;
    return total;
  },
  examples: [
    { yTrue: 0, yPred: [0.5, 0.5], loss: 0.625 },
    { yTrue: 1, yPred: [0, 1], loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});
