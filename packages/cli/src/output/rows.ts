/** Rows of results as CSV, JSON or NDJSON. */
import { open, rename, rm } from "node:fs/promises";
import { InvalidArgumentError } from "surprisal";
import type { Plain } from "../table/table.ts";

export const rowFormats = ["csv", "json", "ndjson"] as const;
export type RowFormat = (typeof rowFormats)[number];

export interface OutputColumn {
  readonly name: string;
  readonly at: (row: number) => Plain;
}

/** A field of CSV, quoted where RFC 4180 asks for it. */
export function csvField(value: Plain): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const object = (columns: readonly OutputColumn[], row: number) =>
  JSON.stringify(Object.fromEntries(columns.map(({ name, at }) => [name, at(row)])));

interface Writer {
  readonly head: (columns: readonly OutputColumn[]) => string;
  readonly row: (columns: readonly OutputColumn[], row: number, last: boolean) => string;
  readonly tail: string;
}

const writers: Readonly<Record<RowFormat, Writer>> = {
  csv: {
    head: (columns) => `${columns.map(({ name }) => csvField(name)).join(",")}\n`,
    row: (columns, row) => `${columns.map(({ at }) => csvField(at(row))).join(",")}\n`,
    tail: "",
  },
  json: {
    head: () => "[\n",
    row: (columns, row, last) => `  ${object(columns, row)}${last ? "" : ","}\n`,
    tail: "]\n",
  },
  ndjson: { head: () => "", row: (columns, row) => `${object(columns, row)}\n`, tail: "" },
};

const rowsAtOnce = 4096;

export function* rowsText(format: RowFormat, columns: readonly OutputColumn[], rows: number): Generator<string> {
  const { head, row, tail } = writers[format];
  yield head(columns);
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const part: string[] = [];
    for (let i = from; i < Math.min(rows, from + rowsAtOnce); i++) part.push(row(columns, i, i === rows - 1));
    yield part.join("");
  }
  yield tail;
}

/** Writes to standard output, as fast as it is taken. */
export async function toStandardOutput(parts: Iterable<string>): Promise<void> {
  for (const part of parts) {
    if (part !== "" && !process.stdout.write(part))
      await new Promise((resolve) => process.stdout.once("drain", resolve));
  }
}

/** Writes a file whole or not at all; `what` it holds is for the error. @throws InvalidArgumentError when it cannot be written. */
export async function toFile(path: string, parts: Iterable<string>, what = "the predictions"): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const parts = {
      received: `${what} ${what.endsWith("s") ? "were" : "was"} to be written to ${path}`,
      expected: `the system answered ${why}`,
      hint: "Choose another file, or free some space.",
    };
    throw new InvalidArgumentError("cli/out", parts, { cause });
  }
}

/** The shortest decimal that is the same float32: `0.9731` rather than `0.9731000065803528`. */
export function shortFloat32(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return value;
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}
