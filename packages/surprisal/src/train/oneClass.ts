/** A classifier needs at least two classes to learn what tells them apart. */
import { DataError } from "../base/errors.ts";
import { sizeOf } from "../base/shape.ts";
import type { Loss } from "../loss/contract.ts";
import type { DataSet } from "./batch.ts";

/**
 * @throws DataError when several rows all carry the same label: class indices, or 0/1 (−1/1) codes and one-hot rows under a
 * classification loss. A single row passes: it is a step, not a data set.
 */
export function refuseOneClass({ rows, y }: DataSet, loss: Loss): void {
  if (rows < 2 || !isClassification(loss)) return;
  const width = sizeOf(y.rowShape);
  const isLabel = (v: number) => y.dtype === "int32" || v === 0 || v === 1 || v === -1;
  for (let i = 0; i < y.values.length; i++) {
    const value = y.values[i] as number;
    if (!isLabel(value) || value !== y.values[i % width]) return;
  }
  const label = width === 1 ? `${y.values[0]}` : `[${[...y.values.subarray(0, width)].join(", ")}]`;
  throw new DataError("data/one-class", {
    received: `all ${rows} rows of y hold the same label, ${label}`,
    expected: `${loss.name} needs at least two classes to tell apart`,
    hint: "Check the target column and how the rows were chosen; trainOnBatch takes single steps on any labels.",
  });
}

function isClassification({ targets, definition }: Loss): boolean {
  return targets === "classIndex" || definition?.task === "binary" || definition?.task === "multiclass";
}
