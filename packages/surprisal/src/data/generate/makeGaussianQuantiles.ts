/** One cloud of normals, cut into classes by the distance from its middle. */
import { toRandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import { badOption, flag, listOf, type OptionsOf, orNull, randomState, readOptions, real, whole } from "../options.ts";
import { range, shuffledOrder, takeRows } from "./shuffled.ts";

const where = "make-gaussian-quantiles";

const params = {
  /** Middle of the cloud, one number per feature; null for the origin. */
  mean: orNull(listOf(real(0))),
  /** Variance of every feature, 0 or more. */
  cov: real(1, { min: 0 }),
  nSamples: whole(100, 1),
  nFeatures: whole(2, 1),
  nClasses: whole(3, 1),
  shuffle: flag(true),
  randomState,
};
/** What `makeGaussianQuantiles` takes. */
export type MakeGaussianQuantilesOptions = OptionsOf<typeof params>;

/**
 * Makes classes of nearly equal size that are shells around one middle, with scikit-learn's draws.
 * @returns [X, y]: float64 [n, f] and int32 [n].
 */
export function makeGaussianQuantiles(options: MakeGaussianQuantilesOptions = {}): [X: Tensor, y: Tensor] {
  const { mean, cov, nSamples: n, nFeatures: f, ...given } = readOptions(where, params, options);
  if (n < given.nClasses)
    throw badOption(where, "nSamples", n, `at least one row for each of ${given.nClasses} classes is needed`);
  if (mean !== null && mean.length !== f)
    throw badOption(where, "mean", mean, `one number for each of ${f} features is needed`);
  const random = toRandomState(given.randomState);
  const spread = Math.sqrt(cov);
  const middle = (i: number) => mean?.[i % f] ?? 0;
  const drawn = random.normals(n * f).map((z, i) => z * spread + middle(i));
  const distance = new Float64Array(n);
  for (let i = 0; i < n * f; i++) {
    const row = Math.floor(i / f);
    distance[row] = (distance[row] as number) + ((drawn[i] as number) - middle(i)) ** 2;
  }
  let X = takeRows(
    drawn,
    f,
    range(n).sort((a, b) => (distance[a] as number) - (distance[b] as number)),
  );
  const step = Math.floor(n / given.nClasses);
  let y = range(n).map((i) => Math.min(Math.floor(i / step), given.nClasses - 1));
  if (given.shuffle) {
    const order = shuffledOrder(n, random);
    X = takeRows(X, f, order);
    y = takeRows(y, 1, order);
  }
  return [new Tensor(X, [n, f]), new Tensor(y, [n])];
}
