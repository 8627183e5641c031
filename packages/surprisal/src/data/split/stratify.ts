/** Parts with the same share of every class. */
import { InvalidArgumentError } from "../../base/errors.ts";
import type { RandomState } from "../../base/random/randomState.ts";
import { type Label, number } from "../labels.ts";
import type { Fold } from "./rows.ts";

/**
 * The counts per class of `draws` rows that come nearest to the class shares. Whole parts first; what is missing goes to the
 * largest remainders, and of classes that tie it is drawn which get one more (a draw is made even if all do).
 */
export function approximateMode(classCounts: ArrayLike<number>, draws: number, random: RandomState): Int32Array {
  const total = Array.from(classCounts).reduce((sum, n) => sum + n, 0);
  const exact = Float64Array.from(classCounts, (n) => (n / total) * draws);
  const counts = Int32Array.from(exact, Math.floor);
  let missing = Math.trunc(draws - counts.reduce((sum, n) => sum + n, 0));
  const remainders = exact.map((x, i) => x - (counts[i] as number));
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = Array.from(remainders.keys()).filter((i) => remainders[i] === value);
    const add = Math.min(tied.length, missing);
    for (const i of random.permutation(tied.length).subarray(0, add)) {
      const at = tied[i] as number;
      counts[at] = (counts[at] as number) + 1;
    }
    missing -= add;
  }
  return counts;
}

/** The row numbers of each class, in the order of the classes. */
export function rowsByClass(labels: readonly Label[]): { classes: readonly Label[]; rows: Int32Array[] } {
  const { classes, codes, counts } = number(labels, "stratify");
  const rows = Array.from(counts, (n) => new Int32Array(n));
  const filled = new Int32Array(classes.length);
  codes.forEach((code, i) => {
    (rows[code] as Int32Array)[filled[code] as number] = i;
    filled[code] = (filled[code] as number) + 1;
  });
  return { classes, rows };
}

/** @throws InvalidArgumentError when a class has a single row, or a part has fewer rows than there are classes. */
export function stratifiedFolds(
  labels: readonly Label[],
  sizes: { readonly train: number; readonly test: number },
  count: number,
  random: RandomState,
): Fold[] {
  const { classes, rows } = rowsByClass(labels);
  const lonely = rows.findIndex((of) => of.length < 2);
  if (lonely >= 0) {
    throw new InvalidArgumentError("split/class-too-small", {
      received: `class ${JSON.stringify(classes[lonely])} has one row only`,
      expected: "a class needs two to be in both parts",
      hint: "Drop or merge the class, or split without stratify.",
    });
  }
  for (const name of ["train", "test"] as const) {
    if (sizes[name] < classes.length) {
      throw new InvalidArgumentError("split/part-below-classes", {
        received: `the ${name === "train" ? "training" : "test"} part has ${sizes[name]} rows`,
        expected: `there are ${classes.length} classes, each of which goes in both parts`,
        hint: "Make that part larger, or split without stratify.",
      });
    }
  }
  return Array.from({ length: count }, () => {
    const trainCounts = approximateMode(
      Array.from(rows, (of) => of.length),
      sizes.train,
      random,
    );
    const left = rows.map((of, i) => of.length - (trainCounts[i] as number));
    const testCounts = approximateMode(left, sizes.test, random);
    const train: number[] = [];
    const test: number[] = [];
    rows.forEach((of, i) => {
      const order = random.permutation(of.length).map((at) => of[at] as number);
      const cut = trainCounts[i] as number;
      for (const row of order.subarray(0, cut)) train.push(row);
      for (const row of order.subarray(cut, cut + (testCounts[i] as number))) test.push(row);
    });
    return { train: Int32Array.from(random.permutation(train)), test: Int32Array.from(random.permutation(test)) };
  });
}
