/** Mean and variance of columns, batch by batch, NaN left out, rows weighted. */
import type { Matrix } from "./matrix.ts";

export interface Moments {
  readonly mean: Float64Array;
  /** Divided by the count, not by one less. */
  readonly variance: Float64Array;
  /** Rows, or their total weight. */
  readonly count: Float64Array;
}

/** The corrected two-pass algorithm on the batch, merged with what came before (Chan, Golub and LeVeque 1983). */
export function addBatch(before: Moments | undefined, batch: Matrix, weights?: Float64Array): Moments {
  const { columns } = batch;
  const sum = new Float64Array(columns);
  const count = new Float64Array(columns);
  each(batch, weights, (x, j, w) => {
    sum[j] = (sum[j] as number) + w * x;
    count[j] = (count[j] as number) + w;
  });
  const center = sum.map((s, j) => s / (count[j] as number));
  const correction = new Float64Array(columns);
  const squares = new Float64Array(columns);
  each(batch, weights, (x, j, w) => {
    const d = x - (center[j] as number);
    correction[j] = (correction[j] as number) + w * d;
    squares[j] = (squares[j] as number) + w * d * d;
  });
  const mean = new Float64Array(columns);
  const variance = new Float64Array(columns);
  const total = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const n = count[j] as number;
    const n0 = before?.count[j] ?? 0;
    const sum0 = n0 === 0 ? 0 : (before?.mean[j] as number) * n0;
    total[j] = n0 + n;
    mean[j] = (sum0 + (sum[j] as number)) / (n0 + n);
    const fresh = n === 0 ? 0 : (squares[j] as number) - (correction[j] as number) ** 2 / n;
    const old = n0 === 0 ? 0 : (before?.variance[j] as number) * n0;
    const between = n0 === 0 || n === 0 ? 0 : (n0 / n / (n0 + n)) * (sum0 / (n0 / n) - (sum[j] as number)) ** 2;
    variance[j] = (old + fresh + between) / (n0 + n);
  }
  return { mean, variance, count: total };
}

function each(
  { data, rows, columns }: Matrix,
  weights: Float64Array | undefined,
  visit: (x: number, j: number, w: number) => void,
): void {
  let at = 0;
  for (let i = 0; i < rows; i++) {
    const w = weights === undefined ? 1 : (weights[i] as number);
    for (let j = 0; j < columns; j++) {
      const x = data[at++] as number;
      if (!Number.isNaN(x)) visit(x, j, w);
    }
  }
}

/** Whether a variance lies within the rounding error that the mean leaves in it. */
export function isConstant(variance: number, mean: number, count: number): boolean {
  const eps = Number.EPSILON;
  return variance <= count * eps * variance + (count * mean * eps) ** 2;
}

/** A divisor that is (nearly) 0 becomes 1. */
export function withoutZero(scale: number): number {
  return scale < 10 * Number.EPSILON ? 1 : scale;
}
