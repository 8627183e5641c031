/** What the numbers of a target look like: the evidence of warnings and advice. */

/** Targets as rows of `width` numbers. */
export interface TargetFacts {
  readonly rows: number;
  readonly width: number;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  /** The standard deviation, of all numbers together. */
  readonly deviation: number;
  /** √ of the mean square: the distance from 0. */
  readonly size: number;
  readonly whole: boolean;
  /** Rows that are one 1 among zeros. */
  readonly oneHot: number;
  /** Rows of zeros and ones. */
  readonly bits: number;
  /** Rows of numbers from 0 up whose sum is 1. */
  readonly distributions: number;
  /** Counted from 1: the first row whose sum is not 1, with that sum. */
  readonly notOne: { readonly row: number; readonly sum: number } | undefined;
}

/** A row of shares that were rounded to float32, or to three digits, still counts as a distribution. */
const tolerance = 5e-3;

/** @param values row by row; their number is a multiple of `width`. */
export function targetFacts(values: ArrayLike<number>, width: number): TargetFacts {
  const rows = values.length / width;
  let [low, high, total, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let whole = true;
  let [oneHot, bits, distributions] = [0, 0, 0];
  let notOne: { row: number; sum: number } | undefined;
  for (let row = 0; row < rows; row++) {
    let [sum, ones, binary, negative] = [0, 0, true, false];
    for (let j = row * width; j < (row + 1) * width; j++) {
      const value = values[j] as number;
      if (value < low) low = value;
      if (value > high) high = value;
      if (whole && !Number.isInteger(value)) whole = false;
      if (value === 1) ones++;
      else if (value !== 0) binary = false;
      if (value < 0) negative = true;
      sum += value;
      squares += value * value;
    }
    total += sum;
    if (binary) bits++;
    if (binary && ones === 1) oneHot++;
    if (!negative && Math.abs(sum - 1) <= tolerance) distributions++;
    else notOne ??= { row: row + 1, sum };
  }
  const mean = total / values.length;
  let spread = 0;
  for (let i = 0; i < values.length; i++) spread += ((values[i] as number) - mean) ** 2;
  return {
    rows,
    width,
    low,
    high,
    mean,
    deviation: Math.sqrt(spread / values.length),
    size: Math.sqrt(squares / values.length),
    whole,
    oneHot,
    bits,
    distributions,
    notOne,
  };
}
