/** Draws from distributions, one uniform number each, by the inverse of the distribution function. */
import { normalQuantile } from "../../base/normalQuantile.ts";
import { type Shape, sizeOf } from "../../base/shape.ts";

/** A stream of uniform numbers in [0, 1). */
export interface UniformStream {
  uniform(): number;
}

/** Φ(−2): what a normal cut at two deviations loses on each side. */
const cutOff = 0.02275013194817921;

/** The deviation of a standard normal cut at ±2. */
export const truncatedDeviation = 0.8796256610342398;

/** Uniform in [low, high). */
export function drawUniform(shape: Shape, random: UniformStream, low: number, high: number): Float64Array {
  return Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random.uniform());
}

export function drawNormal(shape: Shape, random: UniformStream, mean: number, stddev: number): Float64Array {
  // The stream can give 0, whose quantile is infinite; 2⁻⁵⁴ is half its spacing.
  const draw = () => normalQuantile(Math.max(random.uniform(), 2 ** -54));
  return Float64Array.from({ length: sizeOf(shape) }, () => mean + stddev * draw());
}

/** A normal of deviation `stddev` before it is cut, two of those from the mean. */
export function drawTruncatedNormal(shape: Shape, random: UniformStream, mean: number, stddev: number): Float64Array {
  const draw = () => normalQuantile(cutOff + (1 - 2 * cutOff) * random.uniform());
  return Float64Array.from({ length: sizeOf(shape) }, () => mean + stddev * Math.min(Math.max(draw(), -2), 2));
}
