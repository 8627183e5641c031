/** What the losses on cosines share: the row's cosines to the class centres, and softmax cross-entropy of them. */
import {
  add,
  constant,
  less,
  logSoftmax,
  max,
  mul,
  type Node,
  neg,
  stopGradient,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { alongClasses, isKnownLabel, isLabel } from "../classes.ts";
import { classIndex, type Domain } from "../domain.ts";

/** How far above 1 rounding in float32 may take a cosine. */
export const cosineSlack = 2 ** -20;

/** Cosines between unit vectors, with room for their rounding. */
export const cosines: Domain = {
  name: "cosines",
  values: "cosines, numbers from -1 to 1",
  accepts: (x) => !(Math.abs(x) > 1 + cosineSlack),
  hint: "Normalise embeddings and class centres to length 1 before multiplying them.",
};

/** The parts of a definition that all of them have. */
export const overCosines = { task: "embedding", axis: "class", yTrue: classIndex, yPred: cosines } as const;

/**
 * Softmax cross-entropy of scale · cos θ, the target's cosine being set back by a handicap (a number, or a node of one number a row, made
 * from that cosine). Differences to the largest are taken before anything is scaled; the largest is held constant, as a softmax does not
 * notice what all of its logits have in common.
 */
export function cosineCost(yTrue: Node, yPred: Node, scale: number, handicap: (target: Node) => Node | number): Node {
  const isTarget = isLabel(yTrue, yPred);
  const target = sum(where(isTarget, yPred, 0), [-1]);
  const given = handicap(target);
  const setBack = typeof given === "number" ? constant(given, yPred.dtype, target.shape) : given;
  const best = max(where(isTarget, Number.NEGATIVE_INFINITY, yPred));
  const leads = less(best, sub(target, setBack));
  const along = (x: Node) => alongClasses(x, yPred);
  const ahead = sub(yPred, along(stopGradient(where(leads, target, best))));
  // The target's own handicap comes off first: where it leads it is 0 as a whole.
  const gaps = add(sub(ahead, where(isTarget, along(setBack), 0)), along(stopGradient(where(leads, setBack, 0))));
  const cost = neg(sum(where(isTarget, logSoftmax(mul(scale, gaps)), 0), [-1]));
  return where(isKnownLabel(yTrue, yPred), cost, Number.NaN);
}

/** The same in textbook form, from the target's logit and the others' cosines. */
export function plainCosineCost(y: number, cosines: readonly number[], scale: number, target: number): number {
  const weights = cosines.map((c, k) => Math.exp(scale * (k === y ? target : c)));
  return -Math.log((weights[y] as number) / weights.reduce((a, b) => a + b, 0));
}
