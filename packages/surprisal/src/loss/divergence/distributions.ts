/** Entropies of plain distributions: one list of probabilities in, one number out. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { categoricalCrossentropy } from "../classification/categoricalCrossentropy.ts";
import { klLoss } from "./kl.ts";

/** Probabilities that sum to 1. */
export type Distribution = readonly number[] | Float32Array | Float64Array | Tensor;

/** What the functions of distributions take besides them. */
export interface EntropyOptions {
  /** Of the logarithm: 2 for bits, 10 for bans. Default e, for nats. */
  readonly base?: number;
}

/** H(p) = −Σ p log p. @throws InvalidArgumentError for what is not a distribution. */
export function entropy(p: Distribution, options: EntropyOptions = {}): number {
  return crossEntropy(p, p, options);
}

/** H(p, q) = −Σ p log q: the cost of outcomes from p to a model that says q. Infinite where q is 0 and p is not. */
export function crossEntropy(p: Distribution, q: Distribution, options: EntropyOptions = {}): number {
  const [yTrue, yPred] = pair(p, q);
  return categoricalCrossentropy.evaluate([yTrue], [yPred]).value / unitOf(options);
}

/** KL(p ‖ q) = Σ p log(p/q), accurate for nearly equal distributions; with options first, see the loss of that name. */
export function divergenceOf(p: Distribution, q: Distribution, options: EntropyOptions = {}): number {
  const [yTrue, yPred] = pair(p, q);
  return klLoss.evaluate([yTrue], [yPred]).value / unitOf(options);
}

/**
 * e^H(p, q), or e^H(p) when q is left out: how many equally likely outcomes would surprise as much. The base of the logarithm cancels;
 * it is taken so that the four functions are called alike.
 */
export function perplexity(p: Distribution, q: Distribution = p, options: EntropyOptions = {}): number {
  unitOf(options);
  return Math.exp(crossEntropy(p, q));
}

function unitOf({ base = Math.E }: EntropyOptions): number {
  if (typeof base === "number" && base > 0 && base !== 1 && Number.isFinite(base))
    return base === Math.E ? 1 : Math.log(base);
  throw new InvalidArgumentError("entropy/base", {
    received: `base ${String(base)} was given`,
    expected: "a base is a number above 0 other than 1",
    hint: "Use 2 for bits, 10 for bans, or leave it out for nats.",
  });
}

function pair(p: Distribution, q: Distribution): [number[], number[]] {
  const [a, b] = [read(p, "p"), read(q, "q")];
  if (a.length === b.length) return [a, b];
  throw new InvalidArgumentError("entropy/lengths", {
    received: `p has ${a.length} outcomes and q has ${b.length}`,
    expected: "both are over the same outcomes",
    hint: "Give an outcome that cannot happen the probability 0.",
  });
}

function read(given: Distribution, name: string): number[] {
  const values = Array.from(given instanceof Tensor ? given.data : given);
  const total = values.reduce((sum, x) => sum + x, 0);
  const bad = values.find((x) => !(typeof x === "number" && x >= 0 && x <= 1));
  // A float32 softmax over many classes may miss 1 by this much.
  if (bad === undefined && Math.abs(total - 1) <= 1e-4) return values;
  throw new InvalidArgumentError("entropy/not-a-distribution", {
    received: bad === undefined ? `${name} sums to ${total}` : `${name} holds ${String(bad)}`,
    expected: "it is a distribution: numbers from 0 to 1 that sum to 1",
    hint: "Divide counts by their sum; for logits use a loss with fromLogits: true.",
  });
}
