import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "./fixture.ts";

const pages = [".", "docs", "docs/decisions", "docs/guides", "bench", "packages/surprisal", "packages/cli"].flatMap(
  (folder) =>
    readdirSync(join(repository, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
);

/** Comments hold what is still to come. */
const read = (page: string) => readFileSync(join(repository, page), "utf8").replace(/<!--[\s\S]*?-->/g, "");

test("every link between the pages leads somewhere", () => {
  expect(pages.length).toBeGreaterThanOrEqual(9);
  let links = 0;
  const dead = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, target = ""]) => {
      if (/^[a-z]+:/.test(target)) return [];
      links++;
      return existsSync(join(repository, dirname(page), target)) ? [] : [`${page}: ${target}`];
    }),
  );
  expect(links).toBeGreaterThan(5);
  expect(dead).toEqual([]);
});

test("every path that the guides name is there", () => {
  let paths = 0;
  const missing = ["CONTRIBUTING.md", "docs/architecture.md"].flatMap((page) =>
    [...read(page).matchAll(/`([\w.-]+\/[\w./-]*)`/g)].flatMap(([, path = ""]) => {
      // A name to import, and a name for any folder, are no paths.
      if (/^surprisal\/|\/X$/.test(path)) return [];
      paths++;
      const places = ["", "packages/surprisal", "packages/surprisal/src"];
      return places.some((place) => existsSync(join(repository, place, path))) ? [] : [`${page}: ${path}`];
    }),
  );
  expect(paths).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});
