/** What losses of preferences share: log-probabilities of whole sequences, and the two ways in which a pair is compared. */
import { maximum, type Node, neg, softplus, sub } from "../../graph/index.ts";
import type { ArraySpec } from "../arrays.ts";
import type { Domain } from "../domain.ts";

/** Sums (or means) of the log-probabilities of a sequence's tokens. */
const sequenceLogProbability: Domain = {
  name: "logProbabilities",
  values: "log-probabilities, numbers up to 0",
  accepts: (x) => !(x > 0),
  hint: "Sum the log-probabilities of each sequence's tokens first.",
};

/** One log-probability a pair. */
export const logProbability = (doc: string): ArraySpec => ({
  axes: "N",
  domain: sequenceLogProbability,
  doc,
  harmless: -1,
});

/** The chosen and the rejected answer under the model that is trained. */
export const answers = {
  chosen: logProbability("the log-probability of the preferred answer"),
  rejected: logProbability("the log-probability of the other answer"),
};

/** −log σ(m): what a margin m costs that should be large. */
export const logisticCost = (margin: Node): Node => softplus(neg(margin));
/** max(0, 1 − m); derivative 0 at the kink: the constant comes first and so takes the gradient at a tie. */
export const hingeCost = (margin: Node): Node => maximum(0, sub(1, margin));

/** log(1 + e^−m) in textbook form. */
export const naiveLogistic = (margin: number): number => Math.log(1 + Math.exp(-margin));
