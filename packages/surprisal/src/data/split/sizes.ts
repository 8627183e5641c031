/** How many rows go to each part: a whole number is a count (1 is one row), a fraction a share. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { orNull, real } from "../options.ts";

/** A size option: a count of 1 or more, or a share between 0 and 1; null for the rest. */
export const size = orNull(real(0));

function check(value: number, name: string, n: number): void {
  const isCount = Number.isInteger(value);
  if (value > 0 && (isCount ? value < n : value < 1)) return;
  throw new InvalidArgumentError(`split/invalid-${name === "testSize" ? "test" : "train"}-size`, {
    received: `${name} is ${value} and there ${n === 1 ? "is 1 row" : `are ${n} rows`}`,
    expected: "a size is a count from 1 to one less than the rows, or a share above 0 and below 1",
    hint: `Pass e.g. ${name}: ${name === "testSize" ? 0.2 : 0.8}.`,
  });
}

/**
 * Shares round up for the test part and down for the training part, on the floating-point product.
 * @throws InvalidArgumentError for sizes out of range, that exceed the rows together, or that leave nothing to train on.
 */
export function partSizes(
  n: number,
  testSize: number | null,
  trainSize: number | null,
  defaultTest: number,
): { train: number; test: number } {
  const wanted = testSize === null && trainSize === null ? defaultTest : testSize;
  if (wanted !== null) check(wanted, "testSize", n);
  if (trainSize !== null) check(trainSize, "trainSize", n);
  const count = (value: number, round: (x: number) => number) => (Number.isInteger(value) ? value : round(value * n));
  const givenTest = wanted === null ? null : count(wanted, Math.ceil);
  const givenTrain = trainSize === null ? null : count(trainSize, Math.floor);
  const train = givenTrain ?? n - (givenTest as number);
  const test = givenTest ?? n - train;
  const shares = wanted !== null && trainSize !== null && !Number.isInteger(wanted) && !Number.isInteger(trainSize);
  if (train + test > n || (shares && wanted + trainSize > 1)) {
    throw new InvalidArgumentError("split/sizes-too-large", {
      received: `testSize ${wanted} and trainSize ${trainSize} were given`,
      expected: `together they must not exceed the ${n} rows`,
      hint: "Leave one of them out, or make them smaller.",
    });
  }
  if (train === 0) {
    throw new InvalidArgumentError("split/empty-train", {
      received: `with testSize ${wanted} and trainSize ${trainSize} none of ${n} rows is left to train on`,
      expected: "the training part needs at least one",
      hint: "Pass a smaller testSize or a larger trainSize.",
    });
  }
  return { train, test };
}
