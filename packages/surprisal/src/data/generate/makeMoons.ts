/** Two interleaving half circles. */
import { toRandomState } from "../../base/random/randomState.ts";
import type { Tensor } from "../../base/tensor.ts";
import { type OptionsOf, readOptions } from "../options.ts";
import { linspace } from "./shuffled.ts";
import { assemble, curveParams, sizesOf } from "./twoCurves.ts";

const params = curveParams;
/** What `makeMoons` takes. */
export type MakeMoonsOptions = OptionsOf<typeof params>;

/**
 * Makes two half moons, label 0 outside and 1 inside, with scikit-learn's draws.
 * @returns [X, y]: float64 [n, 2] and int32 [n].
 */
export function makeMoons(options: MakeMoonsOptions = {}): [X: Tensor, y: Tensor] {
  const given = readOptions("make-moons", params, options);
  const [outer, inner] = sizesOf(given.nSamples, "make-moons");
  const points = [
    ...Array.from(linspace(0, Math.PI, outer), (t) => [Math.cos(t), Math.sin(t)] as const),
    ...Array.from(linspace(0, Math.PI, inner), (t) => [1 - Math.cos(t), 1 - Math.sin(t) - 0.5] as const),
  ];
  return assemble(points, outer, given, toRandomState(given.randomState));
}
