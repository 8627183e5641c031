/**
 * The header of a safetensors file: which tensors it holds and where. Format and limits as in the reference implementation
 * (github.com/huggingface/safetensors): 8 bytes of little-endian length, that many bytes of JSON, then the tensors' bytes without gaps.
 * Everything the header claims is checked against the file before anything of its size is allocated.
 */
import type { DType } from "../base/dtype.ts";
import { bytesPerElement } from "../base/dtype.ts";
import { ModelFileError } from "../base/errors.ts";
import { type Shape, showShape, sizeOf } from "../base/shape.ts";
import { JsonReader, show } from "./jsonReader.ts";

export const lengthBytes = 8;
export const maxHeaderBytes = 100_000_000;
/** Tensors in a file; also entries of its metadata. */
export const maxEntries = 65_536;
export const maxRank = 8;
export const metadataKey = "__metadata__";

/** How the file spells a dtype, widest elements first: tensors are stored in this order, which keeps every one aligned. */
export const fileDTypes: ReadonlyMap<string, DType> = new Map([
  ["F64", "float64"],
  ["F32", "float32"],
  ["I32", "int32"],
  ["BOOL", "bool"],
]);

export interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  /** Byte offsets from the start of the data. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Map<string, string>;
  /** Where the tensors' bytes start in the file. */
  readonly dataStart: number;
}

/** Reads and checks the header. `source` names the file in messages. @throws ModelFileError `safetensors/…` or `json/…`. */
export function readHeader(bytes: Uint8Array, source: string): Header {
  if (bytes.length < lengthBytes) {
    throw refuse(
      "truncated",
      `${source} holds ${bytes.length} bytes`,
      `its first ${lengthBytes} give a length`,
      cutOff,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > maxHeaderBytes) {
    throw refuse("header-too-long", `${source} claims a header of ${length} bytes`, `${maxHeaderBytes} is the limit`);
  }
  const dataStart = lengthBytes + length;
  if (dataStart > bytes.length) {
    const received = `${source} claims a header of ${length} bytes`;
    throw refuse("header-truncated", received, `only ${bytes.length - lengthBytes} bytes follow`, cutOff);
  }
  if (bytes[lengthBytes] !== 0x7b || length === 0) {
    throw refuse("header-not-an-object", `the header of ${source} begins otherwise`, 'it must begin with "{"');
  }
  const { entries, metadata } = parseHeader(bytes.subarray(lengthBytes, dataStart), source);
  checkLayout(entries, bytes.length - dataStart, source);
  return { entries, metadata, dataStart };
}

function parseHeader(bytes: Uint8Array, source: string): { entries: Entry[]; metadata: Map<string, string> } {
  const reader = new JsonReader(bytes, `the header of ${source}`);
  const entries: Entry[] = [];
  let metadata = new Map<string, string>();
  reader.object((name) => {
    if (name === metadataKey) metadata = readMetadata(reader, source);
    else if (entries.length < maxEntries) entries.push(readEntry(reader, name, source));
    else throw refuse("too-many-tensors", `${source} lists more than ${maxEntries} tensors`, "that is the limit");
  });
  reader.end();
  return { entries, metadata };
}

function readMetadata(reader: JsonReader, source: string): Map<string, string> {
  const metadata = new Map<string, string>();
  if (reader.peek() !== "object") {
    throw refuse("bad-metadata", `the metadata of ${source} is ${a(reader.peek())}`, "it must be an object");
  }
  reader.object((key) => {
    if (reader.peek() !== "string") {
      const received = `the metadata of ${source} has ${a(reader.peek())} at ${show(key)}`;
      throw refuse("bad-metadata", received, "every value in it must be a string");
    }
    if (metadata.size === maxEntries) {
      throw refuse(
        "too-much-metadata",
        `the metadata of ${source} has more than ${maxEntries} keys`,
        "that is the limit",
      );
    }
    metadata.set(key, reader.string());
  });
  return metadata;
}

function readEntry(reader: JsonReader, name: string, source: string): Entry {
  const what = `tensor ${show(name)} of ${source}`;
  if (reader.peek() !== "object") throw refuse("bad-entry", `${what} is ${a(reader.peek())}`, "it must be an object");
  let dtype: DType | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  reader.object((field) => {
    if (field === "dtype") dtype = readDType(reader, what);
    else if (field === "shape") shape = readWholeNumbers(reader, "shape", maxRank, what);
    else if (field === "data_offsets") offsets = readWholeNumbers(reader, "data_offsets", 2, what);
    else throw refuse("bad-entry", `${what} has a field ${show(field)}`, "the format has no such field");
  });
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const missing = dtype === undefined ? "dtype" : shape === undefined ? "shape" : "data_offsets";
    throw refuse("bad-entry", `${what} has no ${missing}`, "it needs dtype, shape and data_offsets");
  }
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || begin > end) {
    throw refuse(
      "bad-offsets",
      `${what} has the offsets ${showShape(offsets)}`,
      "it needs a begin and an end not before it",
    );
  }
  // Zero dimensions are left out: [2 ** 40, 2 ** 40, 0] holds nothing, but its strides overflow in whatever uses it.
  const size = sizeOf(shape.filter((dim) => dim > 0)) * bytesPerElement(dtype);
  if (!Number.isSafeInteger(size)) {
    throw refuse("size-overflow", `${what} has the shape ${showShape(shape)}`, "its size must be below 2 ** 53 bytes");
  }
  const declared = shape.includes(0) ? 0 : size;
  if (declared !== end - begin) {
    const received = `${what} takes ${end - begin} bytes`;
    throw refuse("size-mismatch", received, `${dtype} of shape ${showShape(shape)} takes ${declared}`);
  }
  return { name, dtype, shape, begin, end };
}

function readDType(reader: JsonReader, what: string): DType {
  const known = [...fileDTypes.keys()].join(", ");
  if (reader.peek() !== "string") {
    throw refuse("unknown-dtype", `${what} has ${a(reader.peek())} for a dtype`, `${known} are the dtypes read here`);
  }
  const spelled = reader.string();
  const dtype = fileDTypes.get(spelled);
  if (dtype !== undefined) return dtype;
  const hint = "The format has more dtypes; convert the tensor where it was made, e.g. to float32.";
  throw refuse("unknown-dtype", `${what} has the dtype ${show(spelled)}`, `${known} are the dtypes read here`, hint);
}

/** A list of at most `most` whole numbers from 0 to 2 ** 53 − 1, written as plain digits. */
function readWholeNumbers(reader: JsonReader, field: "shape" | "data_offsets", most: number, what: string): number[] {
  const code = field === "shape" ? "bad-shape" : "bad-offsets";
  if (reader.peek() !== "array")
    throw refuse(code, `the ${field} of ${what} is ${a(reader.peek())}`, "it must be a list");
  const values: number[] = [];
  reader.array((index) => {
    if (index >= most) {
      const tooLong = field === "shape" ? "rank-too-high" : code;
      throw refuse(tooLong, `the ${field} of ${what} has more than ${most} numbers`, "that is the limit");
    }
    const text = reader.peek() === "number" ? reader.numberText() : a(reader.peek());
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value)) {
      const received = `the ${field} of ${what} holds ${text.slice(0, 40)}`;
      throw refuse(code, received, "only whole numbers from 0 to 2 ** 53 − 1 make sense there");
    }
    values.push(value);
  });
  return values;
}

/** Tensors must fill the data exactly: in order of their offsets each begins where the one before it ends. */
function checkLayout(entries: readonly Entry[], dataBytes: number, source: string): void {
  let at = 0;
  let before = "the start of the data";
  for (const entry of [...entries].sort((x, y) => x.begin - y.begin || x.end - y.end)) {
    const what = `tensor ${show(entry.name)} of ${source} lies at ${entry.begin} to ${entry.end}`;
    if (entry.end > dataBytes) throw refuse("out-of-range", what, `the file has ${dataBytes} bytes of data`, cutOff);
    if (entry.begin < at) throw refuse("overlap", what, `${before} ends at ${at}: tensors may not share bytes`);
    if (entry.begin > at) throw refuse("hole", what, `${before} ends at ${at}: no byte may lie between tensors`);
    at = entry.end;
    before = show(entry.name);
  }
  if (at !== dataBytes) {
    throw refuse("trailing-bytes", `the tensors of ${source} end at byte ${at}`, `it has ${dataBytes} bytes of data`);
  }
}

const cutOff = "The file was cut off or is not a model file: copy or download it again.";
const otherwise = "The file is damaged or is not a model file: copy it again, or save the model again.";

export function refuse(code: string, received: string, expected: string, hint = otherwise): ModelFileError {
  return new ModelFileError(`safetensors/${code}`, { received, expected, hint });
}

/** A kind of JSON value with its article. */
function a(kind: string): string {
  if (kind === "null" || kind === "nothing") return kind;
  return `${/^[ao]/.test(kind) ? "an" : "a"} ${kind}`;
}
