import { add, mul, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { boxesOf, ifValid, missedShare, naiveAreas, overBoxes, type Side, share } from "./boxes.ts";

/**
 * 1 − IoU + |hull less union| / |hull| of two boxes x1, y1, x2, y2, one number a box from 0 to 2; the hull is the smallest box around
 * both. NaN for a predicted box whose corners are not in order.
 */
export const giouLoss = defineLoss({
  name: "giouLoss",
  aliases: ["giou", "generalizedIou", "generalizedBoxIou", "generalizedIntersectionOverUnion"],
  summary: "One minus IoU, and what the smallest box around both holds besides them: boxes that are apart pull, too.",
  formula: String.raw`\ell = 1 - \frac{|A \cap B|}{|A \cup B|} + \frac{|H \setminus (A \cup B)|}{|H|}`,
  references: [
    {
      title: "Rezatofighi et al., Generalized Intersection over Union (2019)",
      url: "https://doi.org/10.1109/CVPR.2019.00075",
    },
  ],
  ...overBoxes,
  value(yTrue, yPred) {
    const boxes = boxesOf("giouLoss", yTrue, yPred);
    const { x, y } = boxes;
    // The two corners of the hull that neither box reaches; and where the boxes are apart, the gap between them.
    const cornersLeft = add(mul(x.beyondTrue, y.beyondPredicted), mul(x.beyondPredicted, y.beyondTrue));
    const between = sub(add(mul(x.shared, y.gap), mul(x.gap, y.shared)), mul(x.gap, y.gap));
    // 0, and the hull's own slope where ends coincide.
    const atTies = add(mul(x.hull, tie(y)), mul(tie(x), y.hull));
    const unused = add(add(cornersLeft, between), atTies);
    return ifValid(boxes, add(missedShare(boxes), share(unused, mul(x.hull, y.hull))));
  },
  textbook(y: readonly number[], p: readonly number[]) {
    const { iou, union, hull } = naiveAreas(y, p);
    return 1 - iou + (hull - union) / hull;
  },
  examples: [
    { yTrue: [0, 0, 2, 2], yPred: [0, 0, 2, 2], loss: 0 },
    { yTrue: [0, 0, 1, 1], yPred: [3, 4, 5, 7], loss: 1.8 },
    { yTrue: [0, 0, 0, 0], yPred: [1, 1, 1, 1], loss: 2 },
  ],
  traits: { nonNegative: true, zeroAtTarget: true, symmetric: true },
});

const tie = ({ hullBeyondPredicted, beyondPredicted }: Side) => sub(hullBeyondPredicted, beyondPredicted);
