/** Likelihoods of counts and amounts by way of their deviance, which is never negative, and what Stirling's formula leaves of log Γ. */
import {
  add,
  and,
  div,
  equal,
  exp,
  less,
  lessEqual,
  log,
  log1p,
  mul,
  type Node,
  neg,
  sub,
  where,
} from "../../graph/index.ts";
import type { Domain } from "../domain.ts";
import { halfLogTwoPi, ofCounts, stirlingError, stirlingRest, stirlingSeries } from "../gammaFunction.ts";
import { excessOverLog1p } from "../special.ts";

/** Whole numbers from 0 up. */
export const counts: Domain = {
  name: "count",
  values: "counts, whole numbers from 0 up",
  accepts: (x) => Number.isInteger(x) && x >= 0,
  hint: "For amounts that are no counts use gammaNll or tweedie.",
};

/**
 * d − log ratio, where ratio = 1 + d is known with its logarithm: by a series where d is near 0, so that the square that is left
 * keeps its digits.
 */
export function excess(d: Node, logRatio: Node): Node {
  const near = and(lessEqual(-0.5, d), lessEqual(d, 1));
  return add(excessOverLog1p(where(near, d, 0)), sub(where(near, 0, d), where(near, 0, logRatio)));
}

/** −log of the Poisson probability of y under the rate e^z. */
export function poissonCost(y: Node, z: Node): Node {
  const none = equal(y, 0);
  const seen = where(none, 1, y);
  const rate = exp(z);
  const deviance = mul(seen, excess(div(sub(rate, seen), seen), sub(z, log(seen))));
  return add(where(none, rate, deviance), stirlingRest(y));
}

/**
 * −log of the negative binomial probability of the count y: mean e^z, variance mean + dispersion · mean². With r = 1/dispersion,
 * n = y + r and q = mean/(r + mean) it is a deviance y log(y/(n q)) + r log(r/(n p)) and a part that no prediction changes
 * (Loader 2000, for the binomial).
 */
export function negativeBinomialCost(y: Node, z: Node, dispersion: number): Node {
  const r = 1 / dispersion;
  const none = equal(y, 0);
  const seen = where(none, 1, y);
  // q and p, with both their digits and their logarithms, from the odds or their inverse, whichever is at most 1.
  const logOdds = add(z, Math.log(dispersion));
  const likely = less(0, logOdds);
  const odds = where(likely, mul(r, exp(neg(where(likely, z, 0)))), mul(dispersion, exp(where(likely, 0, z))));
  const q = div(where(likely, 1, odds), add(1, odds));
  const p = div(where(likely, odds, 1), add(1, odds));
  const logQ = sub(where(likely, 0, logOdds), log1p(odds));
  const logP = sub(where(likely, neg(logOdds), 0), log1p(odds));
  const off = sub(mul(r, q), mul(seen, p));
  const ofCount = mul(seen, excess(div(off, seen), add(logQ, log1p(div(r, seen)))));
  const ofSize = mul(r, excess(mul(-dispersion, off), add(logP, log1p(mul(dispersion, seen)))));
  return add(where(none, mul(-r, logP), add(ofCount, ofSize)), negativeBinomialRest(y, r));
}

/** What of −log P no prediction changes: ½ log(1 + y/r) + ½ log(2π y) and Stirling's errors of r, y and y + r; 0 for y = 0. */
function negativeBinomialRest(y: Node, r: number): Node {
  const errorOfR = stirlingError(r);
  const rest = (k: number) =>
    (Math.log1p(k / r) + Math.log(k)) / 2 + halfLogTwoPi + errorOfR + stirlingError(k) - stirlingError(k + r);
  return ofCounts(
    y,
    (k) => (k === 0 ? 0 : rest(k)),
    (x) => {
      const logs = mul(0.5, add(log1p(div(x, r)), log(x)));
      return add(add(logs, halfLogTwoPi + errorOfR), sub(stirlingSeries(x), stirlingSeries(add(x, r))));
    },
  );
}
