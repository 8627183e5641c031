/** Which format a file is in: by its name, else by how it begins. */

export const formats = ["csv", "tsv", "json", "ndjson", "parquet"] as const;
export type Format = (typeof formats)[number];

const byEnding: Readonly<Record<string, Format>> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  json: "json",
  ndjson: "ndjson",
  jsonl: "ndjson",
  parquet: "parquet",
  pq: "parquet",
};

export function formatOfName(name: string): Format | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  return ending === undefined ? undefined : byEnding[ending];
}

/** A guess from the first bytes, for standard input and names without a known ending. */
export function formatOfBytes(head: Uint8Array): Format {
  const text = new TextDecoder().decode(head.subarray(0, 65_536)).replace(/^\uFEFF/, "");
  if (text.startsWith("PAR1")) return "parquet";
  const start = text.trimStart()[0];
  if (start === "[") return "json";
  if (start === "{") return "ndjson";
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  return line.includes("\t") && !line.includes(",") ? "tsv" : "csv";
}
