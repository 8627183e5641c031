/** DuckDB as a reader of files: one query, columns of float64 or text out. */
import type { DuckDBConnection, DuckDBVector } from "@duckdb/node-api";
import type { ColumnKind } from "./table.ts";

export interface RawColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Float64 where the kind is a number, boolean or date. */
  readonly numbers?: Float64Array;
  readonly texts?: (string | null)[];
}

export interface RawTable {
  readonly rows: number;
  readonly columns: readonly RawColumn[];
}

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What a column is read as, by the type that DuckDB gives it. */
function reading(name: string, type: string): { kind: ColumnKind; sql: string } {
  const column = identifier(name);
  if (/\[|^(STRUCT|MAP|UNION|LIST|ARRAY)/.test(type)) return { kind: "nested", sql: "null::varchar" };
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|^(FLOAT|DOUBLE|DECIMAL|BIGNUM)/.test(type)) {
    return { kind: "number", sql: `cast(${column} as double)` };
  }
  if (type === "BOOLEAN") return { kind: "boolean", sql: `cast(cast(${column} as integer) as double)` };
  if (type === "TIMESTAMP WITH TIME ZONE") return { kind: "date", sql: `cast(epoch_ms(${column}) as double)` };
  if (/^(DATE|TIMESTAMP)/.test(type)) {
    return { kind: "date", sql: `cast(epoch_ms(cast(${column} as timestamp)) as double)` };
  }
  if (type === "JSON") return { kind: "text", sql: `${column} ->> '$'` };
  return { kind: "text", sql: `cast(${column} as varchar)` };
}

/** Runs `select * from SOURCE` in a database of its own, without network or extensions to fetch. */
export async function readThrough(source: string): Promise<RawTable> {
  // Loaded when a table is read: help and mistakes on the command line need not wait for it.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(`create temp table data as select * from ${source}`);
      return await columns(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

async function columns(connection: DuckDBConnection): Promise<RawTable> {
  const described = (await connection.runAndReadAll("describe data")).getRows();
  const readings = await Promise.all(
    described.map(async ([name, type]) => {
      const found = reading(String(name), String(type));
      const nested = type === "JSON" && (await holdsRecords(connection, String(name)));
      return { name: String(name), ...(nested ? { kind: "nested" as const, sql: "null::varchar" } : found) };
    }),
  );
  const result = await connection.stream(
    `select ${readings.map(({ sql }, j) => `${sql} as c${j}`).join(", ")} from data`,
  );
  const parts = readings.map((): (Float64Array | (string | null)[])[] => []);
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const [j, { kind }] of readings.entries()) {
      if (kind === "nested") continue;
      const vector = chunk.getColumnVector(j);
      parts[j]?.push(kind === "text" ? textsOf(vector, chunk.rowCount) : numbersOf(vector, chunk.rowCount));
    }
    rows += chunk.rowCount;
  }
  return {
    rows,
    columns: readings.map(({ name, kind }, j) => {
      if (kind === "nested") return { name, kind };
      if (kind === "text") return { name, kind, texts: (parts[j] as (string | null)[][]).flat() };
      return { name, kind, numbers: joined(parts[j] as Float64Array[], rows) };
    }),
  };
}

async function holdsRecords(connection: DuckDBConnection, name: string): Promise<boolean> {
  const test = `select count(*) from data where json_type(${identifier(name)}) in ('OBJECT', 'ARRAY')`;
  return Number((await connection.runAndReadAll(test)).getRows()[0]?.[0] ?? 0) > 0;
}

function textsOf(vector: DuckDBVector, rows: number): (string | null)[] {
  return Array.from({ length: rows }, (_, i) => vector.getItem(i) as string | null);
}

function numbersOf(vector: DuckDBVector, rows: number): Float64Array {
  const { items, validity } = vector as unknown as {
    items: Float64Array;
    validity: { itemValid(i: number): boolean };
  };
  const values = Float64Array.from(items.subarray(0, rows));
  for (let i = 0; i < rows; i++) if (!validity.itemValid(i)) values[i] = Number.NaN;
  return values;
}

function joined(parts: readonly Float64Array[], rows: number): Float64Array {
  const all = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
