/**
 * `npm run generate`: the parts of the repository that are made from others, between a pair of comments in a page:
 * `<!-- generated:NAME -->` … `<!-- /generated:NAME -->`. `--check` writes nothing and fails where a part is out of date.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchTable } from "./generate/bench.mjs";
import { finish, flag, root, shown } from "./lib/repo.mjs";

/** @type {readonly { page: string, name: string, make: () => string }[]} */
const parts = [{ page: "README.md", name: "bench", make: benchTable }];

/** @type {string[]} */
const problems = [];
for (const { page, name, make } of parts) {
  const path = join(root, page);
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [from, to] = [before.indexOf(open), before.indexOf(close)];
  if (from < 0 || to < from) {
    problems.push(`${shown(path)} has no place for "${name}": ${open} … ${close}`);
    continue;
  }
  const after = `${before.slice(0, from)}${open}\n${make().trim()}\n${before.slice(to)}`;
  if (after === before) continue;
  if (flag("--check")) problems.push(`${shown(path)}: "${name}" is out of date; run \`npm run generate\``);
  else writeFileSync(path, after);
}
finish(problems, `${parts.length} generated ${parts.length === 1 ? "part" : "parts"} current`);
