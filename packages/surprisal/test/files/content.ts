/** What the tests of the container share: bytes from a spelled-out header, bitwise comparison, error codes. */
import { expect } from "vitest";
import { InvalidArgumentError, ModelFileError } from "../../src/base/errors.ts";
import type { Tensor } from "../../src/base/tensor.ts";
import { decodeSafetensors, type SafetensorsContent } from "../../src/files/safetensors.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A file with this header text, as it stands, and this data; `length` overrides what the first eight bytes say. */
export function fileOf(header: string | Uint8Array, data: ArrayLike<number> = [], length?: bigint): Uint8Array {
  const text = typeof header === "string" ? utf8(header) : header;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

export function bytesOf(tensor: Tensor): Uint8Array {
  return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
}

/** One line that is equal exactly for equal content, NaN payloads and −0 included, in any order. */
export function fingerprint({ tensors, metadata }: SafetensorsContent): string {
  const lines = [...tensors].map(([name, t]) => [name, t.dtype, [...t.shape], Buffer.from(bytesOf(t)).toString("hex")]);
  return JSON.stringify([lines.sort(byFirst), [...metadata].sort(byFirst)]);
}

function byFirst(x: readonly unknown[], y: readonly unknown[]): number {
  return String(x[0]) < String(y[0]) ? -1 : 1;
}

/** `"accepted"`, or the code of the refusal; an error of any other kind fails the test. */
export function verdict(call: () => unknown, kind: typeof ModelFileError | typeof InvalidArgumentError): string {
  try {
    call();
  } catch (error) {
    if (!(error instanceof kind)) throw new Error("an error of the wrong kind came out", { cause: error });
    if (!/^(safetensors|json)\/[a-z0-9-]+$/.test(error.code)) throw new Error(`odd code ${error.code}`);
    for (const part of [error.received, error.expected, error.hint]) {
      if (part.length < 4 || part.length > 700) throw new Error(`odd part: ${part}`);
    }
    return error.code;
  }
  return "accepted";
}

export const readVerdict = (bytes: Uint8Array) =>
  verdict(() => decodeSafetensors(bytes, "m.safetensors"), ModelFileError);
export const writeVerdict = (call: () => unknown) => verdict(call, InvalidArgumentError);

/** The own keys of every prototype a hostile key could reach. */
export function prototypeKeys(): string {
  const prototypes = [Object, Array, Map, Set, String, Number, Function, Uint8Array, Float32Array, Error].map(
    (c) => c.prototype,
  );
  return JSON.stringify(prototypes.map((p) => Reflect.ownKeys(p).map(String)));
}

export function expectSame(got: SafetensorsContent, want: SafetensorsContent): void {
  expect(fingerprint(got)).toBe(fingerprint(want));
}
