/** docs/losses: made from the definitions and current, every example runs, every link leads somewhere. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { explainLoss, losses } from "surprisal";
import { afterAll, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = join(repository, "docs/losses");
/** Inside the repository, where `surprisal` resolves to the built package. */
const scratch = mkdtempSync(join(repository, "node_modules/.loss-pages-"));
/** A repository of symbolic links around a copy of the pages. */
const house = mkdtempSync(join(tmpdir(), "surprisal-loss-pages-"));
afterAll(() => {
  for (const path of [scratch, house]) rmSync(path, { recursive: true, force: true });
});

const page = (name: string) => readFileSync(join(folder, `${name}.md`), "utf8");
const names = losses.list().map(({ name }) => name);

test("every loss has a page with what its definition says, and a place in the list", () => {
  const list = page("README");
  expect(list).toContain(`${names.length} losses by name.`);
  let pictures = 0;
  for (const name of names) {
    const { summary, formula, parameters, examples } = explainLoss(name);
    const text = page(name);
    expect(list.split(`(${name}.md)`).length, name).toBe(2);
    for (const part of [
      `# ${name}\n`,
      summary,
      `$$${formula}$$`,
      "## When to use it",
      "## What it takes",
      "## What it costs",
    ]) {
      expect(text, name).toContain(part);
    }
    for (const parameter of parameters) expect(text).toContain(`| \`${parameter.name}\` |`);
    expect(text.match(/\/\/ → /g)?.length, name).toBe(examples.length);
    // A loss without targets is evaluated on undefined.
    expect(text.replaceAll("evaluate(undefined, ", ""), name).not.toMatch(/undefined|\[object|→ NaN/);
    if (existsSync(join(folder, `curves/${name}.svg`))) pictures++;
    expect(text.includes(`(curves/${name}.svg)`)).toBe(existsSync(join(folder, `curves/${name}.svg`)));
  }
  expect(pictures).toBe(readdirSync(join(folder, "curves")).length);
  expect(pictures).toBeGreaterThanOrEqual(54);
});

test("every link of the pages leads somewhere", () => {
  let links = 0;
  const dead = readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) =>
      [...readFileSync(join(folder, name), "utf8").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, target = ""]) => {
        if (/^[a-z]+:/.test(target)) return [];
        links++;
        return existsSync(join(folder, target)) ? [] : [`${name}: ${target}`];
      }),
    );
  expect(dead).toEqual([]);
  expect(links).toBeGreaterThan(2 * 54);
});

test("every example of the pages runs, and prints what it says", () => {
  const wanted: string[] = [];
  const scripts = names.map((name) => {
    const code = /```ts\n([\s\S]*?)```/.exec(page(name))?.[1] ?? "";
    expect(code, name).toContain('from "surprisal/losses"');
    wanted.push(name, ...[...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text = ""]) => text));
    const file = join(scratch, `${name}.mjs`);
    writeFileSync(file, code);
    return `console.log(${JSON.stringify(name)});\nawait import(${JSON.stringify(pathToFileURL(file).href)});\n`;
  });
  writeFileSync(join(scratch, "all.mjs"), scripts.join(""));
  const ran = spawnSync(process.execPath, [join(scratch, "all.mjs")], { encoding: "utf8" });
  expect([ran.status, ran.stderr]).toEqual([0, ""]);
  expect(ran.stdout.trimEnd().split("\n")).toEqual(wanted);
  expect(wanted.length).toBeGreaterThan(3 * 54);
});

test("a page that is stale, missing or left over is noticed", () => {
  const generate = (...words: string[]) => {
    const ran = spawnSync(process.execPath, [join(repository, "tools/generate.mjs"), "--root", house, ...words], {
      encoding: "utf8",
    });
    return { status: ran.status, output: ran.stdout + ran.stderr };
  };
  for (const path of ["packages", "bench"]) symlinkSync(join(repository, path), join(house, path));
  for (const path of ["docs", "README.md"]) cpSync(join(repository, path), join(house, path), { recursive: true });
  const here = (path: string) => join(house, "docs/losses", path);
  expect(generate("--check")).toMatchObject({ status: 0 });

  const mae = readFileSync(here("meanAbsoluteError.md"), "utf8");
  writeFileSync(here("meanAbsoluteError.md"), mae.replace("residual", "difference"));
  rmSync(here("curves/huber.svg"));
  writeFileSync(here("oldLoss.md"), mae);
  writeFileSync(here("curves/oldLoss.svg"), "<svg/>");
  mkdirSync(dirname(here("own.md")), { recursive: true });
  writeFileSync(here("own.md"), "# Written by hand\n");
  const found = generate("--check");
  expect(found.status).toBe(1);
  for (const problem of [
    "docs/losses/meanAbsoluteError.md is out of date",
    "docs/losses/curves/huber.svg is out of date",
    "docs/losses/oldLoss.md is left over",
    "docs/losses/curves/oldLoss.svg is left over",
    "4 problems",
  ]) {
    expect(found.output).toContain(problem);
  }
  expect(generate().status).toBe(0);
  expect(generate("--check")).toMatchObject({ status: 0 });
  expect(readFileSync(here("meanAbsoluteError.md"), "utf8")).toBe(mae);
  expect([existsSync(here("curves/huber.svg")), existsSync(here("oldLoss.md")), existsSync(here("own.md"))]).toEqual([
    true,
    false,
    true,
  ]);
});
