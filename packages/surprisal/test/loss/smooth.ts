/** Whether the value of a loss has a second derivative that the graph gives, along a line between two predictions. */
import type { Problem } from "./problems.ts";

const steps = 24;
/** A jump that is still there on an interval of this length is one. */
const narrow = 1e-7;

/** What is wrong, if anything. */
export function isSmooth(one: Problem, other: Problem): string | undefined {
  const at = one.along(other);
  const places = Array.from({ length: steps + 1 }, (_, i) => i / steps);
  const curvatures = places.map((t) => at(t).curvature);
  const size = Math.max(...curvatures.map(Math.abs), Math.abs(at(0).slope), 1e-3);
  for (const [i, t] of places.entries()) {
    const h = 1e-5;
    const slope = (at(t + h).slope - at(t - h).slope) / (2 * h);
    const off = Math.abs(slope - (curvatures[i] as number));
    if (!(off <= 1e-5 * size))
      return `at ${t} the slope changes by ${slope}, the second derivative is ${curvatures[i]}`;
  }
  for (let i = 1; i <= steps; i++) {
    let [low, high] = [places[i - 1] as number, places[i] as number];
    let [atLow, atHigh] = [curvatures[i - 1] as number, curvatures[i] as number];
    while (high - low > narrow) {
      const middle = (low + high) / 2;
      const there = at(middle).curvature;
      if (Math.abs(atHigh - there) > Math.abs(there - atLow)) [low, atLow] = [middle, there];
      else [high, atHigh] = [middle, there];
      if (Math.abs(atHigh - atLow) <= 1e-6 * size) break;
    }
    if (Math.abs(atHigh - atLow) > 1e-4 * size)
      return `at ${low} the second derivative jumps from ${atLow} to ${atHigh}`;
  }
  // Simpson's rule: what the slope gains is what the second derivative adds up to, unless the slope jumps.
  const weight = (i: number) => (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2);
  const area = curvatures.reduce((total, c, i) => total + weight(i) * c, 0) / (3 * steps);
  const gained = at(1).slope - at(0).slope;
  if (Math.abs(gained - area) > 1e-2 * size)
    return `the slope gains ${gained}, the second derivative adds up to ${area}`;
  return undefined;
}
