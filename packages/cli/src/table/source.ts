/** Where a table comes from: a file or standard input, brought to where the reader can open it by a plain path. */
import { createWriteStream } from "node:fs";
import { mkdtemp, open, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "surprisal";
import { type Format, formatOfBytes, formatOfName } from "./format.ts";

export interface Source {
  /** As messages name it. */
  readonly name: string;
  /** Absolute, and free of what a reader would take for a pattern. */
  readonly path: string;
  readonly format: Format;
  /** The first bytes. */
  readonly head: Uint8Array;
  /** Removes what was put down for the reader. */
  close(): Promise<void>;
}

const headLength = 2 ** 20;

/** @throws DataError for what is no file, cannot be read or is empty. */
export async function openSource(given: string, format?: Format, stdin: Readable = process.stdin): Promise<Source> {
  const piped = given === "-";
  const name = piped ? "standard input" : given;
  const place = new Place();
  try {
    let path = resolve(given);
    if (piped || !(await isRegularFile(given)))
      path = await place.fill(piped ? stdin : await stream(path, name), "data");
    let head = await firstBytes(path, name);
    let plainName = given;
    if (head[0] === 0x1f && head[1] === 0x8b) {
      const packed = path;
      path = await place.unpack(packed, name);
      head = await firstBytes(path, name);
      plainName = given.replace(/\.gz$/i, "");
    }
    if (head.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) && head.length < headLength)
      throw empty(name);
    if (/[*?[\]{}]/.test(path)) path = await place.link(path);
    return {
      name,
      path,
      head,
      format: format ?? (piped ? undefined : formatOfName(plainName)) ?? formatOfBytes(head),
      close: () => place.remove(),
    };
  } catch (error) {
    await place.remove();
    throw error;
  }
}

/** @throws DataError for a missing file or a folder. */
async function isRegularFile(given: string): Promise<boolean> {
  try {
    const found = await stat(given);
    if (!found.isDirectory()) return found.isFile();
  } catch (error) {
    throw unreadable(given, error);
  }
  throw unreadable(given, { code: "EISDIR" });
}

async function stream(path: string, name: string): Promise<Readable> {
  try {
    return (await open(path)).createReadStream();
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function firstBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(headLength), 0, headLength, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** A folder of our own for files that the reader needs, made when first wanted. */
class Place {
  #folder: string | undefined;

  async #path(name: string): Promise<string> {
    this.#folder ??= await mkdtemp(join(tmpdir(), "surprisal-"));
    return join(this.#folder, name);
  }

  async fill(from: Readable, name: string): Promise<string> {
    const path = await this.#path(name);
    await pipeline(from, createWriteStream(path));
    return path;
  }

  async unpack(packed: string, name: string): Promise<string> {
    const path = await this.#path("unpacked");
    try {
      await pipeline((await open(packed)).createReadStream(), createGunzip(), createWriteStream(path));
    } catch (cause) {
      const parts = {
        received: `${name} is compressed with gzip and damaged (${(cause as Error).message})`,
        expected: "a whole file is needed",
        hint: "Copy or download it again.",
      };
      throw new DataError("table/damaged-gzip", parts, { file: name }, { cause });
    }
    return path;
  }

  async link(to: string): Promise<string> {
    const path = await this.#path(`data${/\.[a-z0-9]+$/i.exec(basename(to))?.[0] ?? ""}`);
    await symlink(to, path);
    return path;
  }

  async remove(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

const reasons: Readonly<Record<string, { code: string; why: string; hint: string }>> = {
  ENOENT: { code: "not-found", why: "no such file exists", hint: "Check the path; - reads standard input." },
  ENOTDIR: { code: "not-found", why: "a part of the path is no folder", hint: "Check the path." },
  EISDIR: { code: "folder", why: "it is a folder", hint: "Name one file in it." },
  EACCES: { code: "permission-denied", why: "it may not be read", hint: "Change its permissions, or copy it." },
  EPERM: { code: "permission-denied", why: "it may not be read", hint: "Change its permissions, or copy it." },
};

function unreadable(name: string, cause: unknown): DataError {
  if (cause instanceof DataError) return cause;
  const errno = String((cause as { code?: unknown }).code ?? cause);
  const { code, why, hint } = reasons[errno] ?? {
    code: "unreadable",
    why: `the system answered ${errno}`,
    hint: "Check the path and try again.",
  };
  return new DataError(
    `table/${code}`,
    { received: `${name} was to be read`, expected: why, hint },
    { file: name },
    { cause },
  );
}

export function empty(name: string): DataError {
  return new DataError(
    "table/empty",
    {
      received: `${name} is empty`,
      expected: "a table with a row of names and at least one row of data is needed",
      hint: "Check how the file was made.",
    },
    { file: name },
  );
}
