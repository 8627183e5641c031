import { add } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { boxesOf, centreDistance, ifValid, missedShare, naiveAreas, overBoxes } from "./boxes.ts";

/**
 * 1 − IoU + (distance of the centres / diagonal of the hull)² of two boxes x1, y1, x2, y2, one number a box from 0 to 2. NaN for a
 * predicted box whose corners are not in order.
 */
export const diouLoss = defineLoss({
  name: "diouLoss",
  aliases: ["diou", "distanceIou", "distanceBoxIou"],
  summary: "One minus IoU, and how far the centres are apart: boxes that do not meet are pulled together.",
  formula: String.raw`\ell = 1 - \frac{|A \cap B|}{|A \cup B|} + \frac{\lVert a - b \rVert^2}{d^2}`,
  references: [
    {
      title: "Zheng et al., Distance-IoU Loss: Faster and Better Learning for Bounding Box Regression (2020)",
      url: "https://doi.org/10.1609/aaai.v34i07.6999",
    },
  ],
  ...overBoxes,
  value(yTrue, yPred) {
    const boxes = boxesOf("diouLoss", yTrue, yPred);
    return ifValid(boxes, add(missedShare(boxes), centreDistance(boxes)));
  },
  textbook(y: readonly number[], p: readonly number[]) {
    const { iou, distance } = naiveAreas(y, p);
    return 1 - iou + distance;
  },
  examples: [
    { yTrue: [0, 0, 2, 2], yPred: [0, 0, 2, 2], loss: 0 },
    { yTrue: [0, 0, 2, 2], yPred: [4, 0, 6, 2], loss: 1.4 },
    { yTrue: [1, 1, 1, 1], yPred: [1, 1, 1, 1], loss: 0 },
  ],
  traits: { nonNegative: true, zeroAtTarget: true, symmetric: true },
});
