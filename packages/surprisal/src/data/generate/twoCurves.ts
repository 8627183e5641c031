/** What makeMoons and makeCircles share. */
import type { RandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import { badOption, either, flag, listOf, orNull, randomState, real, whole } from "../options.ts";
import { addNoise, shuffledOrder, takeRows } from "./shuffled.ts";

export const curveParams = {
  /** Rows in all, or [outer, inner]. */
  nSamples: either(whole(100, 1), listOf(whole(1, 0)), Array.isArray),
  shuffle: flag(true),
  /** Standard deviation of the noise, 0 or more; null for none. */
  noise: orNull(real(0, { min: 0 })),
  randomState,
};

/** Rows outside and inside; an odd one goes inside. */
export function sizesOf(nSamples: number | readonly number[], where: string): [number, number] {
  if (typeof nSamples === "number") {
    const outer = Math.floor(nSamples / 2);
    return [outer, nSamples - outer];
  }
  if (nSamples.length !== 2) throw badOption(where, "nSamples", nSamples, "a number or two counts are needed");
  return [nSamples[0] as number, nSamples[1] as number];
}

/** Rows are shuffled first, noise is added after. */
export function assemble(
  points: readonly (readonly [number, number])[],
  outer: number,
  given: { readonly shuffle: boolean; readonly noise: number | null },
  random: RandomState,
): [X: Tensor, y: Tensor] {
  const n = points.length;
  let X: Float64Array = Float64Array.from(points.flat());
  let y: Int32Array = Int32Array.from({ length: n }, (_, i) => (i < outer ? 0 : 1));
  if (given.shuffle) {
    const order = shuffledOrder(n, random);
    X = takeRows(X, 2, order);
    y = takeRows(y, 1, order);
  }
  if (given.noise !== null) addNoise(X, given.noise, random);
  return [new Tensor(X, [n, 2]), new Tensor(y, [n])];
}
