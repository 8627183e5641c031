/** What the cross-entropies over classes share: the cost of a row under weights on its classes. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { broadcastTo, div, logSoftmax, type Node, neg, sum, weighted, where, xlogy } from "../../graph/index.ts";
import { type Domain, logits, logProbabilities, probabilities, rates } from "../domain.ts";
import { flag, optionalFlag, unit, vector } from "../params.ts";

/** The parameters that both have. */
export const rowParams = {
  fromLogits: flag(false, "whether yPred holds logits instead of probabilities"),
  fromLogProbabilities: flag(false, "whether yPred holds log-probabilities (a log softmax)"),
  normalize: optionalFlag(
    "whether each row of probabilities is first divided by its sum; false takes numbers above 1 as they are",
  ),
  labelSmoothing: unit(0, "the share s of each target that is spread evenly over the classes"),
  classWeight: vector("a factor for each class"),
};

export interface RowKind {
  readonly fromLogits: boolean;
  readonly fromLogProbabilities: boolean;
  /** Left out, each probability must lie in [0, 1]. */
  readonly normalize: boolean | undefined;
}

export function predictionDomain({ fromLogits, fromLogProbabilities, normalize }: RowKind): Domain {
  if (fromLogits) return logits;
  if (fromLogProbabilities) return logProbabilities;
  return normalize === undefined ? probabilities : rates;
}

/** @throws InvalidArgumentError when yPred is said to be two things at once. */
export function checkRowKind(loss: string, { fromLogits, fromLogProbabilities, normalize }: RowKind): void {
  if ([fromLogits, fromLogProbabilities, normalize].filter(Boolean).length < 2) return;
  throw new InvalidArgumentError("loss/kind-of-predictions", {
    received: `${loss} was given more than one of fromLogits, fromLogProbabilities and normalize`,
    expected: "predictions are logits, log-probabilities or probabilities",
    hint: "Keep the one that says what the last layer puts out.",
  });
}

/** Σ_c w_c (−log p_c) over the last axis; a class of weight 0 adds nothing, whatever its prediction. */
export function weightedCost(weights: Node, yPred: Node, kind: RowKind): Node {
  return neg(
    sum(
      kind.fromLogits || kind.fromLogProbabilities
        ? weighted(weights, kind.fromLogits ? logSoftmax(yPred) : yPred)
        : xlogy(weights, kind.normalize ? normalized(yPred) : yPred),
      [-1],
    ),
  );
}

/** −log p of the class that is picked (bool, one a row). */
export function costOfPicked(picked: Node, yPred: Node): Node {
  return neg(sum(where(picked, logSoftmax(yPred), 0), [-1]));
}

function normalized(yPred: Node): Node {
  return div(yPred, broadcastTo(sum(yPred, [-1], { keepDims: true }), yPred.shape));
}

/** log p of a row in textbook form, for the oracles. */
export function naiveLogs(x: readonly number[], { fromLogits, fromLogProbabilities, normalize }: RowKind): number[] {
  if (fromLogProbabilities) return [...x];
  const p = fromLogits ? x.map(Math.exp) : x;
  const total = fromLogits || normalize ? p.reduce((a, b) => a + b, 0) : 1;
  return p.map((value) => Math.log(value / total));
}
