/**
 * Whole-file reading, and writing that leaves either the old file or the new one, whatever fails and whenever the power goes:
 * temporary file beside the target, every byte written, fsync, rename, fsync of the folder. The order matters (Pillai et al.,
 * "All file systems are not created equal", OSDI 2014): a rename that reaches the disk before the data is an empty file.
 */
import { InvalidArgumentError } from "../base/errors.ts";
import { errnoOf, FileError, fileError } from "./fileError.ts";
import { type FileSystem, nodeFileSystem, type OpenFile } from "./fileSystem.ts";

/** Node's calls take at most 2 GiB at once. */
const maxChunk = 2 ** 26;
/** How often a call that a signal interrupted is made again. */
const maxInterruptions = 100;
const maxTemporaries = 1000;

/**
 * Replaces the file at `path`, or makes it. On any error the old file is untouched and nothing is left beside it, with one
 * exception that its message names: `file/not-durable`, where the new file is in place and whole, but a power cut may bring the old one back.
 * An existing file keeps its permissions; a symbolic link is replaced, not followed.
 * @throws FileError `file/no-space`, `file/permission-denied`, `file/not-a-file`, `file/read-only`, …
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array, fileSystem?: FileSystem): Promise<void> {
  checkPath(path);
  const fs = fileSystem ?? (await nodeFileSystem());
  const failed = `${path} could not be saved`;
  const { folder, name } = fs.split(path);
  let temporary: string | undefined;
  try {
    const mode = await modeToKeep(fs, path);
    const made = await createTemporary(fs, folder, name, mode ?? 0o666);
    temporary = made.path;
    await withOpen(made.file, async (file) => {
      await writeAll(file, bytes, path);
      // The mode given to create passes through the umask, which a kept mode must not.
      if (mode !== undefined) await retry(() => file.setMode(mode));
      // Not repeated on EIO: after a failed fsync the system may forget the pages it could not write.
      await retry(() => file.sync());
    });
    await retry(() => fs.rename(made.path, path));
    temporary = undefined;
  } catch (error) {
    if (temporary !== undefined) await discard(fs, temporary);
    throw fileError(path, failed, error);
  }
  try {
    await syncFolder(fs, folder);
  } catch (cause) {
    const parts = {
      received: `${path} is saved and whole`,
      expected: `the system could not confirm that it is on the disk (${errnoOf(cause) ?? String(cause)})`,
      hint: "Check the disk and save again.",
    };
    throw new FileError("file/not-durable", parts, path, { cause, errno: errnoOf(cause) });
  }
}

/**
 * The bytes of a regular file.
 * @throws FileError `file/not-found`, `file/not-a-file`, `file/permission-denied`, `file/changed`, `file/too-big`, …
 */
export async function readFileBytes(path: string, fileSystem?: FileSystem): Promise<Uint8Array<ArrayBuffer>> {
  checkPath(path);
  const fs = fileSystem ?? (await nodeFileSystem());
  try {
    return await withOpen(await retry(() => fs.openFile(path)), (file) => readAll(file, path));
  } catch (error) {
    throw fileError(path, `${path} could not be read`, error);
  }
}

/**
 * Removes what writers of `path` that were killed left beside it; gives the names. The temporaries of living processes stay.
 * @throws FileError where the folder cannot be read or a file not be removed
 */
export async function removeOrphans(path: string, fileSystem?: FileSystem): Promise<string[]> {
  checkPath(path);
  const fs = fileSystem ?? (await nodeFileSystem());
  const { folder, name } = fs.split(path);
  try {
    const orphans = (await retry(() => fs.list(folder))).filter((entry) => {
      const [, writer] = entry.startsWith(`.${name}.`)
        ? (/^(\d+)-\d+\.tmp$/.exec(entry.slice(name.length + 2)) ?? [])
        : [];
      return writer !== undefined && !fs.isAlive(Number(writer));
    });
    for (const orphan of orphans) await retry(() => fs.unlink(fs.join(folder, orphan)));
    return orphans;
  } catch (error) {
    throw fileError(path, `the remains of earlier saves of ${path} could not be removed`, error);
  }
}

/** @throws InvalidArgumentError `file/bad-path`. */
export function checkPath(path: unknown): void {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return;
  throw new InvalidArgumentError("file/bad-path", {
    received: `the path is ${typeof path === "string" ? JSON.stringify(path) : `a value of type ${typeof path}`}`,
    expected: "a path is text, not empty and without NUL",
    hint: 'Pass a path such as "model.safetensors".',
  });
}

/** The permissions of the file that will be replaced; undefined where there is none. Refuses what must not be replaced. */
async function modeToKeep(fs: FileSystem, path: string): Promise<number | undefined> {
  const old = await retry(() => fs.look(path));
  if (old === undefined || old.kind === "link") return undefined;
  if (old.kind !== "file") throw notAFile(path, "could not be saved", old.kind);
  if ((old.mode & 0o222) !== 0) return old.mode;
  const parts = {
    received: `${path} could not be saved`,
    expected: "a file is there that is marked read-only",
    hint: "Choose another name, or make it writable (chmod u+w).",
  };
  throw new FileError("file/read-only", parts, path);
}

async function createTemporary(
  fs: FileSystem,
  folder: string,
  name: string,
  mode: number,
): Promise<{ path: string; file: OpenFile }> {
  for (let n = 0; ; n++) {
    const path = fs.join(folder, `.${name}.${fs.processId}-${n}.tmp`);
    try {
      return { path, file: await retry(() => fs.create(path, mode)) };
    } catch (error) {
      // Taken by another save in this process, or left by one that was killed.
      if (errnoOf(error) !== "EEXIST" || n + 1 === maxTemporaries) throw error;
    }
  }
}

async function writeAll(file: OpenFile, bytes: Uint8Array, path: string): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const chunk = bytes.subarray(at, at + maxChunk);
    const position = at;
    const written = await retry(() => file.write(chunk, position));
    if (written > 0) at += written;
    else {
      const expected = `the system took only ${at} of ${bytes.length} bytes`;
      const parts = { received: `${path} could not be saved`, expected, hint: "Choose another disk." };
      throw new FileError("file/short-write", parts, path);
    }
  }
}

async function readAll(file: OpenFile, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { kind, size } = await retry(() => file.info());
  if (kind !== "file") throw notAFile(path, "could not be read", kind);
  const bytes = allocate(size, path);
  let length = 0;
  while (length < size) {
    const position = length;
    const count = await retry(() => file.read(bytes.subarray(position, position + maxChunk), position));
    if (count === 0) break;
    length += count;
  }
  const more = length === size ? await retry(() => file.read(new Uint8Array(1), size)) : 0;
  if (length === size && more === 0) return bytes;
  const parts = {
    received: `${path} changed while it was read`,
    expected: `it had ${size} bytes at first`,
    hint: "Wait until whatever writes it is done, and try again.",
  };
  throw new FileError("file/changed", parts, path);
}

function allocate(size: number, path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(size);
  } catch (cause) {
    const parts = {
      received: `${path} holds ${size} bytes`,
      expected: "so much cannot be allocated",
      hint: "Use a smaller file or a machine with more memory.",
    };
    throw new FileError("file/too-big", parts, path, { cause });
  }
}

async function syncFolder(fs: FileSystem, folder: string): Promise<void> {
  const opened = await retry(() => fs.openFolder(folder));
  if (opened === undefined) return;
  await withOpen(opened, async (handle) => {
    try {
      await retry(() => handle.sync());
    } catch (error) {
      // Some network and user-space file systems cannot sync a folder; there is nothing more to be done on them.
      if (!["EINVAL", "ENOTSUP", "ENOSYS"].includes(errnoOf(error) ?? "")) throw error;
    }
  });
}

/** Runs `use` and closes the file; an error on closing counts (network file systems report a full disk there), unless `use` had one. */
async function withOpen<T>(file: OpenFile, use: (file: OpenFile) => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await use(file);
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
  try {
    await file.close();
  } catch (error) {
    // Linux has closed the descriptor even if a signal came; closing again could hit somebody else's.
    if (errnoOf(error) !== "EINTR") throw error;
  }
  return result;
}

/** Makes a call again while signals interrupt it, but not for ever. */
async function retry<T>(call: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await call();
    } catch (error) {
      if (errnoOf(error) !== "EINTR" || n === maxInterruptions) throw error;
    }
  }
}

/** Removes the temporary file; a failure here must not hide the one that led here. */
async function discard(fs: FileSystem, path: string): Promise<void> {
  await retry(() => fs.unlink(path)).catch(() => undefined);
}

function notAFile(path: string, failed: string, kind: string): FileError {
  const what = kind === "folder" ? "a folder" : "a device, pipe or socket";
  const parts = { received: `${path} ${failed}`, expected: `it is ${what}`, hint: "Give the path of a regular file." };
  return new FileError("file/not-a-file", parts, path);
}
