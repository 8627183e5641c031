/** Tables to test with: in a folder that goes when the tests are done, and from the data sets that are installed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

/** A folder for one test file. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "surprisal-cli-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function write(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const datasets = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data");

/** Path of an installed data set: `penguins.json`. */
export function dataset(name: string): string {
  return join(datasets, name);
}

export function datasetRows(name: string): Record<string, string | number | null>[] {
  return JSON.parse(readFileSync(dataset(name), "utf8"));
}

/** Rows as CSV, or with another delimiter. */
export function csv(rows: readonly Record<string, unknown>[], delimiter = ","): string {
  const names = Object.keys(rows[0] ?? {});
  const field = (value: unknown) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [names.map(field), ...rows.map((row) => names.map((name) => field(row[name])))];
  return `${lines.map((line) => line.join(delimiter)).join("\n")}\n`;
}

/** The typed error that a promise or a call ends with. */
export async function errorOf(
  work: () => unknown,
): Promise<{ code: string; message: string; received: string; expected: string; hint: string }> {
  try {
    await work();
  } catch (error) {
    const { code, message, received, expected, hint } = error as Record<string, string>;
    if (code === undefined || received === undefined || expected === undefined || hint === undefined) throw error;
    return { code, message: message ?? "", received, expected, hint };
  }
  throw new Error("nothing was thrown");
}
