/**
 * The standard normal distribution function Φ(x), to a few units in the last place relative, in the lower tail too: a series
 * of positive terms near 0, and the continued fraction of Mills' ratio beyond (Abramowitz and Stegun 26.2.11, 26.2.14).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  const density = Math.exp(-0.5 * size * size) / Math.sqrt(2 * Math.PI);
  if (size < 2.5) {
    let term = size;
    let sum = size;
    for (let k = 3; term > sum * 1e-17; k += 2) sum += term *= (size * size) / k;
    return x < 0 ? 0.5 - density * sum : 0.5 + density * sum;
  }
  let fraction = size;
  for (let k = 120; k >= 1; k--) fraction = size + k / fraction;
  const tail = density / fraction;
  return x < 0 ? tail : 1 - tail;
}
