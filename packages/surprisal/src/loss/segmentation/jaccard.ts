import { add, mul, sub } from "../../graph/index.ts";
import { defineOverlap, differing, naiveSum } from "./overlap.ts";

/** 1 − (Σ p y + smooth) / (Σ p + Σ y − Σ p y + smooth): one minus intersection over union, of soft predictions. */
export const jaccard = defineOverlap({
  name: "jaccard",
  aliases: ["jaccardLoss", "softIou"],
  summary: "One minus the intersection over the union of two masks.",
  formula: String.raw`\ell = 1 - \frac{\sum p y + s}{\sum p + \sum y - \sum p y + s}`,
  references: [
    {
      title: "Rahman, Wang, Optimizing Intersection-Over-Union in Deep Neural Networks for Image Segmentation (2016)",
      url: "https://doi.org/10.1007/978-3-319-50835-1_22",
    },
  ],
  params: {},
  parts(y, p, rest, total) {
    // The union is y plus what is predicted outside of it.
    const outside = total(mul(p, sub(1, y)));
    return { wrong: differing(y, p, rest, total), whole: add(total(y), outside) };
  },
  naive(y, p, { smooth: s }) {
    const both = naiveSum(p, y);
    const union = naiveSum(p) + naiveSum(y) - both + s;
    return union === 0 ? 0 : 1 - (both + s) / union;
  },
  apart: 1,
  traits: { smooth: true, nonNegative: true },
});
