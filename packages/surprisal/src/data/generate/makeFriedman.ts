/** Three regression problems of Friedman, "Multivariate adaptive regression splines" (1991), and Breiman (1996). */
import { type RandomState, toRandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import { type OptionsOf, randomState, readOptions, real, whole } from "../options.ts";

const shared = {
  nSamples: whole(100, 1),
  /** Standard deviation of the noise on y, 0 or more. */
  noise: real(0, { min: 0 }),
  randomState,
};
const params1 = {
  ...shared,
  /** Columns, 5 or more; those after the fifth have no effect. */
  nFeatures: whole(10, 5),
};
/** What `makeFriedman1` takes. */
export type MakeFriedman1Options = OptionsOf<typeof params1>;
/** What `makeFriedman2` and `makeFriedman3` takes. */
export type MakeFriedmanOptions = OptionsOf<typeof shared>;

/** y = 10·sin(π·x₀·x₁) + 20·(x₂ − ½)² + 10·x₃ + 5·x₄ + noise on [0, 1]: [X, y] float64 [n, f] and [n]. */
export function makeFriedman1(options: MakeFriedman1Options = {}): [X: Tensor, y: Tensor] {
  const given = readOptions("make-friedman1", params1, options);
  const random = toRandomState(given.randomState);
  const X = random.doubles(given.nSamples * given.nFeatures);
  const value = ([a, b, c, d, e]: ArrayLike<number> & Iterable<number>) =>
    10 * Math.sin(Math.PI * (a as number) * (b as number)) +
    20 * ((c as number) - 0.5) ** 2 +
    10 * (d as number) +
    5 * (e as number);
  return withTarget(X, given.nFeatures, given.noise, value, random);
}

/** y = √(x₀² + (x₁·x₂ − 1/(x₁·x₃))²) + noise: [X, y] float64 [n, 4] and [n]. */
export function makeFriedman2(options: MakeFriedmanOptions = {}): [X: Tensor, y: Tensor] {
  return circuit("make-friedman2", options, (x0, rest) => Math.sqrt(x0 ** 2 + rest ** 2));
}

/** y = arctan((x₁·x₂ − 1/(x₁·x₃)) / x₀) + noise: [X, y] float64 [n, 4] and [n]. */
export function makeFriedman3(options: MakeFriedmanOptions = {}): [X: Tensor, y: Tensor] {
  return circuit("make-friedman3", options, (x0, rest) => Math.atan(rest / x0));
}

/** Resistance, frequency, inductance and capacitance of a circuit. */
function circuit(
  where: string,
  options: MakeFriedmanOptions,
  value: (x0: number, rest: number) => number,
): [Tensor, Tensor] {
  const given = readOptions(where, shared, options);
  const random = toRandomState(given.randomState);
  const factor = [100, 520 * Math.PI, 1, 10];
  const offset = [0, 40 * Math.PI, 0, 1];
  const X = random.doubles(given.nSamples * 4).map((u, i) => u * (factor[i % 4] as number) + (offset[i % 4] as number));
  const target = (row: Float64Array) => {
    const [x0, x1, x2, x3] = row as unknown as [number, number, number, number];
    return value(x0, x1 * x2 - 1 / (x1 * x3));
  };
  return withTarget(X, 4, given.noise, target, random);
}

function withTarget(
  X: Float64Array,
  width: number,
  noise: number,
  value: (row: Float64Array) => number,
  random: RandomState,
): [Tensor, Tensor] {
  const n = X.length / width;
  const y = Float64Array.from({ length: n }, (_, i) => value(X.subarray(i * width, (i + 1) * width)));
  const z = random.normals(n);
  return [
    new Tensor(X, [n, width]),
    new Tensor(
      y.map((v, i) => v + noise * (z[i] as number)),
      [n],
    ),
  ];
}
