/**
 * Normals with a covariance: x = mean + z·√s·V, where the rows of V are the eigenvectors of the covariance and s its
 * eigenvalues, largest first (for a symmetric matrix of non-negative eigenvalues that is its singular value decomposition).
 */
import { InvalidArgumentError } from "../errors.ts";

interface Eigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** One eigenvector a row, in the order of `values`. */
  readonly vectors: Float64Array[];
}

/** Cyclic Jacobi rotations (Golub and Van Loan, "Matrix Computations", section 8.5) of a symmetric matrix. */
export function symmetricEigen(matrix: readonly ArrayLike<number>[]): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const v = matrix.map((_, i) => Float64Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
  const at = (i: number, j: number) => (a[i] as Float64Array)[j] as number;
  for (let sweep = 0; sweep < 64; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = at(p, q);
        if (Math.abs(off) <= Number.EPSILON * 0.25 * Math.sqrt(Math.abs(at(p, p) * at(q, q)))) continue;
        rotated = true;
        const theta = (at(q, q) - at(p, p)) / (2 * off);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (const row of a) turn(row, p, q, c, s);
        turnRows(a[p] as Float64Array, a[q] as Float64Array, c, s);
        for (const row of v) turn(row, p, q, c, s);
      }
    }
    if (!rotated) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => at(j, j) - at(i, i) || i - j);
  return {
    values: Float64Array.from(order, (i) => at(i, i)),
    vectors: order.map((j) => Float64Array.from(v, (row) => row[j] as number)),
  };
}

function turn(row: Float64Array, p: number, q: number, c: number, s: number): void {
  const x = row[p] as number;
  const y = row[q] as number;
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}

function turnRows(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const p = x[i] as number;
    const q = y[i] as number;
    x[i] = c * p - s * q;
    y[i] = s * p + c * q;
  }
}

/** The matrix √s·V, rows scaled. @throws InvalidArgumentError unless cov is square, symmetric and positive semi-definite. */
export function covarianceFactor(cov: readonly (readonly number[])[], size: number): Float64Array[] {
  const fail = (code: string, received: string, expected: string): never => {
    throw new InvalidArgumentError(`multivariate-normal/${code}`, {
      received,
      expected,
      hint: "Pass a symmetric matrix with one row and one column per entry of mean.",
    });
  };
  if (cov.length !== size || cov.some((row) => row.length !== size)) {
    fail("covariance-shape", `cov has ${cov.length} rows of ${cov[0]?.length ?? 0}`, `mean has ${size} entries`);
  }
  let largest = 0;
  for (const row of cov) for (const x of row) largest = Math.max(largest, Math.abs(x));
  if (!Number.isFinite(largest)) fail("covariance-not-finite", "cov holds NaN or infinity", "numbers are needed");
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const difference = Math.abs((cov[i]?.[j] as number) - (cov[j]?.[i] as number));
      if (difference > 1e-8 * largest)
        fail("covariance-not-symmetric", `cov[${i}][${j}] ≠ cov[${j}][${i}]`, "they are equal");
    }
  }
  const { values, vectors } = symmetricEigen(cov);
  if (values.some((x) => x < -1e-8 * Math.max(1, largest))) {
    fail("covariance-not-positive", "cov has a negative eigenvalue", "a covariance has none");
  }
  const signs = vectorSigns(cov, vectors);
  return vectors.map((vector, k) => {
    const scale = Math.sqrt(Math.max(values[k] as number, 0)) * (signs[k] as number);
    return vector.map((x) => x * scale);
  });
}

/**
 * An eigenvector's sign is free, and the draws depend on it. A diagonal covariance gets unit vectors; for two variables the
 * signs are those of LAPACK's SVD (a Householder reflection, then `dlasv2`), hence NumPy's. Beyond two, NumPy's signs follow
 * from the whole course of its iteration: there the largest entry of each vector is positive, and draws may differ by signs.
 */
function vectorSigns(cov: readonly (readonly number[])[], vectors: readonly Float64Array[]): number[] {
  const positive = (x: number | undefined) => ((x as number) < 0 ? -1 : 1);
  if (cov.length === 2 && cov[0]?.[1] !== 0) {
    const [[a, b], [, c]] = cov as [[number, number], [number, number]];
    const [first, second] = vectors as [Float64Array, Float64Array];
    const lastLarger = a * c - b * b > a * a + b * b;
    return lastLarger ? [positive(first[1]), positive(second[0])] : [-positive(first[0]), positive(second[1])];
  }
  return vectors.map((v) => {
    const largest = v.reduce((best, x, i) => (Math.abs(x) > Math.abs(v[best] as number) ? i : best), 0);
    return positive(v[largest]);
  });
}
