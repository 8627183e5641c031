/** Reading tables: formats, kinds of columns, missing values, and what is wrong with a file. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { firstRecord } from "../src/table/csvHead.ts";
import { formatOfBytes, formatOfName } from "../src/table/format.ts";
import { booleanIn, dateIn, inferText, missingMarkers, numberIn } from "../src/table/infer.ts";
import { readTable } from "../src/table/read.ts";
import { openSource } from "../src/table/source.ts";
import { columnNamed, plainValue, type Table } from "../src/table/table.ts";
import { csv, dataset, errorOf, testFolder, write } from "./files.ts";

const folder = testFolder();
const kinds = (table: Table) => Object.fromEntries(table.columns.map(({ name, data }) => [name, data.kind]));
const column = (table: Table, name: string) => {
  const found = columnNamed(table, name);
  return Array.from({ length: table.rows }, (_, row) => (found ? plainValue(found.data, row) : undefined));
};

describe("formats", () => {
  const rows = [
    {
      n: 1.5,
      whole: 3,
      agrees: "yes",
      letter: "t",
      word: 'a "b", c',
      flag: true,
      day: "2012-01-31",
      code: "007",
      gap: null,
    },
    {
      n: null,
      whole: -4,
      agrees: "no",
      letter: "f",
      word: "line\nbreak",
      flag: false,
      day: "2013-02-01",
      code: "012",
      gap: null,
    },
    { n: 2e-3, whole: 12_345_678, agrees: "no", letter: "t", word: "ünï", flag: null, day: null, code: "9", gap: null },
  ];
  const expected = {
    n: "number",
    whole: "number",
    agrees: "text",
    letter: "text",
    word: "text",
    flag: "boolean",
    day: "date",
    code: "text",
    gap: "text",
  };

  async function parquet(): Promise<string> {
    const json = write(folder, "for-parquet.json", JSON.stringify(rows));
    const path = join(folder, "same.parquet");
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`copy (select * from read_json('${json}')) to '${path}' (format parquet)`);
    connection.closeSync();
    return path;
  }

  test("a table means the same in CSV, TSV, JSON, NDJSON and Parquet, also zipped and by standard input", async () => {
    const text = csv(rows);
    const paths = [
      write(folder, "same.csv", text),
      write(folder, "same.tsv", csv(rows, "\t")),
      write(folder, "semicolons.csv", csv(rows, ";")),
      write(folder, "same.json", JSON.stringify(rows)),
      write(folder, "same.ndjson", rows.map((row) => JSON.stringify(row)).join("\n")),
      write(folder, "same.csv.gz", gzipSync(text)),
      write(folder, "with [brackets]*.csv", text),
      write(folder, "bom.csv", `\uFEFF${text}`),
      write(folder, "without-ending", text),
      await parquet(),
    ];
    symlinkSync(paths[0] as string, join(folder, "link.csv"));
    const tables = await Promise.all([...paths, join(folder, "link.csv")].map((path) => readTable(path)));
    expect(tables).toHaveLength(11);
    for (const table of tables) {
      expect(kinds(table)).toEqual(expected);
      for (const name of Object.keys(expected))
        expect(column(table, name), `${table.file} ${name}`).toEqual(rows.map((row) => row[name as "n"]));
    }
  });

  test("are told by the name, else by how the data begin", () => {
    expect(["a.csv", "a.TSV", "a.jsonl", "a.pq", "a.b.json"].map(formatOfName)).toEqual([
      "csv",
      "tsv",
      "ndjson",
      "parquet",
      "json",
    ]);
    expect(formatOfName("data")).toBeUndefined();
    const begin = (text: string) => formatOfBytes(new TextEncoder().encode(text));
    expect([begin(' [{"a":1}]'), begin('{"a":1}\n'), begin("PAR1xx"), begin("a\tb\n"), begin("a,b\n")]).toEqual([
      "json",
      "ndjson",
      "parquet",
      "tsv",
      "csv",
    ]);
  });

  test("standard input is read to its end and cleaned up after", async () => {
    const source = await openSource("-", undefined, Readable.from([Buffer.from("a,"), Buffer.from("b\n1,2\n")]));
    expect([source.format, source.name]).toEqual(["csv", "standard input"]);
    await source.close();
    await expect(openSource(source.path)).rejects.toThrow("no such file");
  });
});

describe("what a column holds", () => {
  test("numbers, and codes that only look like numbers", () => {
    expect(["1", " -2.5 ", "+.5", "1e3", "0.10", "0"].map(numberIn)).toEqual([1, -2.5, 0.5, 1000, 0.1, 0]);
    expect(["007", "1,5", "", "0x10", "Infinity", "1.2.3", "-"].map(numberIn)).toEqual(Array(7).fill(Number.NaN));
  });

  test("dates are UTC unless they say otherwise", () => {
    expect(dateIn("2012-01-31")).toBe(Date.UTC(2012, 0, 31));
    expect(dateIn("2012-01-31 12:30:00")).toBe(Date.UTC(2012, 0, 31, 12, 30));
    expect(dateIn("2012-01-31T12:30:00+02:00")).toBe(Date.UTC(2012, 0, 31, 10, 30));
    expect(dateIn("2012/01/31")).toBe(Date.UTC(2012, 0, 31));
    expect(["31.1.2012", "2012-1-31", "2012-13-01", "2012"].map(dateIn)).toEqual(Array(4).fill(Number.NaN));
    expect(["TRUE", "false", "yes"].map(booleanIn)).toEqual([1, 0, Number.NaN]);
  });

  test("text becomes a number only if all of it is", () => {
    const missing = new Set<string>(missingMarkers);
    expect(inferText(["1", "NA", null, "2.5"], missing)).toEqual({
      kind: "number",
      values: Float64Array.of(1, Number.NaN, Number.NaN, 2.5),
    });
    expect(inferText(["1", "x"], missing)).toEqual({ kind: "text", values: ["1", "x"] });
    expect(inferText(["NA", ""], missing)).toEqual({ kind: "text", values: [null, null] });
  });

  test("missing markers can be named, and cells can be kept as they are written", async () => {
    const path = write(folder, "missing.csv", "a,b\n1,07\n-,08\nNA,9\n");
    expect(column(await readTable(path, { missing: ["-", "NA"], asText: ["b"] }), "a")).toEqual([1, null, null]);
    expect(column(await readTable(path, { missing: ["-"] }), "a")).toEqual(["1", null, "NA"]);
    const codes = write(folder, "codes.csv", "a,b\n1,7\n2,8.0\n");
    expect(column(await readTable(codes), "b")).toEqual([7, 8]);
    expect(column(await readTable(codes, { asText: ["b"] }), "b")).toEqual(["7", "8.0"]);
  });

  test("lists and records are no values", async () => {
    const path = write(
      folder,
      "nested.json",
      '[{"a":[1],"b":{"c":1},"d":1,"e":"x"},{"a":[2],"b":{"c":2},"d":"q","e":{"f":1}}]',
    );
    expect(kinds(await readTable(path))).toEqual({ a: "nested", b: "nested", d: "text", e: "nested" });
  });

  test("the header's fields may hold delimiters and quotes", () => {
    expect(firstRecord('"a, b","c ""d""",e\r\n1,2,3', ",")).toEqual(["a, b", 'c "d"', "e"]);
    expect(firstRecord("\n\na\tb", "\t")).toEqual(["a", "b"]);
  });

  test("real data: kinds as a person would say", async () => {
    expect(kinds(await readTable(dataset("seattle-weather.csv")))).toMatchObject({
      date: "date",
      precipitation: "number",
      weather: "text",
    });
    const cars = await readTable(dataset("cars.json"));
    expect(cars.rows).toBe(406);
    expect(kinds(cars)).toMatchObject({ Name: "text", Miles_per_Gallon: "number", Year: "date", Origin: "text" });
  });
});

describe("what is wrong with a file", () => {
  mkdirSync(join(folder, "folder.csv"));
  const cases = [
    ["no such file", () => join(folder, "nowhere.csv"), "table/not-found", "nowhere.csv"],
    ["a folder", () => join(folder, "folder.csv"), "table/folder", "folder"],
    ["an empty file", () => write(folder, "empty.csv", ""), "table/empty", "empty"],
    ["blank lines only", () => write(folder, "blank.csv", "\n \n"), "table/empty", "empty"],
    ["a header without rows", () => write(folder, "header.csv", "a,b\n"), "table/no-rows", '"a", "b"'],
    ["no rows of JSON", () => write(folder, "none.json", "[]"), "table/no-rows", "no rows"],
    ["a row too short", () => write(folder, "short.csv", "a,b,c\n1,2,3\n4,5\n"), "table/ragged", "line 3"],
    ["a row too long", () => write(folder, "long.csv", "a,b\n1,2\n3,4\n5,6,7\n"), "table/ragged", "line 4"],
    ["a TSV row too short", () => write(folder, "short.tsv", "a\tb\n1\t2\n3\n"), "table/ragged", "line 3"],
    ["a quote that never ends", () => write(folder, "quote.csv", 'a,b\n1,"x\n2,y\n'), "table/unreadable", "quote"],
    ["a name twice", () => write(folder, "twice.csv", "a,b,a\n1,2,3\n"), "table/duplicate-column", '"a" twice'],
    [
      "another encoding",
      () => write(folder, "latin.csv", Buffer.from("a,b\n1,caf\xe9\n", "latin1")),
      "table/not-utf8",
      "UTF-8",
    ],
    [
      "another encoding further on",
      () => write(folder, "late.csv", Buffer.from(`a,b\n${"1,2\n".repeat(300_000)}1,caf\xe9\n`, "latin1")),
      "table/unreadable",
      "utf-8",
    ],
    [
      "bytes",
      () => write(folder, "bytes.csv", Uint8Array.from([0, 1, 2, 255, 254])),
      "table/not-utf8",
      "another format",
    ],
    ["JSON cut short", () => write(folder, "cut.json", '[{"a":1},{"a":'), "table/unreadable", "Malformed JSON"],
    ["Parquet in name only", () => write(folder, "not.parquet", "a,b\n1,2\n"), "table/unreadable", "parquet"],
    [
      "damaged gzip",
      () => write(folder, "cut.csv.gz", gzipSync("a,b\n1,2\n".repeat(999)).subarray(0, 40)),
      "table/damaged-gzip",
      "gzip",
    ],
  ] as const;

  test.each(cases)("%s", async (_, path, code, says) => {
    const error = await errorOf(async () => readTable(path()));
    expect(error.code).toBe(code);
    expect(error.message).toContain(says);
    expect(error.message).not.toMatch(/strict_mode|null_padding|LINE 1/);
  });
});
