/** What metrics over a feature axis share. */
import { maximum, minimum, type Node } from "../../graph/index.ts";
import type { Metric } from "../contract.ts";
import { alike, meanFrom, wide } from "./align.ts";
import type { MetricBody } from "./define.ts";
import { meanOf } from "./mean.ts";

/** Keras's fuzz: metrics cut probabilities (losses here do not) so that one wrong certainty leaves a readable mean. */
export const fuzz = 1e-7;

export const clip = (x: Node, low: number, high: number): Node => minimum(maximum(x, low), high);

type Figure = (yTrue: Node, yPred: Node) => Node;

/** Both in float64, of one shape. */
export const bothWide = (yTrue: Node, yPred: Node): [Node, Node] => [wide(alike(yTrue, yPred)), wide(yPred)];

/**
 * The mean over the last axis of a figure for each element. As in Keras, predictions of shape [n] without weights have no
 * feature axis but their rows: each batch then counts as one figure, whatever its size. Give them the shape [n, 1] instead.
 */
export function meanOverFeatures(figure: Figure): MetricBody {
  const ofElements: Figure = (yTrue, yPred) => figure(...bothWide(yTrue, yPred));
  const byFeature = meanOf((yTrue, yPred) => {
    const figures = ofElements(yTrue, yPred);
    return meanFrom(figures, figures.shape.length - 1);
  });
  const byRow = meanOf(ofElements);
  const update: Metric["update"] = (inputs) =>
    (inputs.yPred.shape.length < 2 && inputs.sampleWeight !== undefined ? byRow : byFeature).update(inputs);
  return { ...byFeature, update };
}
