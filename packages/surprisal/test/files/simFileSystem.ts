/**
 * A disk in memory that tells what a power cut may leave on it, and a wrapper that sees every call to a file system, to fail it or
 * to cut the power there. The disk follows what POSIX promises and no more: data is safe after fsync of the file, names after
 * fsync of the folder, and until then any part of it may be lost, torn or arrive in another order.
 */
import type { EntryInfo, FileSystem, OpenFile } from "../../src/files/fileSystem.ts";

interface Inode {
  live: Uint8Array;
  durable: Uint8Array;
  /** Writes since the last fsync. */
  pending: { position: number; bytes: Uint8Array }[];
  mode: number;
}
/** A change to the folder: the names it removes, and the one it sets. */
interface NameChange {
  readonly removed: readonly string[];
  readonly set?: readonly [string, Inode];
}

export class Errno extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`${code}: injected or simulated`);
    this.code = code;
  }
}

function overlay(base: Uint8Array, writes: Inode["pending"]): Uint8Array {
  const length = Math.max(base.length, ...writes.map((w) => w.position + w.bytes.length));
  const out = new Uint8Array(length);
  out.set(base);
  for (const { position, bytes } of writes) out.set(bytes, position);
  return out;
}

/** Every choice of some of the items, in their order. */
function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_item, i) => bits & (1 << i)));
}

export class SimDisk implements FileSystem {
  readonly processId = 42;
  readonly alive = new Set([42]);
  #live = new Map<string, Inode>();
  #durable = new Map<string, Inode>();
  #pending: NameChange[] = [];

  /** Puts a file on the disk for good. */
  plant(path: string, content: Uint8Array, mode = 0o644): void {
    const inode: Inode = { live: content.slice(), durable: content.slice(), pending: [], mode };
    this.#live.set(path, inode);
    this.#durable.set(path, inode);
  }

  /** What programs see now. */
  content(path: string): Uint8Array | undefined {
    return this.#live.get(path)?.live;
  }
  modeOf(path: string): number | undefined {
    return this.#live.get(path)?.mode;
  }
  names(): string[] {
    return [...this.#live.keys()].sort();
  }

  /** Everything that a power cut now may leave at `path`: undefined for no file. */
  *afterPowerCut(path: string): Generator<Uint8Array | undefined> {
    for (const changes of subsets(this.#pending)) {
      const names = new Map(this.#durable);
      for (const { removed, set } of changes) {
        for (const name of removed) names.delete(name);
        if (set !== undefined) names.set(...set);
      }
      const inode = names.get(path);
      if (inode === undefined) yield undefined;
      else yield* this.#dataStates(inode);
    }
  }

  *#dataStates(inode: Inode): Generator<Uint8Array> {
    for (const writes of subsets(inode.pending)) {
      yield overlay(inode.durable, writes);
      for (const torn of writes) {
        // Half of one write arrived; or its length did, its bytes did not.
        const half = { position: torn.position, bytes: torn.bytes.subarray(0, torn.bytes.length >> 1) };
        const blank = { position: torn.position, bytes: new Uint8Array(torn.bytes.length) };
        yield overlay(
          inode.durable,
          writes.map((w) => (w === torn ? half : w)),
        );
        yield overlay(
          inode.durable,
          writes.map((w) => (w === torn ? blank : w)),
        );
      }
    }
  }

  async look(path: string): Promise<EntryInfo | undefined> {
    const inode = this.#live.get(path);
    return inode && { kind: "file", mode: inode.mode, size: inode.live.length };
  }
  async create(path: string, mode: number): Promise<OpenFile> {
    if (this.#live.has(path)) throw new Errno("EEXIST");
    const inode: Inode = { live: new Uint8Array(0), durable: new Uint8Array(0), pending: [], mode: mode & ~0o022 };
    this.#change({ removed: [], set: [path, inode] });
    return this.#open(inode);
  }
  async openFile(path: string): Promise<OpenFile> {
    const inode = this.#live.get(path);
    if (inode === undefined) throw new Errno("ENOENT");
    return this.#open(inode);
  }
  async openFolder(): Promise<OpenFile> {
    const never = () => Promise.reject(new Errno("EISDIR"));
    return {
      info: async () => ({ kind: "folder", mode: 0o755, size: 0 }),
      read: never,
      write: never,
      setMode: never,
      sync: async () => {
        this.#durable = new Map(this.#live);
        this.#pending = [];
      },
      close: async () => undefined,
    };
  }
  async rename(from: string, to: string): Promise<void> {
    const inode = this.#live.get(from);
    if (inode === undefined) throw new Errno("ENOENT");
    this.#change({ removed: [from], set: [to, inode] });
  }
  async unlink(path: string): Promise<void> {
    if (!this.#live.has(path)) throw new Errno("ENOENT");
    this.#change({ removed: [path] });
  }
  async list(): Promise<string[]> {
    return this.names();
  }
  split(path: string): { folder: string; name: string } {
    return { folder: "", name: path };
  }
  join(_folder: string, name: string): string {
    return name;
  }
  isAlive(processId: number): boolean {
    return this.alive.has(processId);
  }

  #change(change: NameChange): void {
    for (const name of change.removed) this.#live.delete(name);
    if (change.set !== undefined) this.#live.set(...change.set);
    this.#pending.push(change);
  }

  #open(inode: Inode): OpenFile {
    return {
      info: async () => ({ kind: "file", mode: inode.mode, size: inode.live.length }),
      read: async (bytes, position) => {
        const part = inode.live.subarray(position, position + bytes.length);
        bytes.set(part);
        return part.length;
      },
      write: async (bytes, position) => {
        const write = { position, bytes: bytes.slice() };
        inode.live = overlay(inode.live, [write]);
        inode.pending.push(write);
        return bytes.length;
      },
      setMode: async (mode) => {
        inode.mode = mode;
      },
      sync: async () => {
        inode.durable = inode.live.slice();
        inode.pending = [];
      },
      close: async () => undefined,
    };
  }
}

export type CallName = "look" | "create" | "openFile" | "openFolder" | "rename" | "unlink" | "list" | keyof OpenFile;
/** Sees a call: runs it, fails it, or changes it. `bytes` is what a write was given; `run(n)` writes only the first n of them. */
export type Interceptor = (
  name: CallName,
  run: (count?: number) => Promise<unknown>,
  bytes?: Uint8Array,
) => Promise<unknown>;

/** A file system whose every call goes through `intercept`. */
export function watched(inner: FileSystem, intercept: Interceptor): FileSystem {
  const through = <T>(name: CallName, run: (count?: number) => Promise<T>, bytes?: Uint8Array) =>
    intercept(name, run, bytes) as Promise<T>;
  const file = (open: OpenFile): OpenFile => ({
    info: () => through("info", () => open.info()),
    read: (bytes, position) => through("read", (n = bytes.length) => open.read(bytes.subarray(0, n), position), bytes),
    write: (bytes, position) =>
      through("write", (n = bytes.length) => open.write(bytes.subarray(0, n), position), bytes),
    setMode: (mode) => through("setMode", () => open.setMode(mode)),
    sync: () => through("sync", () => open.sync()),
    close: () => through("close", () => open.close()),
  });
  return {
    look: (path) => through("look", () => inner.look(path)),
    create: async (path, mode) => file(await through("create", () => inner.create(path, mode))),
    openFile: async (path) => file(await through("openFile", () => inner.openFile(path))),
    openFolder: async (path) => {
      const open = await through("openFolder", () => inner.openFolder(path));
      return open && file(open);
    },
    rename: (from, to) => through("rename", () => inner.rename(from, to)),
    unlink: (path) => through("unlink", () => inner.unlink(path)),
    list: (folder) => through("list", () => inner.list(folder)),
    split: (path) => inner.split(path),
    join: (folder, name) => inner.join(folder, name),
    processId: inner.processId,
    isAlive: (id) => inner.isAlive(id),
  };
}
