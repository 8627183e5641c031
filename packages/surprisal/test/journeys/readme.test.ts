/** The READMEs' examples run as they stand: scripts print what stands behind their arrows, commands what stands below them. */
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { blocks, expectToPrintItsArrows, repository, scratchFolder, scriptsOf } from "./pages.ts";

const folder = scratchFolder();
const scripts = ["README.md", "packages/surprisal/README.md"].flatMap(scriptsOf);
/** In this order: a model has to be fitted before it is evaluated. */
const commands = ["packages/cli/README.md", "README.md"].flatMap((page) =>
  blocks(page, "").map((text) => {
    const [command = "", ...lines] = text.trimEnd().split("\n");
    return { title: `${page}: ${command}`, command, lines };
  }),
);

test("there are five scripts and three commands", () => expect([scripts.length, commands.length]).toEqual([5, 3]));

test.each(scripts)("$title", ({ title, code }) => expectToPrintItsArrows(folder, title, code));

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
