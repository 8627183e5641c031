/** Distributions on the line by the costs (−log of a probability) that they put on intervals: noises of log time, links of ordered classes. */
import {
  add,
  and,
  exp,
  less,
  log1mexp,
  minimum,
  mul,
  type Node,
  neg,
  not,
  softplus,
  square,
  sub,
  where,
} from "../../graph/index.ts";
import { halfLogTwoPi } from "../gammaFunction.ts";
import { logNormalBetween, logNormalCdf, naiveNormalCdf } from "../normal.ts";
import { excessOverExp, logCosh } from "../special.ts";

/** The finite ends of an interval, and its width: upper − lower, often known better than that difference. */
interface Ends {
  readonly lower: Node;
  readonly upper: Node;
  readonly width: Node;
}

/** A distribution. Costs keep their digits in both tails, and so do their derivatives. */
export interface Noise {
  /** −log of the density. */
  at(x: Node): Node;
  /** −log of the probability up to x, and from x on. */
  below(x: Node): Node;
  above(x: Node): Node;
  /** NaN where lower is above upper. */
  between(ends: Ends): Node;
  /** The same for oracles: the density, and the probability up to x. */
  readonly density: (x: number) => number;
  readonly cdf: (x: number) => number;
}

/** Standard normal. */
export const normal: Noise = {
  at: (x) => add(mul(0.5, square(x)), halfLogTwoPi),
  below: (x) => neg(logNormalCdf(x)),
  above: (x) => neg(logNormalCdf(neg(x))),
  between: ({ lower, upper, width }) => neg(logNormalBetween(lower, upper, width)),
  density: (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI),
  cdf: naiveNormalCdf,
};

/** F(x) = 1/(1 + e^(−x)); F(u) − F(l) = F(u) (1 − F(l)) (1 − e^(l − u)). */
export const logistic: Noise = {
  at: (x) => mul(2, add(logCosh(mul(0.5, x)), Math.LN2)),
  below: (x) => softplus(neg(x)),
  above: softplus,
  between: ({ lower, upper, width }) => sub(add(softplus(neg(upper)), softplus(lower)), log1mexp(neg(width))),
  density: (x) => 1 / (2 + Math.exp(x) + Math.exp(-x)),
  cdf: (x) => 1 / (1 + Math.exp(-x)),
};

/** Of x so small e^x is −log(1 − F) and F alike. */
const smallest = -40;
/** Beyond it F is 1 in every precision. */
const largest = 7;

function belowExtreme(x: Node): Node {
  const isSmall = less(x, smallest);
  return where(isSmall, neg(x), neg(log1mexp(neg(exp(minimum(where(isSmall, 0, x), largest))))));
}

/** The logarithm of an exponential variable: F(x) = 1 − e^(−e^x); F(u) − F(l) = (1 − F(l)) F(log(e^u − e^l)). */
export const extreme: Noise = {
  at: (x) => add(1, excessOverExp(x)),
  below: belowExtreme,
  above: exp,
  between: ({ lower, upper, width }) => add(exp(lower), belowExtreme(add(upper, log1mexp(neg(width))))),
  density: (x) => Math.exp(x - Math.exp(x)),
  cdf: (x) => -Math.expm1(-Math.exp(x)),
};

/** −log of the probability of an interval that may be open at either end (bool); 0 where it is open at both. */
export function costOfInterval(noise: Noise, ends: Ends, openBelow: Node, openAbove: Node): Node {
  const isInside = and(not(openBelow), not(openAbove));
  const isAbove = and(not(openBelow), openAbove);
  const isBelow = and(openBelow, not(openAbove));
  const inside = noise.between({
    lower: where(isInside, ends.lower, -1),
    upper: where(isInside, ends.upper, 1),
    width: where(isInside, ends.width, 2),
  });
  const above = where(isAbove, noise.above(where(isAbove, ends.lower, 0)), 0);
  return where(isInside, inside, where(isBelow, noise.below(where(isBelow, ends.upper, 0)), above));
}
