/** Sheets rolled up in three dimensions: the Swiss roll and the S curve. */
import { type RandomState, toRandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import { flag, type OptionsOf, randomState, readOptions, real, whole } from "../options.ts";

const curve = {
  nSamples: whole(100, 1),
  /** Standard deviation of the noise, 0 or more. */
  noise: real(0, { min: 0 }),
  randomState,
};
const roll = {
  ...curve,
  /** Leaves a hole in the sheet. */
  hole: flag(false),
};
/** What `makeSCurve` takes. */
export type MakeSCurveOptions = OptionsOf<typeof curve>;
/** What `makeSwissRoll` takes. */
export type MakeSwissRollOptions = OptionsOf<typeof roll>;

/** Makes a Swiss roll: [X, t] float64 [n, 3] and [n], t the position along the sheet. */
export function makeSwissRoll(options: MakeSwissRollOptions = {}): [X: Tensor, t: Tensor] {
  const given = readOptions("make-swiss-roll", roll, options);
  const n = given.nSamples;
  const random = toRandomState(given.randomState);
  let t: Float64Array;
  let height: Float64Array;
  if (given.hole) {
    // Eight of the nine fields of a 3 × 3 sheet; the middle one is the hole.
    const fields = Array.from({ length: n }, () => random.below(8)).map((k) => (k < 4 ? k : k + 1));
    const along = random.doubles(n);
    const across = random.doubles(n);
    t = along.map((u, i) => Math.PI * (1.5 + Math.floor((fields[i] as number) / 3)) + u * Math.PI);
    height = across.map((u, i) => ((fields[i] as number) % 3) * 7 + u * 7);
  } else {
    t = random.doubles(n).map((u) => 1.5 * Math.PI * (1 + 2 * u));
    height = random.doubles(n).map((u) => 21 * u);
  }
  const axes = [t.map((a) => a * Math.cos(a)), height, t.map((a) => a * Math.sin(a))];
  return [noisy(axes, given.noise, random), new Tensor(t, [n])];
}

/** Makes an S curve: [X, t] float64 [n, 3] and [n], t the position along the sheet. */
export function makeSCurve(options: MakeSCurveOptions = {}): [X: Tensor, t: Tensor] {
  const given = readOptions("make-s-curve", curve, options);
  const n = given.nSamples;
  const random = toRandomState(given.randomState);
  const t = random.doubles(n).map((u) => 3 * Math.PI * (u - 0.5));
  const height = random.doubles(n).map((u) => 2 * u);
  const axes = [t.map(Math.sin), height, t.map((a) => Math.sign(a) * (Math.cos(a) - 1))];
  return [noisy(axes, given.noise, random), new Tensor(t, [n])];
}

/** Noise is drawn axis by axis. */
function noisy(axes: readonly Float64Array[], noise: number, random: RandomState): Tensor {
  const n = (axes[0] as Float64Array).length;
  const X = new Float64Array(n * 3);
  for (const [j, axis] of axes.entries()) {
    for (let i = 0; i < n; i++) X[i * 3 + j] = (axis[i] as number) + noise * random.gauss();
  }
  return new Tensor(X, [n, 3]);
}
