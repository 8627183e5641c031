/**
 * The normal distribution's tails as functions of a node: each keeps its relative accuracy however far out, in value and
 * derivative. Everything comes from Mills' ratio, which a graph can differentiate without a digit lost.
 */
import {
  add,
  and,
  broadcastTo,
  constant,
  div,
  exp,
  expm1,
  floor,
  less,
  log,
  log1mexp,
  log1p,
  mul,
  type Node,
  neg,
  or,
  reshape,
  square,
  sub,
  sum,
  where,
} from "../graph/index.ts";
import { halfLogTwoPi } from "./gammaFunction.ts";

const rootTwoPi = Math.sqrt(2 * Math.PI);

/** Of (1 + x) · Mills' ratio in 1 − 10/(x + 5), a Chebyshev expansion; tools/elementary/derive.py makes them. */
const millsTerms = {
  float32: [
    1.1568487, -0.22948754, 0.077781595, 0.025072245, -0.066177495, 0.06150433, -0.038027216, 0.016351717, -0.00419962,
    1.07273945e-5, 0.00045488085, -0.00012220084, -2.3705132e-5, 1.3653551e-5,
  ],
  float64: [
    1.1568486282918946, -0.2294875382521129, 0.07778159886873558, 0.025072179301611947, -0.06617760077899622,
    0.061505045841013566, -0.03802659218770015, 0.0163482312692141, -0.004201290311374602, 1.953073289303005e-5,
    0.0004570438230350707, -0.0001343747460125513, -2.480547954535769e-5, 2.271112294988288e-5, -1.7717271036053674e-7,
    -3.280567012895583e-6, 3.218479730994642e-7, 4.968188503341836e-7, -6.721394035045607e-8, -8.232321223515427e-8,
    9.926075661884747e-9, 1.4010248782442869e-8, -9.910078628955561e-10, -2.039456977423449e-9, 3.029780777567433e-11,
    1.7327578943235103e-10, 5.013226273740375e-12,
  ],
};

/** Mills' ratio (1 − Φ(x))/φ(x) for x ≥ 0: √(π/2) at 0, about 1/x far out. */
function millsRatio(x: Node): Node {
  const at = sub(1, div(10, add(x, 5)));
  const polynomial = millsTerms[x.dtype as "float32" | "float64"].reduceRight<Node | undefined>(
    (total, term) => (total === undefined ? constant(term, x.dtype, x.shape) : add(mul(total, at), term)),
    undefined,
  );
  return div(polynomial as Node, add(1, x));
}

/** e^(−x²/2): x is split so that x² is not rounded before the exponential, which would magnify the rounding by x²/2. */
export function bell(x: Node): Node {
  // Where it is 0 in any dtype; the second factor may be infinite there.
  const isFar = or(less(x, -64), less(64, x));
  const near = where(isFar, 0, x);
  const coarse = div(floor(mul(near, 16)), 16);
  const rest = mul(sub(near, coarse), add(near, coarse));
  return where(isFar, 0, mul(exp(mul(-0.5, square(coarse))), exp(mul(-0.5, rest))));
}

/** 1 − Φ(x) for x ≥ 0, given Mills' ratio there. */
const tail = (x: Node, ratio: Node): Node => div(mul(ratio, bell(x)), rootTwoPi);
/** log(1 − Φ(x)) for x ≥ 0, given Mills' ratio there. */
const logTail = (x: Node, ratio: Node): Node => sub(log(div(ratio, rootTwoPi)), mul(0.5, square(x)));

/** log Φ(x). */
export function logNormalCdf(x: Node): Node {
  const low = less(x, 0);
  const size = where(low, neg(x), x);
  const ratio = millsRatio(size);
  return where(low, logTail(size, ratio), log1p(neg(tail(size, ratio))));
}

/**
 * log(Φ(upper) − Φ(lower)), lower < upper; NaN where they are the other way round. `width` is upper − lower, which is often known
 * better than that difference.
 */
export function logNormalBetween(lower: Node, upper: Node, width: Node): Node {
  const centre = mul(0.5, add(lower, upper));
  // The distribution is symmetric: the centre is put on the side from 0 up.
  const right = less(0, centre);
  const middle = where(right, centre, neg(centre));
  const isWide = and(less(0, width), or(less(1, width), less(1, mul(middle, width))));
  const wide = betweenFar(
    where(isWide, where(right, lower, neg(upper)), 1),
    where(isWide, where(right, upper, neg(lower)), 4),
    where(isWide, width, 3),
  );
  return where(isWide, wide, betweenNear(where(isWide, 0, middle), where(isWide, 1, width)));
}

/** For wide intervals: 1 less two tails where 0 lies inside, else the nearer tail less the farther one. |lower| ≤ upper. */
function betweenFar(lower: Node, upper: Node, width: Node): Node {
  const isInside = less(lower, 0);
  const from = where(isInside, neg(lower), lower);
  const [nearer, farther] = [millsRatio(from), millsRatio(upper)];
  const inside = log1p(neg(add(tail(from, nearer), tail(upper, farther))));
  // The logarithm of the ratio of the tails, without the difference of the two squares.
  const fall = sub(log(div(farther, nearer)), mul(mul(0.5, add(lower, upper)), width));
  const outside = add(logTail(from, nearer), log1mexp(where(isInside, -1, fall)));
  return where(isInside, inside, outside);
}

/** Points and weights of Gauss and Legendre's rule of eight, those above 0. */
const points = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const weights = [0.362683783378362, 0.31370664587788727, 0.22238103445337448, 0.10122853629037626];

/** For narrow intervals: width · φ(centre) · ∫₀¹ cosh(centre · width · t/2) e^(−width² t²/8) dt, where all terms are above 0. */
function betweenNear(centre: Node, width: Node): Node {
  const shape = [...width.shape, points.length];
  const along = (x: Node) => broadcastTo(reshape(x, [...x.shape, 1]), shape);
  const each = (values: readonly number[]) => broadcastTo(constant(values, width.dtype, [points.length]), shape);
  const slope = mul(along(mul(0.5, mul(centre, width))), each(points));
  const cosh = sub(1, mul(0.5, mul(expm1(slope), expm1(neg(slope)))));
  const fall = exp(mul(along(square(width)), each(points.map((t) => (-t * t) / 8))));
  const share = log(sum(mul(mul(cosh, fall), each(weights)), [-1]));
  return sub(add(log(width), share), add(mul(0.5, square(centre)), halfLogTwoPi));
}

/** Φ(x) by series and continued fraction, for oracles. */
export function naiveNormalCdf(x: number): number {
  if (x > 0) return 1 - naiveNormalCdf(-x);
  const density = Math.exp((-x * x) / 2) / rootTwoPi;
  if (x > -4) {
    let total = 0;
    for (let n = 80; n >= 0; n--) total = (-x * (n === 0 ? 1 : -x) * (1 + total)) / (2 * n + 1);
    return 0.5 - density * total;
  }
  let fraction = -x;
  for (let k = 60; k >= 1; k--) fraction = -x + k / fraction;
  return density / fraction;
}
