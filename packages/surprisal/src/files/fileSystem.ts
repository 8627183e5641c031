/**
 * The few system calls that loading and saving need, as an interface, so that tests can fail each of them; and Node's version of
 * it, loaded only when a file is first touched, so that a page can import the library.
 */
import type * as Fs from "node:fs";
import type * as FsPromises from "node:fs/promises";
import type * as Path from "node:path";
import { FileError } from "./fileError.ts";

export type EntryKind = "file" | "folder" | "link" | "other";

export interface EntryInfo {
  readonly kind: EntryKind;
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
}

/** An open file or folder. Errors carry the system's errno as `code`. */
export interface OpenFile {
  info(): Promise<EntryInfo>;
  /** Fills `bytes` from `position`; gives the count, which may be less than asked and is 0 at the end of the file. */
  read(bytes: Uint8Array, position: number): Promise<number>;
  /** Writes `bytes` at `position`; gives the count, which may be less than asked. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  setMode(mode: number): Promise<void>;
  /** Returns once everything written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileSystem {
  /** What is at a path, a symbolic link not followed; undefined where there is nothing. */
  look(path: string): Promise<EntryInfo | undefined>;
  /** Makes a new file for writing; fails with EEXIST where there is anything, a dangling link included. */
  create(path: string, mode: number): Promise<OpenFile>;
  /** Opens for reading, never waiting for the other end of a pipe. */
  openFile(path: string): Promise<OpenFile>;
  /** Opens a folder to sync it; undefined where the system has no such thing (Windows). */
  openFolder(path: string): Promise<OpenFile | undefined>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  /** The folder a path lies in, and its name there. */
  split(path: string): { folder: string; name: string };
  join(folder: string, name: string): string;
  /** Identifies this process, and says whether one is alive. */
  readonly processId: number;
  isAlive(processId: number): boolean;
}

/** Node's modules; a parameter only so that a test can be where there are none. */
export interface NodeModules {
  readonly fs: typeof Fs;
  readonly promises: typeof FsPromises;
  readonly path: typeof Path;
}

async function importNode(): Promise<NodeModules> {
  const [fs, promises, path] = await Promise.all([import("node:fs"), import("node:fs/promises"), import("node:path")]);
  return { fs, promises, path };
}

/** Node's modules. @throws FileError `file/no-file-system` in a browser. */
export async function nodeModules(load: () => Promise<NodeModules> = importNode): Promise<NodeModules> {
  try {
    return await load();
  } catch (cause) {
    const parts = {
      received: "a path was given",
      expected: "there is no file system here",
      hint: "In a browser use model.toBytes and modelFromBytes.",
    };
    throw new FileError("file/no-file-system", parts, "", { cause });
  }
}

/** The file system of Node. @throws FileError `file/no-file-system` in a browser. */
export async function nodeFileSystem(load?: () => Promise<NodeModules>): Promise<FileSystem> {
  const node = await nodeModules(load);
  const { promises, path } = node;
  // Windows has no O_NOFOLLOW and O_NONBLOCK; the flags are left out there.
  const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = node.fs.constants;
  return {
    async look(target) {
      try {
        return describe(await promises.lstat(target));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    create: async (target, mode) => wrap(await promises.open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)),
    openFile: async (target) => wrap(await promises.open(target, O_RDONLY | O_NONBLOCK)),
    openFolder: async (target) => (path.sep === "\\" ? undefined : wrap(await promises.open(target, O_RDONLY))),
    rename: (from, to) => promises.rename(from, to),
    unlink: (target) => promises.unlink(target),
    list: (folder) => promises.readdir(folder),
    split: (target) => ({ folder: path.dirname(target), name: path.basename(target) }),
    join: (folder, name) => path.join(folder, name),
    processId: globalThis.process.pid,
    isAlive(processId) {
      try {
        return globalThis.process.kill(processId, 0);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== "ESRCH";
      }
    },
  };
}

function describe(stats: Fs.Stats): EntryInfo {
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "other";
  return { kind, mode: stats.mode & 0o777, size: stats.size };
}

function wrap(handle: FsPromises.FileHandle): OpenFile {
  return {
    info: async () => describe(await handle.stat()),
    read: async (bytes, position) => (await handle.read(bytes, 0, bytes.length, position)).bytesRead,
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    setMode: (mode) => handle.chmod(mode),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}
