/** The examples that stand in pages, run as they stand on the built package. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";

export const repository = fileURLToPath(new URL("../../../../", import.meta.url));

/** An empty folder inside the repository, where `surprisal` resolves to the built package; it goes with the tests. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(repository, "node_modules/.pages-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A page's text. */
export const pageText = (page: string): string => readFileSync(join(repository, page), "utf8");

/** What stands between two fences of a page; the fence's word is `ts`, or none. */
export const blocks = (page: string, word: string): string[] =>
  [...pageText(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === word)
    .map((match) => match[2] as string);

/** A page's scripts. */
export const scriptsOf = (page: string): { title: string; code: string }[] =>
  blocks(page, "ts").map((code, i) => ({ title: `${page}, example ${i + 1}`, code }));

/** Runs a script, which must print what stands behind its arrows and nothing else. */
export function expectToPrintItsArrows(folder: string, title: string, code: string): void {
  const file = join(folder, `${title.replace(/\W+/g, "-")}.mjs`);
  writeFileSync(file, code);
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], { encoding: "utf8", cwd: folder });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const wanted = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text);
  expect(wanted.length).toBeGreaterThan(0);
  expect(stdout.trimEnd().split("\n")).toEqual(wanted);
}
