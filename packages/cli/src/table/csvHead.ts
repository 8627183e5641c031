/** The dialect of a CSV file and its header, from its first bytes: the rest is read with what is found here. */
import { DataError } from "surprisal";

export interface CsvHead {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const delimiters = [",", "\t", ";", "|"] as const;

/** @throws DataError for text that is not UTF-8, or a header with a name twice or without names. */
export function csvHead(head: Uint8Array, file: string, known?: string): CsvHead {
  const text = decode(head, file);
  const [delimiter, names] = (known === undefined ? delimiters : [known])
    .map((candidate) => [candidate, firstRecord(text, candidate)] as const)
    .reduce((best, next) => (next[1].length > best[1].length ? next : best));
  const seen = new Set<string>();
  for (const [j, name] of names.entries()) {
    if (!seen.has(name)) {
      seen.add(name);
      continue;
    }
    const parts = {
      received: `the header of ${file} names ${JSON.stringify(name)} twice (column ${j + 1} is the second)`,
      expected: "each column needs a name of its own",
      hint: "Rename one of them.",
    };
    throw new DataError("table/duplicate-column", parts, { file, line: 1, column: name });
  }
  return { delimiter, names };
}

function decode(head: Uint8Array, file: string): string {
  try {
    // `stream` leaves a character that the end of the head cuts in two alone.
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
  } catch (cause) {
    const zero = head.indexOf(0) >= 0;
    const parts = {
      received: `${file} is not UTF-8 text`,
      expected: zero ? "it looks like another format" : "CSV and TSV are read as UTF-8",
      hint: zero ? "Say which with --input-format." : `Convert it first, e.g. iconv -f latin1 -t utf-8 ${file}.`,
    };
    throw new DataError("table/not-utf8", parts, { file }, { cause });
  }
}

/** The fields of the first record that is not blank; quotes as RFC 4180 has them. */
export function firstRecord(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  let i = text.length - text.replace(/^[\r\n]+/, "").length;
  for (; i < text.length; i++) {
    const c = text[i] as string;
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[i++];
      else quoted = false;
    } else if (c === '"' && field === "") quoted = true;
    else if (c === delimiter) {
      fields.push(field);
      field = "";
    } else if (c === "\n" || c === "\r") break;
    else field += c;
  }
  return [...fields, field];
}
