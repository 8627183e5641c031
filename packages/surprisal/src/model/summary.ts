/** The table that `summary()` prints. */
import { type Shape, sizeOf } from "../base/shape.ts";
import type { WeightSpec } from "./contract.ts";

export interface SummaryRow {
  readonly name: string;
  readonly type: string;
  readonly outputShape: Shape;
  readonly weights: readonly WeightSpec[];
}

/** 1,344: without the locale, so that it reads the same everywhere. */
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

const countOf = (weights: readonly WeightSpec[]): number =>
  weights.reduce((total, weight) => total + sizeOf(weight.shape), 0);

/** Layer, output shape (with the batch axis), parameters; then the totals. */
export function summaryTable(rows: readonly SummaryRow[]): string {
  const head = ["Layer (type)", "Output shape", "Params"];
  const body = rows.map((row) => [
    `${row.name} (${row.type})`,
    `[${["batch", ...row.outputShape].join(", ")}]`,
    grouped(countOf(row.weights)),
  ]);
  const widths = head.map((text, c) => Math.max(text.length, ...body.map((cells) => (cells[c] as string).length)));
  const line = (cells: readonly string[]) =>
    `│ ${cells.map((text, c) => (c === 2 ? text.padStart(widths[c]!) : text.padEnd(widths[c]!))).join(" │ ")} │`;
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;

  const weights = rows.flatMap((row) => row.weights);
  const trainable = countOf(weights.filter((weight) => weight.trainable));
  const total = countOf(weights);
  return [
    rule("┌", "┬", "┐"),
    line(head),
    rule("├", "┼", "┤"),
    ...body.map(line),
    rule("└", "┴", "┘"),
    `Total params: ${grouped(total)}`,
    `Trainable params: ${grouped(trainable)}`,
    `Non-trainable params: ${grouped(total - trainable)}`,
  ].join("\n");
}
