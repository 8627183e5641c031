/** Every system call of a save fails once and for ever, and the power goes before and after each. What was saved last always loads. */
import { describe, expect, it } from "vitest";
import { tensor } from "../../src/base/tensor.ts";
import { readFileBytes, removeOrphans, writeFileAtomic } from "../../src/files/atomic.ts";
import { FileError } from "../../src/files/fileError.ts";
import type { FileSystem } from "../../src/files/fileSystem.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/files/safetensors.ts";
import { Errno, type Interceptor, SimDisk, watched } from "./simFileSystem.ts";

const path = "m.safetensors";
const model = (x: number) => encodeSafetensors(new Map([["w", tensor([x, x, x, x])]]), { version: String(x) });
const oldBytes = model(1);
const newBytes = model(2);

type Writer = (path: string, bytes: Uint8Array, fs: FileSystem) => Promise<void>;

function disk(withOld: boolean): SimDisk {
  const made = new SimDisk();
  if (withOld) made.plant(path, oldBytes, 0o664);
  return made;
}

/** Which save a file's bytes are, by reading them as a model. */
function versionOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "none";
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const version = metadata.get("version") ?? "?";
    return tensors.get("w")?.data.every((x) => String(x) === version) ? version : "damaged";
  } catch {
    return "damaged";
  }
}

/** Takes at most 40 bytes at a time, so that a save is several writes. */
const inPieces: Interceptor = (name, run, bytes) => (name === "write" ? run(Math.min(40, bytes?.length ?? 0)) : run());

/** Number of calls of an undisturbed save. */
async function countCalls(writer: Writer, withOld: boolean): Promise<number> {
  let calls = 0;
  const fs = watched(disk(withOld), (name, run, bytes) => {
    calls++;
    return inPieces(name, run, bytes);
  });
  await writer(path, newBytes, fs);
  return calls;
}

/** Cuts the power before or after each call of a save, of which call `failing` fails if it is not 0; gives the number of states looked at and the faults found in them. */
async function cutEverywhere(
  writer: Writer,
  withOld: boolean,
  failing = 0,
): Promise<{ states: number; faults: string[] }> {
  const faults: string[] = [];
  let states = 0;
  const look = (sim: SimDisk, allowed: readonly string[], when: string) => {
    for (const left of sim.afterPowerCut(path)) {
      states++;
      const version = versionOf(left);
      if (!allowed.includes(version)) faults.push(`${when}: ${version}`);
    }
  };
  const before = withOld ? "1" : "none";
  const calls = await countCalls(writer, withOld);
  // A save that fails has up to two more calls, to clean up.
  for (let n = failing + 1; n <= calls + 2; n++) {
    for (const side of ["before", "after"]) {
      const sim = disk(withOld);
      let at = 0;
      let off = false;
      const fs = watched(sim, async (name, run, bytes) => {
        if (off) throw new Errno("EIO");
        at++;
        if (at === failing) throw new Errno("ENOSPC");
        if (at === n && side === "after") await inPieces(name, run, bytes);
        if (at !== n) return inPieces(name, run, bytes);
        off = true;
        look(sim, [before, "2"], `${side} call ${n} (${name})`);
        throw new Errno("EIO");
      });
      await writer(path, newBytes, fs).catch(() => undefined);
    }
  }
  if (failing > 0) return { states, faults };
  const sim = disk(withOld);
  await writer(path, newBytes, watched(sim, inPieces));
  look(sim, ["2"], "after the save was reported done");
  return { states, faults };
}

describe("a power cut", () => {
  it.each([true, false])(
    "leaves the old file or the new one, and the new one once it is reported (old file: %s)",
    async (withOld) => {
      const { states, faults } = await cutEverywhere(writeFileAtomic, withOld);
      expect(faults).toEqual([]);
      expect(states).toBeGreaterThan(40);
      let after = 0;
      const calls = await countCalls(writeFileAtomic, withOld);
      for (let failing = 1; failing <= calls; failing++) {
        const cut = await cutEverywhere(writeFileAtomic, withOld, failing);
        expect(cut.faults).toEqual([]);
        after += cut.states;
      }
      expect(after).toBeGreaterThan(40);
      console.log(
        `power cuts (old file: ${withOld}): ${states} states in a save, ${after} in one that fails; each loads`,
      );
    },
  );

  const steps = async (
    fs: FileSystem,
    bytes: Uint8Array,
    options: { sync?: boolean; once?: boolean; folder?: boolean },
  ) => {
    const file = await fs.create("t", 0o600);
    for (let at = 0; at < bytes.length; ) {
      const written = await file.write(bytes.subarray(at), at);
      at += options.once ? bytes.length : written;
    }
    if (options.sync ?? true) await file.sync();
    await file.close();
    await fs.rename("t", path);
    if (options.folder ?? true) await (await fs.openFolder(""))?.sync();
  };
  const planted: readonly [fault: string, shows: RegExp, writer: Writer][] = [
    [
      "writing in place",
      /damaged|none/,
      async (_path, bytes, fs) => {
        await fs.unlink(path);
        const file = await fs.create(path, 0o600);
        for (let at = 0; at < bytes.length; ) at += await file.write(bytes.subarray(at), at);
        await file.sync();
        await (await fs.openFolder(""))?.sync();
      },
    ],
    ["no fsync of the file", /damaged/, (_path, bytes, fs) => steps(fs, bytes, { sync: false })],
    ["no fsync of the folder", /reported done: 1/, (_path, bytes, fs) => steps(fs, bytes, { folder: false })],
    [
      "a short write taken for a whole one",
      /reported done: damaged/,
      (_path, bytes, fs) => steps(fs, bytes, { once: true }),
    ],
  ];
  it.each(planted)("shows the planted fault: %s", async (_fault, shows, writer) => {
    const { faults } = await cutEverywhere(writer, true);
    expect(faults.join("\n")).toMatch(shows);
  });
  it("and finds nothing in the right order of the same steps", async () => {
    expect((await cutEverywhere((_path, bytes, fs) => steps(fs, bytes, {}), true)).faults).toEqual([]);
    expect(planted.length).toBe(4);
  });
});

describe("a failing call", () => {
  const codes: Record<string, string> = {
    EIO: "file/io",
    ENOSPC: "file/no-space",
    EDQUOT: "file/quota-exceeded",
    EMFILE: "file/too-many-open-files",
    EACCES: "file/permission-denied",
    EROFS: "file/read-only",
    EINTR: "file/failed",
    EWHATEVER: "file/failed",
  };
  const cases = Object.keys(codes).flatMap((errno) =>
    [true, false].flatMap((withOld) =>
      [true, false].map((once) => [errno, once ? "once" : "for ever", withOld, once] as const),
    ),
  );
  it.each(cases)(
    "%s %s (old file: %s) gives a typed error and keeps the old file",
    async (errno, _times, withOld, once) => {
      const calls = await countCalls(writeFileAtomic, withOld);
      expect(calls).toBeGreaterThan(8);
      let failures = 0;
      for (let n = 1; n <= calls; n++) {
        const sim = disk(withOld);
        let at = 0;
        let failed = "";
        const fs = watched(sim, (name, run, bytes) => {
          at++;
          if (at < n || (once && at > n)) return inPieces(name, run, bytes);
          failed ||= name;
          return Promise.reject(new Errno(errno));
        });
        const error = await writeFileAtomic(path, newBytes, fs).then(
          () => undefined,
          (e: unknown) => e,
        );
        const where = `call ${n} (${failed})`;
        if (error === undefined) {
          // A call interrupted once is made again; closing is not. Any other error must come out.
          expect(errno === "EINTR" && (once || failed === "close"), where).toBe(true);
          expect(versionOf(sim.content(path)), where).toBe("2");
          continue;
        }
        failures++;
        expect(error, where).toBeInstanceOf(FileError);
        const { code, errno: said, hint, message } = error as FileError;
        expect(said, where).toBe(errno);
        expect(message, where).toContain(path);
        expect(hint.length).toBeGreaterThan(10);
        if (code === "file/not-durable") {
          expect(versionOf(sim.content(path)), where).toBe("2");
        } else {
          expect(code, where).toBe(codes[errno]);
          expect(versionOf(sim.content(path)), where).toBe(withOld ? "1" : "none");
        }
        for (const left of sim.afterPowerCut(path)) expect(["1", "2", "none"], where).toContain(versionOf(left));
        if (withOld) for (const left of sim.afterPowerCut(path)) expect(left, where).toBeDefined();
        // While the fault lasts the temporary file cannot be removed; the next start does it.
        if (!once) {
          sim.alive.clear();
          await removeOrphans(path, sim);
        }
        expect(sim.names(), where).toEqual(withOld || code === "file/not-durable" ? [path] : []);
      }
      if (errno !== "EINTR") expect(failures).toBe(calls);
      else if (once) expect(failures).toBe(0);
      else expect(failures).toBeGreaterThan(calls - 3);
    },
  );
  it("has the cases it should", () => {
    expect(cases.length).toBe(32);
  });

  it("that writes less than asked is made again with the rest, down to a byte at a time", async () => {
    const sim = disk(true);
    let writes = 0;
    const fs = watched(sim, (name, run) => {
      if (name !== "write") return run();
      writes++;
      return run(1);
    });
    await writeFileAtomic(path, newBytes, fs);
    expect(sim.content(path)).toEqual(newBytes);
    expect(writes).toBe(newBytes.length);
    expect(sim.modeOf(path)).toBe(0o664);
  });

  it("that writes nothing ends the save", async () => {
    for (let n = 1; n <= 3; n++) {
      const sim = disk(true);
      let writes = 0;
      const fs = watched(sim, (name, run, bytes) =>
        name === "write" && ++writes >= n ? run(0) : inPieces(name, run, bytes),
      );
      await expect(writeFileAtomic(path, newBytes, fs)).rejects.toMatchObject({ code: "file/short-write" });
      expect(sim.names()).toEqual([path]);
      expect(sim.content(path)).toEqual(oldBytes);
    }
  });

  it.each(["EINVAL", "ENOTSUP", "ENOSYS"])(
    "%s from the sync of a folder is what some file systems say for “no such thing”",
    async (errno) => {
      const sim = disk(true);
      let syncs = 0;
      const fs = watched(sim, (name, run) =>
        name === "sync" && ++syncs === 2 ? Promise.reject(new Errno(errno)) : run(),
      );
      await writeFileAtomic(path, newBytes, fs);
      expect(syncs).toBe(2);
      expect(versionOf(sim.content(path))).toBe("2");
    },
  );

  it("ends a read with a typed error too", async () => {
    let failures = 0;
    for (const errno of Object.keys(codes)) {
      for (const once of [true, false]) {
        for (let n = 1; ; n++) {
          let at = 0;
          const fs = watched(disk(true), (_name, run) => {
            at++;
            return at === n || (!once && at > n) ? Promise.reject(new Errno(errno)) : run();
          });
          const result = await readFileBytes(path, fs).catch((e: unknown) => e);
          if (result instanceof Uint8Array) expect(result).toEqual(oldBytes);
          else {
            failures++;
            expect(result).toBeInstanceOf(FileError);
            expect((result as FileError).code).toBe(codes[errno]);
          }
          if (at < n) break;
        }
      }
    }
    expect(failures).toBeGreaterThan(70);
  });
});

describe("readFileBytes", () => {
  it("takes short reads", async () => {
    expect(
      await readFileBytes(
        path,
        watched(disk(true), (name, run) => run(name === "read" ? 1 : undefined)),
      ),
    ).toEqual(oldBytes);
  });
  it.each([-1, 1])("notices a file that changes by %i byte meanwhile", async (change) => {
    const fs = watched(disk(true), async (name, run) => {
      const result = await run();
      return name === "info" ? { ...(result as object), size: oldBytes.length - change } : result;
    });
    await expect(readFileBytes(path, fs)).rejects.toMatchObject({ code: "file/changed" });
  });
  it("refuses a file that no memory holds", async () => {
    const fs = watched(disk(true), async (name, run) => {
      const result = await run();
      return name === "info" ? { ...(result as object), size: 2 ** 52 } : result;
    });
    await expect(readFileBytes(path, fs)).rejects.toMatchObject({ code: "file/too-big" });
  });
});

describe("temporary files", () => {
  it("that are there already are stepped over", async () => {
    const sim = disk(true);
    for (let n = 0; n < 5; n++) sim.plant(`.${path}.42-${n}.tmp`, Uint8Array.of(n));
    await writeFileAtomic(path, newBytes, sim);
    expect(versionOf(sim.content(path))).toBe("2");
    expect(sim.names().length).toBe(6);
  });
  it("by the thousand end in an error", async () => {
    const sim = disk(true);
    for (let n = 0; n < 1000; n++) sim.plant(`.${path}.42-${n}.tmp`, Uint8Array.of(1));
    await expect(writeFileAtomic(path, newBytes, sim)).rejects.toBeInstanceOf(FileError);
    expect(versionOf(sim.content(path))).toBe("1");
  });
  it("of dead processes are removed, nothing else is", async () => {
    const sim = disk(true);
    const kept = [
      `.${path}.42-0.tmp`,
      `.other.7-0.tmp`,
      `.${path}.7-0.tmp.bak`,
      `.${path}.x-0.tmp`,
      `${path}.7-0.tmp`,
      `.${path}x.7-0.tmp`,
    ];
    const dead = [`.${path}.7-0.tmp`, `.${path}.99-12.tmp`];
    for (const name of [...kept, ...dead]) sim.plant(name, Uint8Array.of(1));
    expect((await removeOrphans(path, sim)).sort()).toEqual(dead);
    expect(sim.names()).toEqual([...kept, path].sort());
  });
});
