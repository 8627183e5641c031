import { defineLoss } from "../define.ts";
import { boxesOf, ifValid, missedShare, naiveAreas, overBoxes } from "./boxes.ts";

/**
 * 1 − |A ∩ B| / |A ∪ B| of two boxes x1, y1, x2, y2, one number a box from 0 (the same) to 1 (apart, and no slope there). Two boxes
 * without area have the loss 1, or 0 if they are the same. NaN for a predicted box whose corners are not in order.
 */
export const iouLoss = defineLoss({
  name: "iouLoss",
  aliases: ["iou", "intersectionOverUnion", "boxIou"],
  summary: "What two boxes do not share of their union; boxes that are apart do not pull on each other.",
  formula: String.raw`\ell = 1 - \frac{|A \cap B|}{|A \cup B|}`,
  references: [
    {
      title: "Yu et al., UnitBox: An Advanced Object Detection Network (2016)",
      url: "https://doi.org/10.1145/2964284.2967274",
    },
  ],
  ...overBoxes,
  value(yTrue, yPred) {
    const boxes = boxesOf("iouLoss", yTrue, yPred);
    return ifValid(boxes, missedShare(boxes));
  },
  textbook: (y: readonly number[], p: readonly number[]) => 1 - naiveAreas(y, p).iou,
  examples: [
    { yTrue: [0, 0, 2, 2], yPred: [0, 0, 2, 2], loss: 0 },
    { yTrue: [0, 0, 2, 2], yPred: [1, 0, 3, 2], loss: 2 / 3 },
    { yTrue: [0, 0, 1, 1], yPred: [3, 4, 5, 7], loss: 1 },
    { yTrue: [1, 1, 1, 1], yPred: [1, 1, 1, 1], loss: 0 },
  ],
  traits: { nonNegative: true, zeroAtTarget: true, symmetric: true },
});
