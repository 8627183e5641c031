/** A circle inside a circle. */
import { toRandomState } from "../../base/random/randomState.ts";
import type { Tensor } from "../../base/tensor.ts";
import { type OptionsOf, readOptions, real } from "../options.ts";
import { linspace } from "./shuffled.ts";
import { assemble, curveParams, sizesOf } from "./twoCurves.ts";

const params = {
  ...curveParams,
  /** Radius of the inner circle, in [0, 1). */
  factor: real(0.8, { min: 0, below: 1 }),
};
/** What `makeCircles` takes. */
export type MakeCirclesOptions = OptionsOf<typeof params>;

/**
 * Makes two circles around the origin, label 0 outside and 1 inside, with scikit-learn's draws.
 * @returns [X, y]: float64 [n, 2] and int32 [n].
 */
export function makeCircles(options: MakeCirclesOptions = {}): [X: Tensor, y: Tensor] {
  const given = readOptions("make-circles", params, options);
  const [outer, inner] = sizesOf(given.nSamples, "make-circles");
  const circle = (n: number, radius: number) =>
    Array.from(linspace(0, 2 * Math.PI, n, false), (t) => [Math.cos(t) * radius, Math.sin(t) * radius] as const);
  const points = [...circle(outer, 1), ...circle(inner, given.factor)];
  return assemble(points, outer, given, toRandomState(given.randomState));
}
