/** How good predictions are: of classes, and of numbers in the target's own units. */
import type { Decoded, TargetCoder } from "./target.ts";

export interface Confusion {
  readonly labels: readonly (string | number | boolean)[];
  /** [true][predicted] */
  readonly matrix: readonly (readonly number[])[];
}

export interface Measured {
  /** By name, in the order they are shown. */
  readonly figures: Readonly<Record<string, number>>;
  readonly confusion?: Confusion;
}

/** `codes`: the true class numbers, or the true numbers. */
export function measure(target: TargetCoder, decoded: Decoded, codes: Float64Array): Measured {
  if ("numbers" in decoded) return { figures: ofNumbers(codes, decoded.numbers) };
  const labels = target.labels ?? [];
  const matrix = labels.map(() => labels.map(() => 0));
  let right = 0;
  codes.forEach((truth, row) => {
    const guess = decoded.codes[row] as number;
    const counts = matrix[truth] as number[];
    counts[guess] = (counts[guess] as number) + 1;
    if (truth === guess) right++;
  });
  return { figures: { accuracy: right / codes.length }, confusion: { labels, matrix } };
}

/** Mean absolute error, root of the mean squared error, and the share of the variance that is explained. */
function ofNumbers(truth: Float64Array, guess: Float64Array): Record<string, number> {
  const n = truth.length;
  const mean = truth.reduce((sum, value) => sum + value, 0) / n;
  let absolute = 0;
  let squared = 0;
  let spread = 0;
  truth.forEach((value, row) => {
    const error = (guess[row] as number) - value;
    absolute += Math.abs(error);
    squared += error * error;
    spread += (value - mean) ** 2;
  });
  const r2 = spread > 0 ? 1 - squared / spread : squared === 0 ? 1 : 0;
  return { mae: absolute / n, rmse: Math.sqrt(squared / n), r2 };
}
