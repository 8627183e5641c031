/** p^α q^(1 − α), and how far it lies above or below its tangent: the terms of the α- and Rényi divergences. α is neither 0 nor 1. */
import {
  abs,
  add,
  and,
  constant,
  div,
  exp,
  expm1,
  less,
  log,
  log1p,
  mul,
  type Node,
  neg,
  not,
  or,
  pow,
  square,
  sub,
  where,
} from "../../graph/index.ts";
import { comparableRatio, type Pair, tinyShare, within } from "./pairs.ts";

/** How large |log(q/p)|, times the larger exponent, may be for the series. */
const seriesReach = Math.log(4);
/** Terms of the series that each dtype needs for that. */
const seriesTerms = { float32: 15, float64: 24 } as const;
const reachOf = (alpha: number): number => seriesReach / Math.max(1, Math.abs(alpha), Math.abs(1 - alpha));

export interface Powers {
  /** bool: p and q are alike, and neither is 0. */
  readonly near: Node;
  /** p^α q^(1 − α) where they are not alike, else 0; 0 also where it is infinite. */
  readonly power: Node;
  /** bool: p and q are not alike, and neither is 0. */
  readonly far: Node;
  /** bool: the power is infinite. */
  readonly infinite: Node;
}

export function powersOf(pair: Pair, alpha: number): Powers {
  const { p, q, impossible } = pair;
  const present = less(0, p);
  const near = within(Math.exp(reachOf(alpha)), p, q);
  const apart = and(present, not(near));
  const far = and(apart, alpha < 0 ? less(0, q) : not(impossible));
  // Below 1 a power of q has a slope at 0, an infinite one.
  const defined = alpha > 0 && alpha < 1 ? apart : far;
  return {
    near,
    far,
    power: where(defined, powerAt(pair, defined, alpha), 0),
    infinite: alpha < 0 ? and(not(present), less(0, q)) : and(alpha > 1 ? present : less(p, 0), impossible),
  };
}

/**
 * p^α q^(1 − α) where `at` holds; for α > 1 that must leave out outcomes that are impossible in q, for α < 0 also in p. Each form has a
 * slope that is a number wherever the power is.
 */
export function powerAt({ p, q, tiny, logQ, inverse }: Pair, at: Node, alpha: number): Node {
  const power = (x: Node, exponent: number) => pow(x, constant(exponent, x.dtype, x.shape));
  const rare = and(at, alpha > 1 ? or(less(q, tinyShare), less(p, tinyShare)) : tiny);
  const common = and(at, not(rare));
  const [pCommon, qCommon] = [where(common, p, 1), where(common, q, 1)];
  if (alpha < 0) return mul(where(at, q, 1), power(div(where(at, q, 1), where(at, p, 1)), -alpha));
  const plain =
    alpha > 1
      ? mul(pCommon, power(where(common, mul(pCommon, inverse(common)), 1), alpha - 1))
      : mul(power(pCommon, alpha), power(qCommon, 1 - alpha));
  return where(rare, exp(add(mul(alpha, log(where(rare, p, 1))), mul(1 - alpha, logQ(rare)))), plain);
}

/**
 * (α p + (1 − α) q − p^α q^(1 − α)) / (α (1 − α)) where `near` holds, else 0, without cancellation: it is
 * p Σ_{n≥2} (1 + β + … + β^(n−2)) Lⁿ/n! with β = 1 − α and L = log(q/p).
 */
export function nearTerms({ p, difference }: Pair, near: Node, alpha: number): Node {
  const logRatio = log1p(div(where(near, difference, 0), where(near, p, 1)));
  const coefficients: number[] = [];
  let [factor, power, factorial] = [1, 1, 2];
  for (let n = 2; n <= seriesTerms[p.dtype as "float32" | "float64"]; n++) {
    coefficients.unshift(factor / factorial);
    power *= 1 - alpha;
    factor += power;
    factorial *= n + 1;
  }
  let series = constant(0, p.dtype, p.shape) as Node;
  for (const coefficient of coefficients) series = add(mul(series, logRatio), coefficient);
  return mul(where(near, p, 0), mul(square(logRatio), series));
}

/**
 * (p^α q^(1 − α) − a) / β where p and q are not alike: of a = p with β = 1 − α, or of a = q with β = α. The power is a (b/a)^β, b being
 * the other, and for a small β its logarithm keeps the digits.
 */
export function farSlopes(pair: Pair, { far, near, power }: Powers, alpha: number, of: "p" | "q"): Node {
  const a = of === "p" ? pair.p : pair.q;
  const beta = of === "p" ? 1 - alpha : alpha;
  const plain = div(sub(power, where(near, 0, a)), beta);
  if (Math.abs(beta) * reachOf(alpha) >= 0.5) return plain;
  const ratio = logRatio(pair, far);
  const exponent = mul(beta, of === "p" ? ratio : neg(ratio));
  const isSmall = and(far, less(abs(exponent), 0.5));
  const small = mul(where(isSmall, a, 0), div(expm1(where(isSmall, exponent, 0)), beta));
  return where(isSmall, small, plain);
}

/** log(q/p) where `at` holds, else 0. */
function logRatio({ p, q, logQ }: Pair, at: Node): Node {
  const comparable = and(at, within(comparableRatio, p, q));
  const apart = and(at, not(comparable));
  const quotient = div(where(comparable, q, 1), where(comparable, p, 1));
  return add(log(quotient), sub(logQ(apart), log(where(apart, p, 1))));
}
