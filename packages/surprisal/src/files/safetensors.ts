/**
 * Tensors and text metadata in one file, in the safetensors format. The bytes are the reference implementation's: tensors by
 * width of element, then by name; header padded with spaces so that the data starts at a multiple of 8. Metadata goes by key,
 * so equal content gives equal bytes. Data is little-endian, as are the memory of WebAssembly and of every machine JavaScript is common on.
 */
import { allocate, bytesPerElement, type DType } from "../base/dtype.ts";
import { InvalidArgumentError } from "../base/errors.ts";
import { Tensor } from "../base/tensor.ts";
import { crc32 } from "./checksum.ts";
import { isWellFormed } from "./json.ts";
import { isForbiddenKey, show } from "./jsonReader.ts";
import {
  fileDTypes,
  lengthBytes,
  maxEntries,
  maxHeaderBytes,
  maxRank,
  metadataKey,
  readHeader,
  refuse,
} from "./safetensorsHeader.ts";

export interface SafetensorsContent {
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Map<string, string>;
}
/** Metadata as it is given for writing. */
export type Metadata = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

/**
 * The bytes of a safetensors file.
 * @param tensors at most 65,536, of rank 8 or less, under any name but `__metadata__` and those of prototypes
 * @param metadata text by key; no entry is written for an empty one
 * @throws InvalidArgumentError `safetensors/…` for what `decodeSafetensors` would refuse to read back
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Metadata = {},
): Uint8Array<ArrayBuffer> {
  const { head, ordered, total } = layOut(tensors, metadata);
  const bytes = allocateFile(total);
  bytes.set(head);
  let at = head.length;
  for (const tensor of ordered) {
    bytes.set(bytesOf(tensor), at);
    at += tensor.data.byteLength;
  }
  return bytes;
}

/**
 * The content of a safetensors file, copied out of `bytes`.
 * @param source names the file in messages
 * @throws ModelFileError `safetensors/…` or `json/…` for anything the format does not allow, before a tensor is allocated
 */
export function decodeSafetensors(bytes: Uint8Array, source = "the model file"): SafetensorsContent {
  const { entries, metadata, dataStart } = readHeader(bytes, source);
  for (const { name, dtype, begin, end } of entries) {
    const wrong =
      dtype === "bool" ? bytes.subarray(dataStart + begin, dataStart + end).find((byte) => byte > 1) : undefined;
    if (wrong === undefined) continue;
    throw refuse("bad-bool", `tensor ${show(name)} of ${source} holds the byte ${wrong}`, "BOOL has only 0 and 1");
  }
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const tensor = new Tensor(allocate(dtype, (end - begin) / bytesPerElement(dtype)), shape);
    bytesOf(tensor).set(bytes.subarray(dataStart + begin, dataStart + end));
    tensors.set(name, tensor);
  }
  return { tensors, metadata };
}

/**
 * CRC-32, as eight hexadecimal digits, of the bytes that `encodeSafetensors` would give, without making them. The format has no
 * checksum of its own: keep this one under a metadata key, and on reading compare it with that of the content without the key.
 */
export function checksumSafetensors(tensors: ReadonlyMap<string, Tensor>, metadata: Metadata = {}): string {
  const { head, ordered } = layOut(tensors, metadata);
  const sum = ordered.reduce((before, tensor) => crc32(bytesOf(tensor), before), crc32(head));
  return sum.toString(16).padStart(8, "0");
}

/** Head of the file (length and header), and the tensors in the order of their bytes. */
function layOut(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Metadata,
): { head: Uint8Array; ordered: Tensor[]; total: number } {
  if (tensors.size > maxEntries) {
    throw unwritable("too-many-tensors", `${tensors.size} tensors were given`, `a file holds at most ${maxEntries}`);
  }
  const widestFirst = [...fileDTypes].map(([spelled, dtype], rank) => ({ spelled, dtype, rank }));
  const kinds = new Map<DType, { spelled: string; rank: number }>(widestFirst.map((kind) => [kind.dtype, kind]));
  const entries = [...tensors].map(([name, tensor]) => ({ name, tensor, kind: kinds.get(tensor.dtype)! }));
  entries.sort((x, y) => x.kind.rank - y.kind.rank || compare(x.name, y.name));
  const members = metadataMembers(metadata);
  let offset = 0;
  for (const { name, tensor, kind } of entries) {
    checkTensor(name, tensor);
    const end = offset + tensor.data.byteLength;
    const shape = tensor.shape.join(",");
    members.push(
      `${JSON.stringify(name)}:{"dtype":"${kind.spelled}","shape":[${shape}],"data_offsets":[${offset},${end}]}`,
    );
    offset = end;
  }
  const text = new TextEncoder().encode(`{${members.join(",")}}`);
  const padded = Math.ceil(text.length / lengthBytes) * lengthBytes;
  if (padded > maxHeaderBytes) {
    throw unwritable("header-too-long", `names and metadata take ${padded} bytes`, `${maxHeaderBytes} is the limit`);
  }
  const head = new Uint8Array(lengthBytes + padded).fill(0x20);
  const view = new DataView(head.buffer);
  view.setUint32(0, padded, true);
  view.setUint32(4, 0, true);
  head.set(text, lengthBytes);
  return { head, ordered: entries.map((entry) => entry.tensor), total: head.length + offset };
}

function metadataMembers(metadata: Metadata): string[] {
  const given: [string, unknown][] = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  if (given.length > maxEntries) {
    throw unwritable("too-much-metadata", `${given.length} keys of metadata were given`, `a file holds ${maxEntries}`);
  }
  const pairs = given
    .sort(([x], [y]) => compare(x, y))
    .map(([key, value]) => {
      checkName("the metadata key", key);
      if (typeof value !== "string" || !isWellFormed(value)) {
        const received = `the metadata at ${show(key)} is ${typeof value === "string" ? "not well-formed text" : `a ${typeof value}`}`;
        throw unwritable("bad-metadata", received, "metadata is text", "Use stringifyJson for structured data.");
      }
      return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    });
  return pairs.length === 0 ? [] : [`"${metadataKey}":{${pairs.join(",")}}`];
}

function checkTensor(name: string, tensor: Tensor): void {
  checkName("the tensor name", name);
  if (name === metadataKey) throw unwritable("bad-name", `a tensor is named "${name}"`, "the format keeps that name");
  if (tensor.rank > maxRank) {
    throw unwritable(
      "rank-too-high",
      `tensor ${show(name)} has rank ${tensor.rank}`,
      `${maxRank} is the limit`,
      "Reshape it.",
    );
  }
  if (
    !Number.isSafeInteger(tensor.shape.reduce((product, dim) => product * (dim || 1), bytesPerElement(tensor.dtype)))
  ) {
    const received = `tensor ${show(name)} has the shape [${tensor.shape.join(", ")}]`;
    throw unwritable("size-overflow", received, "its dimensions multiply to 2 ** 53 bytes or more", "Reshape it.");
  }
  const wrong = tensor.dtype === "bool" ? (tensor.data as Uint8Array).find((byte) => byte > 1) : undefined;
  if (wrong !== undefined) {
    throw unwritable(
      "bad-bool",
      `the bool tensor ${show(name)} holds ${wrong}`,
      "bool has only 0 and 1",
      "Cast it to bool.",
    );
  }
}

function checkName(what: string, name: string): void {
  if (!isForbiddenKey(name) && isWellFormed(name)) return;
  const hint = "Choose another name.";
  throw unwritable("bad-name", `${what} is ${show(name)}`, "names are Unicode text and no prototype's", hint);
}

function allocateFile(total: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(total);
  } catch (cause) {
    const hint = "Save fewer tensors in a file.";
    throw unwritable("out-of-memory", `the file would take ${total} bytes`, "so much cannot be allocated", hint, {
      cause,
    });
  }
}

function bytesOf(tensor: Tensor): Uint8Array {
  return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
}

function compare(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

function unwritable(
  code: string,
  received: string,
  expected: string,
  hint = "Save fewer or smaller things in one file.",
  options?: ErrorOptions,
): InvalidArgumentError {
  return new InvalidArgumentError(`safetensors/${code}`, { received, expected, hint }, options);
}
