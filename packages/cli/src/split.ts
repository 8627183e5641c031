/** The rows that train, that decide when to stop, and that are kept for the end. */
import { DataError, InvalidArgumentError } from "surprisal";
import { trainTestSplit } from "surprisal/data";

export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
  /** Whether every class keeps its share in every part. */
  readonly stratified: boolean;
}

/**
 * `codes`: the class of each row, where there are classes. Shares are of all rows (test) and of the rest (validation).
 * @throws DataError when a part would be left empty.
 */
export function splitRows(
  rows: number,
  codes: ArrayLike<number> | undefined,
  { testSplit, validationSplit, seed }: { testSplit: number; validationSplit: number; seed: number },
): Split {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const first = part(all, codes, testSplit, seed, "test");
  const second = part(first.rest, codes, validationSplit, seed, "validation");
  return {
    train: second.rest,
    validation: second.taken,
    test: first.taken,
    stratified: codes !== undefined && first.stratified && second.stratified,
  };
}

function part(rows: Int32Array, codes: ArrayLike<number> | undefined, share: number, seed: number, name: string) {
  if (share === 0) return { rest: rows, taken: new Int32Array(0), stratified: true };
  if (rows.length < 2) throw tooFew(rows.length, name);
  const options = { testSize: share, randomState: seed };
  const labels = codes === undefined ? null : Array.from(rows, (row) => codes[row] as number);
  try {
    const [rest, taken] = trainTestSplit(rows, { ...options, stratify: labels });
    return { rest, taken, stratified: true };
  } catch (error) {
    if (labels === null || !(error instanceof InvalidArgumentError)) throw error;
  }
  // A class with one row cannot be in both parts.
  const [rest, taken] = trainTestSplit(rows, options);
  return { rest, taken, stratified: false };
}

function tooFew(rows: number, name: string): DataError {
  return new DataError("table/too-few-rows", {
    received: `${rows === 1 ? "one row with a target is" : `${rows} rows with a target are`} left`,
    expected: `there must be one for training and one for the ${name} part`,
    hint: `Add rows, or say --${name}-split 0.`,
  });
}
