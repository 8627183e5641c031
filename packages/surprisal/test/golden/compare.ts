/** Comparing numbers with golden ones: `|a − b| ≤ r · max(|a|, |b|) + s`. (`compare-data.ts` has what the data cases need.) */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export interface Tolerance {
  readonly r: number;
  readonly s: number;
}

/** What the training goldens ask for. */
export const trainingTolerance: Readonly<Record<"float32" | "float64", Tolerance>> = {
  float64: { r: 1e-10, s: 1e-12 },
  float32: { r: 1e-5, s: 1e-6 },
};

export type Nested = number | string | readonly Nested[];

/** The numbers of nested lists in order; `"NaN"` and `"Infinity"` are numbers too. */
export function numbersOf(value: Nested): number[] {
  return Array.isArray(value) ? value.flatMap((part) => numbersOf(part as Nested)) : [Number(value)];
}

/** The shape of nested lists. */
export function shapeOf(value: Nested): number[] {
  return Array.isArray(value) ? [value.length, ...(value.length > 0 ? shapeOf(value[0] as Nested) : [])] : [];
}

export function close(got: number, expected: number, { r, s }: Tolerance): boolean {
  if (Object.is(got, expected) || got === expected) return true;
  return Math.abs(got - expected) <= r * Math.max(Math.abs(got), Math.abs(expected)) + s;
}

/** A line for each pair that differs; lengths must agree. */
export function differences(
  what: string,
  got: ArrayLike<number>,
  expected: readonly number[],
  by: Tolerance,
): string[] {
  if (got.length !== expected.length) return [`${what}: ${got.length} values, expected ${expected.length}`];
  return expected.flatMap((value, i) =>
    close(got[i] as number, value, by) ? [] : [`${what}[${i}]: got ${got[i]}, expected ${value}`],
  );
}

export interface Outcome {
  readonly status: "passed" | "failed" | "unsupported";
  readonly errors: readonly string[];
}

export const unsupported = (reason: string): Outcome => ({ status: "unsupported", errors: [reason] });
export const judged = (errors: readonly string[]): Outcome => ({
  status: errors.length === 0 ? "passed" : "failed",
  errors,
});

/** A gzipped golden file, relative to this folder. */
export function readGolden<T>(path: string): T {
  return JSON.parse(gunzipSync(readFileSync(new URL(path, import.meta.url))).toString()) as T;
}
