/** The READMEs' examples run as they stand: scripts print what stands behind their arrows, commands what stands below them. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
/** Inside the repository, where `surprisal` resolves to the built package. */
const folder = mkdtempSync(join(repository, "node_modules/.readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What stands between two fences of a page; the fence's word is `ts`, or none. */
const blocks = (page: string, word: string) =>
  [...readFileSync(join(repository, page), "utf8").matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === word)
    .map((match) => match[2] as string);

const scripts = ["README.md", "packages/surprisal/README.md"].flatMap((page) =>
  blocks(page, "ts").map((code, i) => ({ title: `${page}, example ${i + 1}`, code })),
);
/** In this order: a model has to be fitted before it is evaluated. */
const commands = ["packages/cli/README.md", "README.md"].flatMap((page) =>
  blocks(page, "").map((text) => {
    const [command = "", ...lines] = text.trimEnd().split("\n");
    return { title: `${page}: ${command}`, command, lines };
  }),
);

test("there are four scripts and two commands", () => expect([scripts.length, commands.length]).toEqual([4, 2]));

test.each(scripts)("$title", ({ title, code }) => {
  const file = join(folder, `${title.replace(/\W+/g, "-")}.mjs`);
  writeFileSync(file, code);
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], { encoding: "utf8", cwd: folder });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const wanted = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text);
  expect(wanted.length).toBeGreaterThan(0);
  expect(stdout.trimEnd().split("\n")).toEqual(wanted);
});

test.each(commands)("$title", ({ command, lines }) => {
  const datasets = dirname(createRequire(import.meta.url).resolve("vega-datasets"));
  copyFileSync(join(datasets, "../data/penguins.json"), join(folder, "penguins.json"));
  const words = /^\$ surprisal (.*)$/.exec(command)?.[1] ?? "";
  const program = join(repository, "packages/cli/dist/main.js");
  const both = `"${process.execPath}" "${program}" ${words} 2>&1`;
  const { stdout, status } = spawnSync("sh", ["-c", both], { encoding: "utf8", cwd: folder });
  expect(status).toBe(0);
  expect(stdout.trimEnd().split("\n")).toEqual(lines);
});
