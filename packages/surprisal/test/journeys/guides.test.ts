/** The guides: every script prints what stands behind its arrows, and no figure in the text is typed by hand. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectToPrintItsArrows, pageText, repository, scratchFolder, scriptsOf } from "./pages.ts";

const folder = scratchFolder();
const guides = readdirSync(join(repository, "docs/guides"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/guides/${name}`);
const scripts = guides.flatMap(scriptsOf);

test("there are five guides with 20 scripts", () => expect([guides.length, scripts.length]).toEqual([5, 20]));

test.each(scripts)("$title", ({ title, code }) => expectToPrintItsArrows(folder, title, code));

const generated = /<!-- generated:(\S+) -->([\s\S]*?)<!-- \/generated:\1 -->/g;
const fenced = /^```\w*\n[\s\S]*?^```$/gm;
const decimals = (text: string) => text.match(/\d+\.\d+/g) ?? [];

test("a decimal in the text is one that a script printed or took, or stands in a generated table", () => {
  let checked = 0;
  for (const guide of guides) {
    const text = pageText(guide);
    const known = new Set(decimals([...(text.match(generated) ?? []), ...(text.match(fenced) ?? [])].join("\n")));
    const written = decimals(text.replace(generated, "").replace(fenced, ""));
    checked += written.length;
    expect(
      written.filter((figure) => !known.has(figure)),
      guide,
    ).toEqual([]);
  }
  expect(checked).toBeGreaterThan(2);
});

test("every figure is there and in use", () => {
  const shown = guides.flatMap((guide) =>
    [...pageText(guide).matchAll(/!\[[^\]]+\]\((images\/[^)]+)\)/g)].map(([, path]) => path),
  );
  const held = readdirSync(join(repository, "docs/guides/images")).map((name) => `images/${name}`);
  expect([...shown].sort()).toEqual(held.sort());
  for (const path of held) {
    const svg = pageText(`docs/guides/${path}`);
    expect(svg).toMatch(/^<svg [^>]*><title>|^<svg [^>]*>\n<title>/);
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).not.toContain("NaN");
  }
  expect(existsSync(join(repository, "docs/guides/images"))).toBe(true);
});
