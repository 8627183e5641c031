/** Reads a table from CSV, TSV, JSON, NDJSON or Parquet. */
import { DataError, SurprisalError } from "surprisal";
import { csvHead } from "./csvHead.ts";
import { literal, type RawTable, readThrough } from "./duckdb.ts";
import type { Format } from "./format.ts";
import { inferText, missingMarkers } from "./infer.ts";
import { empty, openSource, type Source } from "./source.ts";
import type { ColumnData, Table } from "./table.ts";

export interface ReadOptions {
  /** Default: by the name's ending, else by how the data begin. */
  readonly format?: Format | undefined;
  /** Columns whose cells are kept as they are written, where the format has them as text. */
  readonly asText?: readonly string[];
  /** What stands for a missing value, besides an empty cell. */
  readonly missing?: readonly string[] | undefined;
}

/** How each format is asked for. */
const readers: Readonly<
  Record<Format, (source: Source, asText: readonly string[], missing: readonly string[]) => string>
> = {
  csv: (source, asText, missing) => csvSource(source, undefined, asText, missing),
  tsv: (source, asText, missing) => csvSource(source, "\t", asText, missing),
  json: (source) => `read_json(${literal(source.path)}, format = 'auto', sample_size = -1)`,
  ndjson: (source) => `read_json(${literal(source.path)}, format = 'newline_delimited', sample_size = -1)`,
  parquet: (source) => `read_parquet(${literal(source.path)})`,
};

/** `path` is a file, or `-` for standard input. @throws DataError with file, and line or row and column where they are known. */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  const source = await openSource(path, options.format);
  try {
    const missing = options.missing ?? missingMarkers;
    const raw = await read(source, options.asText ?? [], missing);
    return refine(source.name, raw, new Set(missing), new Set(options.asText));
  } finally {
    await source.close();
  }
}

async function read(source: Source, asText: readonly string[], missing: readonly string[]): Promise<RawTable> {
  const sql = readers[source.format](source, asText, missing);
  try {
    return await readThrough(sql);
  } catch (error) {
    if (error instanceof SurprisalError) throw error;
    throw await explain(source, error);
  }
}

/** All rows have as many fields as the header: a dialect that would make them fit otherwise is not looked for. */
function dialect(delimiter: string): string {
  return `header = true, delim = ${literal(delimiter)}, quote = '"', escape = '"', comment = '', skip = 0`;
}

function csvSource(
  source: Source,
  delimiter: string | undefined,
  asText: readonly string[],
  missing: readonly string[],
): string {
  const head = csvHead(source.head, source.name, delimiter);
  const kept = asText.filter((name) => head.names.includes(name));
  const types = kept.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  return (
    [
      `read_csv(${literal(source.path)}, ${dialect(head.delimiter)}, sample_size = -1`,
      // Words (yes, t) and dates are told by infer.ts, so that they mean the same in every format.
      `auto_type_candidates = ['BIGINT', 'DOUBLE', 'VARCHAR']`,
      `nullstr = [${["", ...missing].map(literal).join(", ")}]`,
      ...(kept.length > 0 ? [`types = {${types}}`] : []),
    ].join(", ") + ")"
  );
}

/** The first line of what DuckDB says is the trouble, the rest advice on its own options. */
async function explain(source: Source, error: unknown): Promise<DataError> {
  const file = source.name;
  const text =
    source.format === "csv" || source.format === "tsv"
      ? await strictComplaint(source, error)
      : String((error as Error).message);
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const fields = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  const at = line === undefined ? { file } : { file, line: Number(line), row: Number(line) - 1 };
  const where = line === undefined ? file : `line ${line} of ${file}`;
  if (fields !== null) {
    const parts = {
      received: `${where} has ${fields[2]} fields`,
      expected: `the header names ${fields[1]} columns`,
      hint: "Give every row as many fields as the header; put quotes around fields that hold the delimiter.",
    };
    return new DataError("table/ragged", parts, at, { cause: error });
  }
  const said = text
    .replace(/^[A-Z][a-zA-Z ]+ Error: /, "")
    .replace(/^CSV Error on Line: .*\n(Original Line: .*\n)?/, "");
  const sentence = said.split("\n").find((part) => part.trim() !== "" && !/^[\d,]/.test(part)) ?? said;
  const parts = {
    received: `${where} could not be read as ${source.format}: ${sentence.replaceAll(source.path, file).trim().replace(/\.$/, "")}`,
    expected: `a table in the format ${source.format} was looked for`,
    hint: "Check the file, or name its format with --input-format.",
  };
  return new DataError("table/unreadable", parts, at, { cause: error });
}

/** With nothing left to find out, the reader names the line that does not fit. */
async function strictComplaint(source: Source, error: unknown): Promise<string> {
  const head = csvHead(source.head, source.name, source.format === "tsv" ? "\t" : undefined);
  const columns = head.names
    .map((name, j) => `${literal(name === "" ? `column ${j + 1}` : name)}: 'VARCHAR'`)
    .join(", ");
  try {
    await readThrough(
      `read_csv(${literal(source.path)}, ${dialect(head.delimiter)}, auto_detect = false, columns = {${columns}})`,
    );
    return String((error as Error).message);
  } catch (strict) {
    return String((strict as Error).message);
  }
}

function refine(file: string, raw: RawTable, missing: ReadonlySet<string>, asText: ReadonlySet<string>): Table {
  if (raw.rows === 0)
    throw noRows(
      file,
      raw.columns.map(({ name }) => name),
    );
  const columns = raw.columns.map(({ name, kind, numbers, texts }) => {
    if (texts !== undefined) {
      const inferred = inferText(texts, missing);
      const kept: ColumnData = {
        kind: "text",
        values: texts.map((cell) => (cell === null || missing.has(cell.trim()) || cell.trim() === "" ? null : cell)),
      };
      return { name, data: asText.has(name) ? kept : inferred };
    }
    return { name, data: (numbers === undefined ? { kind: "nested" } : { kind, values: numbers }) as ColumnData };
  });
  return { file, rows: raw.rows, columns };
}

function noRows(file: string, names: readonly string[]): DataError {
  if (names.length === 0) return empty(file);
  const shown = names
    .slice(0, 8)
    .map((name) => JSON.stringify(name))
    .join(", ");
  const parts = {
    received: `${file} has no rows of data (its columns are ${shown}${names.length > 8 ? ", …" : ""})`,
    expected: "at least one is needed",
    hint: "Check how the file was made; its first line must hold the names of the columns.",
  };
  return new DataError("table/no-rows", parts, { file });
}
