/** `surprisal doctor`, as a user runs it. No figure that is measured is held against another: how busy a machine is is its own affair. */
import { spawnSync } from "node:child_process";
import { devices, version } from "surprisal";
import { describe, expect, test } from "vitest";
import { testFolder } from "../files.ts";
import { program, surprisal } from "./program.ts";

const folder = testFolder();
const run = (...words: string[]) => surprisal(folder, ["doctor", ...words]);

describe("surprisal doctor", () => {
  test("says what this machine has, what it does at best, and what will be used", () => {
    const ran = run();
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    const lines = ran.stdout.trimEnd().split("\n");
    expect(lines[0]).toBe(`surprisal ${version}`);
    expect(lines.filter((line) => /^\S.*/.test(line) && !/^[✓·–✗]/.test(line)).slice(1)).toEqual([
      "machine",
      "device wasm",
      "at best, float32, measured now",
      "what will be used",
    ]);
    expect(ran.stdout).toContain(`Node ${process.versions.node}`);
    for (const { name, state, why } of devices.describe().features) {
      expect(ran.stdout).toMatch(new RegExp(`^[✓·–] ${name} +${state}: `, "m"));
      expect(ran.stdout).toContain(why);
    }
    expect(ran.stdout).toMatch(/^ +matrix products +[\d.e+]+ GFLOP\/s$/m);
    expect(ran.stdout).toMatch(/^ +memory +[\d.e+]+ GB\/s on 24 KiB, [\d.e+]+ GB\/s on 768 KiB/m);
    expect(ran.stdout).toMatch(/device +wasm, the first of wasm, interpreter/);
    expect(ran.stdout).not.toMatch(/NaN|undefined|Infinity/);
    expect(ran.stdout).not.toContain("\u001b");
    expect(run("--no-measure", "--color").stdout).toContain("\u001b[32m✓\u001b[39m");
  });

  test("as JSON: everything that the text says", () => {
    const { json, status } = run("--json", "--dtype", "float64");
    expect(status).toBe(0);
    expect(json).toMatchObject({ version, device: "wasm", works: true, machine: { node: process.versions.node } });
    expect(json.devices).toEqual(JSON.parse(JSON.stringify(devices.list().map((name) => devices.describe(name)))));
    const { dtype, productGigaflops, chainGigaflops, memory } = json.ceilings;
    expect(dtype).toBe("float64");
    for (const figure of [productGigaflops, chainGigaflops, memory[0].gigabytesPerSecond]) {
      expect(figure).toBeGreaterThan(0);
    }
    for (const bytes of ["memoryBytes", "heapLimitBytes"]) expect(json.machine[bytes]).toBeGreaterThan(2 ** 20);
    expect(json.machine.cores).toBeGreaterThanOrEqual(1);
  });

  test("only looks with --no-measure, at another device too", () => {
    expect(run("--no-measure").stdout).not.toContain("GFLOP");
    const { json } = run("--no-measure", "--json", "--device", "interpreter");
    expect([json.device, json.works, json.ceilings]).toEqual(["interpreter", true, undefined]);
    expect(run("--no-measure", "--device", "interpreter").stdout).toMatch(/^device interpreter$/m);
  });

  test("ends with 1 where the device cannot run, says why, and what would", () => {
    const ran = spawnSync(process.execPath, ["--jitless", program, "doctor"], { cwd: folder, encoding: "utf8" });
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/^✗ WebAssembly +missing: this engine runs without it/m);
    expect(ran.stdout).toMatch(/none: wasm cannot run here; interpreter would/);
    expect(ran.stdout).not.toContain("at best");
  });

  test("wrong usage is 2 and names what there is; help teaches", () => {
    const wrong: [string[], RegExp][] = [
      [["--device", "wam"], /Did you mean "wasm"/],
      [["--dtype", "int8"], /float32/],
      [["data.csv"], /surprisal doctor --help/],
    ];
    for (const [words, said] of wrong) {
      const ran = run(...words);
      expect(ran.status, words.join(" ")).toBe(2);
      expect(ran.stderr).toMatch(said);
      expect(ran.stdout).toBe("");
    }
    const help = run("--help").stdout;
    for (const part of ["Examples:", "--no-measure", "GFLOP/s", "Exit codes:", "is there and not used"]) {
      expect(help).toContain(part);
    }
    expect(surprisal(folder, ["--help"]).stdout).toContain("surprisal doctor");
  });
});
