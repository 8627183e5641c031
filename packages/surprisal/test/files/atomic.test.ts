/** Saving and loading on the real file system. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../../src/base/errors.ts";
import { readFileBytes, removeOrphans, writeFileAtomic } from "../../src/files/atomic.ts";
import { FileError } from "../../src/files/fileError.ts";
import { nodeFileSystem } from "../../src/files/fileSystem.ts";
import { Errno, watched } from "./simFileSystem.ts";

const bytes = (length: number, seed = 1) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 255);
/** Compares without the cost of listing millions of elements. */
const expectBytes = (got: Uint8Array, want: Uint8Array) => expect(Buffer.compare(got, want)).toBe(0);
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surprisal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function failure(promise: Promise<unknown>): Promise<FileError> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(FileError);
  return error as FileError;
}

describe("on disk", () => {
  it("writes, replaces and reads, and leaves nothing else", async () => {
    const path = join(folder, "m.safetensors");
    for (const length of [0, 1, 1000, 5_000_000, 3]) {
      await writeFileAtomic(path, bytes(length));
      expectBytes(readFileSync(path), bytes(length));
      expectBytes(await readFileBytes(path), bytes(length));
      expect(readdirSync(folder)).toEqual(["m.safetensors"]);
    }
  });

  it("writes and reads more than one chunk", async () => {
    const path = join(folder, "big");
    const big = new Uint8Array(2 ** 26 + 12_345);
    for (let i = 0; i < big.length; i += 4093) big[i] = i & 255;
    await writeFileAtomic(path, big);
    expectBytes(await readFileBytes(path), big);
  });

  it("keeps the permissions of the file it replaces, whatever the umask", async () => {
    const path = join(folder, "m");
    for (const mode of [0o600, 0o666, 0o640, 0o777]) {
      writeFileSync(path, "old");
      chmodSync(path, mode);
      await writeFileAtomic(path, bytes(10));
      expect(statSync(path).mode & 0o777).toBe(mode);
    }
  });

  it("refuses to replace a file marked read-only", async () => {
    const path = join(folder, "m");
    writeFileSync(path, "old", { mode: 0o444 });
    expect((await failure(writeFileAtomic(path, bytes(10)))).code).toBe("file/read-only");
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  it("refuses what is not a file, without waiting for it", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    mkdirSync(join(folder, "sub"));
    for (const path of [folder, join(folder, "sub"), join(folder, "pipe"), "/dev/null", "/dev/zero"]) {
      expect((await failure(writeFileAtomic(path, bytes(10)))).code).toBe("file/not-a-file");
      expect((await failure(readFileBytes(path))).code).toBe("file/not-a-file");
    }
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("names what is missing or impossible", async () => {
    writeFileSync(join(folder, "file"), "x");
    symlinkSync("loop", join(folder, "loop"));
    const paths: readonly [path: string, write: string, read: string][] = [
      [join(folder, "no", "m"), "file/not-found", "file/not-found"],
      [join(folder, "file", "m"), "file/not-found", "file/not-found"],
      [join(folder, "x".repeat(300)), "file/name-too-long", "file/name-too-long"],
      [join(folder, "loop", "m"), "file/link-loop", "file/link-loop"],
    ];
    for (const [path, write, read] of paths) {
      const error = await failure(writeFileAtomic(path, bytes(10)));
      expect(error.code).toBe(write);
      expect(error.message).toContain(path);
      expect(error.cause).toBeInstanceOf(Error);
      expect((await failure(readFileBytes(path))).code).toBe(read);
    }
    expect((await failure(removeOrphans(join(folder, "no", "m")))).code).toBe("file/not-found");
    expect(readdirSync(folder).sort()).toEqual(["file", "loop"]);
  });

  it("refuses a path that is none", async () => {
    for (const path of ["", "a\0b", undefined, 3, new Uint8Array(2)] as string[]) {
      for (const call of [writeFileAtomic(path, bytes(1)), readFileBytes(path), removeOrphans(path)]) {
        const error = await call.catch((e: unknown) => e);
        expect(error).toBeInstanceOf(InvalidArgumentError);
        expect((error as InvalidArgumentError).code).toBe("file/bad-path");
      }
    }
  });

  it("replaces a symbolic link instead of following it, at the target and at the temporary name", async () => {
    const victim = join(folder, "victim");
    const path = join(folder, "m");
    writeFileSync(victim, "precious");
    symlinkSync(victim, path);
    symlinkSync(victim, join(folder, `.m.${process.pid}-0.tmp`));
    symlinkSync(join(folder, "nowhere"), join(folder, `.m.${process.pid}-1.tmp`));
    await writeFileAtomic(path, bytes(10));
    expect(readFileSync(victim, "utf8")).toBe("precious");
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
    expect(lstatSync(path).isFile()).toBe(true);
  });

  it("lets writers of one file finish in any order, each whole", async () => {
    const path = join(folder, "m");
    const versions = Array.from({ length: 20 }, (_, v) => bytes(100_000, v));
    await Promise.all(versions.map((v) => writeFileAtomic(path, v)));
    const left = await readFileBytes(path);
    expect(versions.some((v) => Buffer.compare(v, left) === 0)).toBe(true);
    expect(readdirSync(folder)).toEqual(["m"]);
  });

  it("removes what a killed writer left", async () => {
    const dead = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
    writeFileSync(join(folder, `.m.${dead}-0.tmp`), "half");
    writeFileSync(join(folder, `.m.${process.pid}-0.tmp`), "being written");
    expect(await removeOrphans(join(folder, "m"))).toEqual([`.m.${dead}-0.tmp`]);
    expect(readdirSync(folder)).toEqual([`.m.${process.pid}-0.tmp`]);
  });

  it("keeps the old file and leaves nothing whichever call fails", async () => {
    const path = join(folder, "m");
    writeFileSync(path, "old");
    let failures = 0;
    for (let n = 1; ; n++) {
      let at = 0;
      const fs = watched(await nodeFileSystem(), async (name, run) => {
        if (++at !== n) return run();
        // A close that fails has closed.
        if (name === "close") await run();
        throw new Errno("ENOSPC");
      });
      const error = await writeFileAtomic(path, bytes(1000), fs).catch((e: unknown) => e);
      if (error === undefined) break;
      failures++;
      expect(error).toBeInstanceOf(FileError);
      const renamed = (error as FileError).code === "file/not-durable";
      expect(readFileSync(path, "latin1")).toBe(renamed ? Buffer.from(bytes(1000)).toString("latin1") : "old");
      expect(readdirSync(folder)).toEqual(["m"]);
      writeFileSync(path, "old");
    }
    expect(failures).toBe(10);
    expect(readFileSync(path)).toEqual(Buffer.from(bytes(1000)));
  });
});

/** A small file system of memory at `folder`, or the reason why there can be none. */
function mount(options: string): string | undefined {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr ?? error).trim();
  }
}

describe("on a small disk", () => {
  it("keeps the old file when the disk is full, and when it is read-only", async ({ skip }) => {
    const reason = mount("size=2m");
    if (reason !== undefined) {
      console.log(`skipped: no disk of 2 MB can be mounted (${reason})`);
      skip(reason);
    }
    try {
      const path = join(folder, "m");
      const old = bytes(1_200_000);
      await writeFileAtomic(path, old);
      const error = await failure(writeFileAtomic(path, bytes(1_945_600, 2)));
      expect(error.code).toBe("file/no-space");
      expect(error.message).toBe(
        `${path} could not be saved, but the disk is full. Free some space or choose another disk, and save again.`,
      );
      expect(readdirSync(folder)).toEqual(["m"]);
      expectBytes(await readFileBytes(path), old);
      await writeFileAtomic(path, bytes(500_000, 3));
      execFileSync("mount", ["-o", "remount,ro", folder]);
      expect((await failure(writeFileAtomic(path, bytes(10)))).code).toBe("file/read-only");
      expectBytes(await readFileBytes(path), bytes(500_000, 3));
    } finally {
      execFileSync("umount", [folder]);
    }
  });
});

it("where there is no file system, says what to use instead", async () => {
  const error = await failure(nodeFileSystem(() => Promise.reject(new Error("no such module"))));
  expect(error.code).toBe("file/no-file-system");
  expect(error.message).toBe(
    "a path was given, but there is no file system here. In a browser use model.toBytes and modelFromBytes.",
  );
});
