/** The conformance runner, as a user starts it: on the project's own copies, on a wrong value, on wrong usage. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const golden = "packages/surprisal/test/golden";
const scratch = mkdtempSync(join(tmpdir(), "surprisal-conformance-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly unsupported: number;
}
interface Result extends Counts {
  readonly files: Readonly<Record<string, Counts>>;
  readonly failures: readonly { readonly file: string; readonly id: string; readonly errors: readonly string[] }[];
}

function conformance(args: readonly string[], cwd = root) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "tools/conformance.mjs"), ...args], {
    cwd,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** A folder with these files. */
function folder(name: string, files: Readonly<Record<string, unknown>>): string {
  const path = join(scratch, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(path, file, ".."), { recursive: true });
    writeFileSync(join(path, file), typeof content === "string" ? content : JSON.stringify(content));
  }
  return path;
}

const read = (path: string) => JSON.parse(gunzipSync(readFileSync(join(root, golden, path))).toString());

/** Passed and unsupported cases of each file. What is unsupported is not there yet, or a declared deviation: it shrinks. */
const expected: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  data: {
    "errors.json": [129, 84],
    "generators.json.gz": [124, 0],
    "random.json.gz": [81, 0],
    "split.json": [74, 0],
    "transforms.json.gz": [150, 0],
  },
  losses: {
    "classification.json.gz": [541, 0],
    "divergence.json.gz": [360, 1],
    "embedding_ranking.json.gz": [200, 0],
    "llm.json.gz": [176, 0],
    "margin.json.gz": [246, 0],
    "policies.json.gz": [119, 0],
    "reductions.json.gz": [289, 0],
    "regression.json.gz": [578, 0],
    "segmentation.json.gz": [116, 0],
    "sequence.json.gz": [78, 6],
    "survival_count_ordinal.json.gz": [151, 2],
  },
  training: {
    "callbacks.json.gz": [78, 0],
    "fit.json.gz": [159, 19],
    "initializers.json.gz": [70, 0],
    "layers.json.gz": [126, 98],
    "metrics.json.gz": [177, 21],
    "optimizers.json.gz": [95, 139],
    "schedules.json.gz": [30, 27],
  },
};

describe("the project's own copies", () => {
  for (const [set, files] of Object.entries(expected)) {
    it(set, { timeout: 300_000 }, ({ task }) => {
      const { status, stdout, stderr } = conformance([join(golden, set), "--json"]);
      const result = JSON.parse(stdout) as Result;
      expect(Object.keys(result)).toEqual(["passed", "failed", "unsupported", "files", "failures"]);
      expect(result.failures, stderr).toEqual([]);
      const counts = Object.entries(files).map(([file, [passed, unsupported]]) => {
        return [file, { passed, failed: 0, unsupported }] as const;
      });
      expect(result.files).toEqual(Object.fromEntries(counts));
      const sum = (of: keyof Counts) => counts.reduce((total, [, count]) => total + count[of], 0);
      expect([result.passed, result.failed, result.unsupported]).toEqual([sum("passed"), 0, sum("unsupported")]);
      expect(status).toBe(0);
      const run = counts.map(([file, { passed }]) => [`${set}/${file.replace(/\.json(\.gz)?$/, "")}`, passed]);
      Object.assign(task.meta, { golden: Object.fromEntries(run) });
    });
  }
});

describe("a set from elsewhere", () => {
  it("with a wrong expected value fails by its id, whatever else lies about", () => {
    const margin = read("losses/margin.json.gz");
    const [first, ...others] = margin.cases.filter((c: { loss: string }) => c.loss === "hinge").slice(0, 3);
    const wrong = structuredClone(first);
    wrong.expect.perSample = wrong.expect.perSample.map((value: number) => value + 1e-9);
    folder("wrong", {
      "deep/margin.json": { ...margin, cases: [wrong, ...others] },
      "notes.json": { cases: "none" },
      "list.json": [{ id: "not a golden case" }],
      "README.md": "{",
    });
    const { status, stdout } = conformance(["wrong", "--json"], scratch);
    const result = JSON.parse(stdout) as Result;
    expect(status).toBe(1);
    expect(result.files).toEqual({ "deep/margin.json": { passed: 2, failed: 1, unsupported: 0 } });
    expect(result.failures.map(({ file, id }) => [file, id])).toEqual([["deep/margin.json", wrong.id]]);
    expect(result.failures[0]!.errors.join()).toMatch(/float64 wasm: perSample\[0\]: got .*, expected .* ulp\)/);
    const spoken = conformance([join(scratch, "wrong")]);
    expect(spoken.status).toBe(1);
    expect(spoken.stdout).toContain(`✗ deep/margin.json ${wrong.id}`);
    expect(spoken.stdout.trimEnd().split("\n").at(-1)).toBe("2 passed, 1 failed, 0 unsupported");
  });

  it("is found from the folder in which npm was started", () => {
    const margin = read("losses/margin.json.gz");
    folder("npm", { "margin.json": { cases: margin.cases.slice(0, 1) } });
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const { status, stdout } = spawnSync(
      npm,
      ["--silent", "--prefix", root, "run", "conformance", "--", "npm", "--json"],
      {
        cwd: scratch,
        encoding: "utf8",
      },
    );
    expect(Object.keys(JSON.parse(stdout).files)).toEqual(["margin.json"]);
    expect(status).toBe(0);
  });

  it("does not lose a case that has no id, nor one that cannot be run", () => {
    const { cases } = read("losses/margin.json.gz");
    const [good] = cases;
    const { id: _, ...nameless } = good;
    const broken = { ...good, id: "broken", inputs: { yTrue: [[1, 2]], yPred: [[1, 2, 3]] } };
    const { status, stdout } = conformance([
      folder("odd", { "a.json": { cases: [good, nameless, broken] } }),
      "--json",
    ]);
    const { files, failures } = JSON.parse(stdout) as Result;
    expect(files["a.json"]).toEqual({ passed: 2, failed: 1, unsupported: 0 });
    expect(failures.map(({ id }) => id)).toEqual(["broken"]);
    expect(status).toBe(1);
  });
});

it.each([
  ["no folder", () => [], /^usage: /m],
  ["two folders", () => [scratch, scratch], /^usage: /m],
  ["a folder that is not there", () => [join(scratch, "nowhere")], /nowhere is no folder/],
  ["an unknown option", () => [scratch, "--jsn"], /There is no option --jsn/],
  ["nothing golden", () => [folder("empty", { "a.json": {} })], /empty holds no golden file/],
  ["a file cut short", () => [folder("cut", { "a.json": '{"cases": [{' })], /a\.json cannot be read as JSON/],
] as const)("%s is wrong usage", (_, args, message) => {
  const { status, stdout, stderr } = conformance([...args(), "--json"]);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});
