/** A random linear model with noise. */
import { toRandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import { flag, type OptionsOf, orNull, randomState, readOptions, real, whole } from "../options.ts";
import { lowRank } from "./makeLowRankMatrix.ts";
import { addNoise, shuffledOrder, takeColumns, takeRows } from "./shuffled.ts";

const params = {
  nSamples: whole(100, 1),
  nFeatures: whole(100, 1),
  /** Features with a coefficient other than 0; no more than nFeatures are used. */
  nInformative: whole(10, 0),
  nTargets: whole(1, 1),
  bias: real(0),
  /** About how many directions explain the features; null for independent normals. */
  effectiveRank: orNull(whole(1, 1)),
  /** Weight of the long tail of singular values, 0 … 1; with effectiveRank only. */
  tailStrength: real(0.5, { min: 0, max: 1 }),
  /** Standard deviation of the noise on y, 0 or more. */
  noise: real(0, { min: 0 }),
  shuffle: flag(true),
  /** Returns the coefficients too. */
  coef: flag(false),
  randomState,
};
/** What `makeRegression` takes. */
export type MakeRegressionOptions = OptionsOf<typeof params>;

/**
 * Makes a regression problem, with scikit-learn's draws.
 * @returns [X, y] or, with coef, [X, y, coef]: float64 [n, f], [n] (or [n, nTargets]) and [f] (or [f, nTargets]).
 */
export function makeRegression(
  options: MakeRegressionOptions & { readonly coef: true },
): [X: Tensor, y: Tensor, coef: Tensor];
export function makeRegression(
  options?: MakeRegressionOptions & { readonly coef?: false | undefined },
): [X: Tensor, y: Tensor];
export function makeRegression(options: MakeRegressionOptions = {}): Tensor[] {
  const given = readOptions("make-regression", params, options);
  const { nSamples: n, nFeatures: f, nTargets: t, effectiveRank, tailStrength } = given;
  const random = toRandomState(given.randomState);
  const informative = Math.min(f, given.nInformative);
  let X = effectiveRank === null ? random.normals(n * f) : lowRank(n, f, effectiveRank, tailStrength, random);
  let coef = new Float64Array(f * t);
  coef.set(random.doubles(informative * t).map((u) => 100 * u));
  let y = new Float64Array(n * t);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < t; k++) {
      let sum = 0;
      for (let j = 0; j < f; j++) sum += (X[i * f + j] as number) * (coef[j * t + k] as number);
      y[i * t + k] = sum + given.bias;
    }
  }
  if (given.noise > 0) addNoise(y, given.noise, random);
  if (given.shuffle) {
    const rows = shuffledOrder(n, random);
    const columns = shuffledOrder(f, random);
    X = takeColumns(takeRows(X, f, rows), f, columns);
    y = takeRows(y, t, rows);
    coef = takeRows(coef, t, columns);
  }
  const made = [new Tensor(X, [n, f]), new Tensor(y, t === 1 ? [n] : [n, t])];
  return given.coef ? [...made, new Tensor(coef, t === 1 ? [f] : [f, t])] : made;
}
