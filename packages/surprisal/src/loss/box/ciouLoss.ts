import { add, atan, less, mul, type Node, square, stopGradient, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { flag } from "../params.ts";
import { magnitude } from "../special.ts";
import { type Boxes, boxesOf, centreDistance, ifValid, missedShare, naiveAreas, overBoxes, share } from "./boxes.ts";

/**
 * diouLoss + α v of two boxes x1, y1, x2, y2, one number a box: v = (4/π²)(arctan(w/h) − arctan(w'/h'))² says how much the shapes
 * differ, α = v / (1 − IoU + v) how much that counts. NaN for a predicted box whose corners are not in order.
 *
 * α is held constant in the gradient, as its authors have it, unless `stopAlphaGradient` is false.
 */
export const ciouLoss = defineLoss({
  name: "ciouLoss",
  aliases: ["ciou", "completeIou", "completeBoxIou"],
  summary: "One minus IoU, how far the centres are apart, and how much the shapes of the boxes differ.",
  formula: String.raw`\ell = 1 - \frac{|A \cap B|}{|A \cup B|} + \frac{\lVert a - b \rVert^2}{d^2} + \frac{v^2}{1 - \mathrm{IoU} + v}`,
  references: [
    {
      title: "Zheng et al., Distance-IoU Loss: Faster and Better Learning for Bounding Box Regression (2020)",
      url: "https://doi.org/10.1609/aaai.v34i07.6999",
    },
  ],
  ...overBoxes,
  params: { stopAlphaGradient: flag(true, "whether the weight alpha of the shapes is held constant in the gradient") },
  heldConstant: ({ stopAlphaGradient }) => stopAlphaGradient,
  value(yTrue, yPred, { stopAlphaGradient }) {
    const boxes = boxesOf("ciouLoss", yTrue, yPred);
    const missed = missedShare(boxes);
    const v = mul(4 / Math.PI ** 2, square(angle(boxes)));
    const alpha = share(v, add(missed, v));
    const shapes = mul(stopAlphaGradient ? stopGradient(alpha) : alpha, v);
    return ifValid(boxes, add(add(missed, centreDistance(boxes)), shapes));
  },
  textbook(y: readonly number[], p: readonly number[]) {
    const { iou, distance } = naiveAreas(y, p);
    const slope = ([x1, y1, x2, y2]: number[]) =>
      Math.atan(((x2 as number) - (x1 as number)) / ((y2 as number) - (y1 as number)));
    const v = ((2 / Math.PI) * (slope([...y]) - slope([...p]))) ** 2;
    return 1 - iou + distance + v ** 2 / (1 - iou + v);
  },
  examples: [
    { yTrue: [0, 0, 2, 2], yPred: [0, 0, 2, 2], loss: 0 },
    { yTrue: [0, 0, 2, 2], yPred: [4, 0, 6, 2], loss: 1.4 },
    { yTrue: [1, 1, 1, 1], yPred: [1, 1, 1, 1], loss: 0 },
  ],
  traits: { nonNegative: true, zeroAtTarget: true, symmetric: true },
});

/**
 * |arctan(w/h) − arctan(w'/h')|, as one arctangent of |w h' − w' h| / (w w' + h h'), or π/2 less that of the reverse where it is above
 * 1. 0 where a box is a point.
 */
function angle({ x, y }: Boxes): Node {
  const cross = magnitude(sub(mul(x.true, y.predicted), mul(x.predicted, y.true)));
  const dot = add(mul(x.true, x.predicted), mul(y.true, y.predicted));
  const isWide = less(dot, cross);
  const part = atan(share(where(isWide, dot, cross), where(isWide, cross, dot)));
  return where(isWide, sub(Math.PI / 2, part), part);
}
