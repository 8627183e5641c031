/** A matrix most of whose variance lies in a few directions. */
import { type RandomState, toRandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import { type OptionsOf, randomState, readOptions, real, whole } from "../options.ts";

const params = {
  nSamples: whole(100, 1),
  nFeatures: whole(100, 1),
  /** About how many singular vectors explain most of the data. */
  effectiveRank: whole(10, 1),
  /** Weight of the long tail of singular values, 0 … 1. */
  tailStrength: real(0.5, { min: 0, max: 1 }),
  randomState,
};
/** What `makeLowRankMatrix` takes. */
export type MakeLowRankMatrixOptions = OptionsOf<typeof params>;

/** Makes a matrix with a bell-shaped profile of singular values, with scikit-learn's draws: float64 [n, f]. */
export function makeLowRankMatrix(options: MakeLowRankMatrixOptions = {}): Tensor {
  const given = readOptions("make-low-rank-matrix", params, options);
  const { nSamples, nFeatures, effectiveRank, tailStrength } = given;
  const data = lowRank(nSamples, nFeatures, effectiveRank, tailStrength, toRandomState(given.randomState));
  return new Tensor(data, [nSamples, nFeatures]);
}

/** U·diag(s)·Vᵀ with U and V from QR factorisations of normals. */
export function lowRank(rows: number, columns: number, rank: number, tail: number, random: RandomState): Float64Array {
  const n = Math.min(rows, columns);
  const u = orthogonalFactor(random.normals(rows * n), rows, n);
  const v = orthogonalFactor(random.normals(columns * n), columns, n);
  const s = Float64Array.from(
    { length: n },
    (_, i) => (1 - tail) * Math.exp(-((i / rank) ** 2)) + tail * Math.exp((-0.1 * i) / rank),
  );
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (u[i * n + k] as number) * (s[k] as number) * (v[j * n + k] as number);
      out[i * columns + j] = sum;
    }
  }
  return out;
}

/**
 * The first `columns` columns of Q in A = QR by Householder reflections (Golub and Van Loan, section 5.2), with LAPACK's
 * signs: a column's reflection sends it to −sign(first entry)·norm.
 */
function orthogonalFactor(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const a = Float64Array.from(matrix);
  const reflections: { vector: Float64Array; factor: number }[] = [];
  const reflect = (target: Float64Array, from: number, k: number, { vector, factor }: (typeof reflections)[number]) => {
    for (let j = from; j < columns; j++) {
      let dot = 0;
      for (let i = k; i < rows; i++) dot += (vector[i] as number) * (target[i * columns + j] as number);
      for (let i = k; i < rows; i++) {
        target[i * columns + j] = (target[i * columns + j] as number) - factor * dot * (vector[i] as number);
      }
    }
  };
  for (let k = 0; k < columns; k++) {
    const vector = new Float64Array(rows);
    for (let i = k; i < rows; i++) vector[i] = a[i * columns + k] as number;
    const head = vector[k] as number;
    let below = 0;
    for (let i = k + 1; i < rows; i++) below += (vector[i] as number) ** 2;
    if (below === 0) {
      reflections.push({ vector, factor: 0 });
      continue;
    }
    const norm = Math.sqrt(head * head + below);
    const beta = head >= 0 ? -norm : norm;
    const lead = head - beta;
    for (let i = k + 1; i < rows; i++) vector[i] = (vector[i] as number) / lead;
    vector[k] = 1;
    const reflection = { vector, factor: (beta - head) / beta };
    reflections.push(reflection);
    reflect(a, k, k, reflection);
  }
  const q = new Float64Array(rows * columns);
  for (let k = 0; k < columns; k++) q[k * columns + k] = 1;
  for (let k = columns - 1; k >= 0; k--) reflect(q, 0, k, reflections[k] as (typeof reflections)[number]);
  return q;
}
