/** What the splitters share. */
import { InvalidArgumentError, ShapeError } from "../../base/errors.ts";
import { type Label, type LabelsLike, readLabels } from "../labels.ts";
import type { Fold, Splittable } from "./rows.ts";

/** The rows to split: the data, or only how many there are. */
export type Rows = Splittable | number;

/** A way to divide rows into training and test parts, more than once. */
export interface Splitter {
  split(rows: Rows, y?: LabelsLike, groups?: LabelsLike): Fold[];
}

/** The fold whose test rows are those of the mask; both parts ascend. */
export function foldOf(n: number, isTest: (row: number) => boolean): Fold {
  const train: number[] = [];
  const test: number[] = [];
  for (let i = 0; i < n; i++) (isTest(i) ? test : train).push(i);
  return { train: Int32Array.from(train), test: Int32Array.from(test) };
}

/** Labels, one per row. @throws InvalidArgumentError when missing, ShapeError for another length. */
export function labelsOf(values: LabelsLike | undefined, name: string, n: number, where: string): Label[] {
  if (values === undefined || values === null) {
    throw new InvalidArgumentError(`${where}/missing-${name}`, {
      received: `${name} was left out`,
      expected: `${where} needs one entry per row`,
      hint: `Pass ${name === "y" ? "split(rows, y)" : "split(rows, y, groups)"}.`,
    });
  }
  const labels = readLabels(values, name);
  if (labels.length !== n) {
    throw new ShapeError(`${where}/${name}-length`, {
      received: `${name} has ${labels.length} entries`,
      expected: `there are ${n} rows`,
      hint: "Pass one entry per row.",
    });
  }
  return labels;
}

/** @throws InvalidArgumentError for a target of fractions, which has no classes. */
export function checkClasses(labels: readonly Label[], where: string): void {
  const fraction = labels.find((label) => typeof label === "number" && !Number.isInteger(label));
  if (fraction !== undefined) {
    throw new InvalidArgumentError(`${where}/continuous-target`, {
      received: `y holds ${fraction}`,
      expected: "classes are whole numbers, text or booleans",
      hint: "Use KFold for a regression target.",
    });
  }
}

/** @throws InvalidArgumentError when randomState was given although nothing is shuffled. */
export function checkUnusedSeed(options: { readonly randomState?: unknown }, shuffle: boolean, where: string): void {
  if (!shuffle && options.randomState !== undefined && options.randomState !== null) {
    throw new InvalidArgumentError(`${where}/unused-random-state`, {
      received: "randomState was given with shuffle: false",
      expected: "it has no effect unless shuffle is true",
      hint: "Pass shuffle: true, or leave randomState out.",
    });
  }
}

export function tooManySplits(where: string, nSplits: number, count: number, noun: string): InvalidArgumentError {
  return new InvalidArgumentError(`${where}/too-many-splits`, {
    received: `nSplits is ${nSplits}`,
    expected: `there are only ${count} ${noun}`,
    hint: `Pass nSplits: ${Math.max(count, 2)} or less, or more data.`,
  });
}
