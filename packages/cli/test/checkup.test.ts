/** What `surprisal doctor` writes, from figures that are made up. */
import { expect, test } from "vitest";
import { type Checkup, checkupLines } from "../src/output/checkup.ts";
import { paint } from "../src/output/paint.ts";

const wasm = {
  name: "wasm",
  works: true,
  features: [
    {
      name: "WebAssembly",
      state: "used",
      why: "programs are assembled for it, on the spot, and there is much to say about that",
      needed: true,
    },
    { name: "fused multiply-add", state: "unused", why: "for now" },
    { name: "shared memory", state: "missing", why: "not here" },
  ],
} as const;
const interpreter = { name: "interpreter", works: true, features: [] } as const;
const checkup: Checkup = {
  version: "1.2.3",
  machine: {
    node: "20.1.0",
    v8: "11.3",
    platform: "linux x64",
    processor: "Abacus",
    cores: 1,
    memoryBytes: 16 * 2 ** 30,
    memoryLimitBytes: 1.5 * 2 ** 30,
    heapLimitBytes: 512 * 2 ** 20,
  },
  devices: [wasm, interpreter],
  device: "wasm",
  works: true,
  asked: false,
  ceilings: {
    dtype: "float64",
    productGigaflops: 43.21,
    chainGigaflops: 41.8,
    memory: [
      { bytes: 24 * 1024, gigabytesPerSecond: 101 },
      { bytes: 64 * 2 ** 20, gigabytesPerSecond: 20.5 },
    ],
  },
};
const text = (one: Checkup, columns = Number.POSITIVE_INFINITY) => checkupLines(one, columns, paint(false)).join("\n");

test("says what there is, how fast it is, and what will be used", () => {
  const lines = text(checkup);
  for (const line of [
    /^surprisal 1\.2\.3$/m,
    /^ +runtime +Node 20\.1\.0 \(V8 11\.3\) on linux x64$/m,
    /^ +processor +Abacus, 1 core for this process$/m,
    /^ +memory +16 GiB, 1\.5 GiB of it for this process; JavaScript's heap up to 512 MiB/m,
    /^✓ WebAssembly +used: programs/m,
    /^· fused multiply-add +unused: for now$/m,
    /^– shared memory +missing: not here$/m,
    /^at best, float64, measured now$/m,
    /^ +matrix products +43\.21 GFLOP\/s$/m,
    /^ +elementwise +41\.80 GFLOP\/s$/m,
    /^ +memory +101\.0 GB\/s on 24 KiB, 20\.50 GB\/s on 64 MiB$/m,
    /^ +device +wasm, the first of wasm, interpreter; nothing that it needs is missing$/m,
  ]) {
    expect(lines).toMatch(line);
  }
  const { ceilings, ...unmeasured } = checkup;
  expect(text(unmeasured)).not.toContain("at best");
  expect(ceilings).toBeDefined();
  expect(text({ ...checkup, asked: true })).toMatch(/device +wasm, where it is asked for by name/);
});

test("says when nothing can run, and what would", () => {
  const broken = {
    name: "wasm",
    works: false,
    features: [{ name: "SIMD", state: "missing", why: "too old", needed: true }],
  } as const;
  const lines = text({ ...checkup, devices: [broken, interpreter], works: false });
  expect(lines).toMatch(/^✗ SIMD +missing: too old$/m);
  expect(lines).toMatch(/device +none: wasm cannot run here; interpreter would: --device interpreter$/m);
});

test.each([60, 80])("keeps to %d columns, and what is longer goes on below its own column", (columns) => {
  const lines = text(checkup, columns).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  const first = lines.findIndex((line) => line.includes("WebAssembly"));
  expect(lines[first + 1]).toMatch(/^ {24}\S/);
});
