/** Areas under curves that are known at thresholds only. Curves run from the lowest threshold (everything positive) on. */
import { naturalLog } from "../../base/log.ts";
import { type Confusion, ratio } from "./histogram.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

type Cells = { readonly [K in keyof Confusion]: number };
const at = (c: Confusion, t: number): Cells => ({
  truePositives: c.truePositives[t] as number,
  falsePositives: c.falsePositives[t] as number,
  trueNegatives: c.trueNegatives[t] as number,
  falseNegatives: c.falseNegatives[t] as number,
});
const recallOf = ({ truePositives: tp, falseNegatives: fn }: Cells) => ratio(tp, tp + fn);

/** The points of each curve. */
export const curves = {
  /** False positive rate, true positive rate. */
  ROC: (c: Cells): Point => ({ x: ratio(c.falsePositives, c.falsePositives + c.trueNegatives), y: recallOf(c) }),
  /** Recall, precision. */
  PR: (c: Cells): Point => ({ x: recallOf(c), y: ratio(c.truePositives, c.truePositives + c.falsePositives) }),
};

/** The height of the rectangle between two points. */
export const heights = {
  interpolation: (a: number, b: number) => (a + b) / 2,
  minoring: Math.min,
  majoring: Math.max,
};

/** Sum of rectangles between neighbouring points. */
export function area(c: Confusion, point: (cells: Cells) => Point, height: (a: number, b: number) => number): number {
  let total = 0;
  for (let t = 0; t + 1 < c.truePositives.length; t++) {
    const [left, right] = [point(at(c, t)), point(at(c, t + 1))];
    total += (left.x - right.x) * height(left.y, right.y);
  }
  return total;
}

/**
 * The area under the precision-recall curve where true positives grow linearly with predicted positives between thresholds
 * (Davis & Goadrich 2006, The relationship between precision-recall and ROC curves): precision then is a hyperbola.
 */
export function interpolatedPrecisionRecall(c: Confusion): number {
  let total = 0;
  for (let t = 0; t + 1 < c.truePositives.length; t++) {
    const [low, high] = [at(c, t), at(c, t + 1)];
    const [p, pNext] = [low.truePositives + low.falsePositives, high.truePositives + high.falsePositives];
    const gained = low.truePositives - high.truePositives;
    const slope = ratio(gained, Math.max(p - pNext, 0));
    const intercept = high.truePositives - slope * pNext;
    const grown = p > 0 && pNext > 0 ? p / pNext : 1;
    total += ratio(slope * (gained + intercept * naturalLog(grown)), high.truePositives + high.falseNegatives);
  }
  return total;
}
