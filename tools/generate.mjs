/**
 * `npm run generate`: the parts of the repository that are made from others, between a pair of comments in a page:
 * `<!-- generated:NAME -->` … `<!-- /generated:NAME -->`, and the pages and figures that are made whole. `--check` writes nothing and fails where
 * something is out of date or left over.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { accuracyBeside, accuracyOfAll, accuracyVersions } from "./generate/accuracy.mjs";
import { benchTable } from "./generate/bench.mjs";
import { compatTable } from "./generate/compat.mjs";
import { guideFigures, guideImages, guideParts } from "./generate/guides/index.mjs";
import { lossBenchTable } from "./generate/lossBench.mjs";
import { curves, lossPages, mark } from "./generate/lossPages.mjs";
import { policyTables } from "./generate/policies.mjs";
import { filesUnder, finish, flag, root, shown } from "./lib/repo.mjs";

/** @type {readonly { page: string, name: string, make: () => string | Promise<string> }[]} */
const parts = [
  { page: "README.md", name: "bench", make: benchTable },
  { page: "bench/README.md", name: "bench-losses", make: lossBenchTable },
  { page: "docs/losses/accuracy.md", name: "accuracy-versions", make: accuracyVersions },
  { page: "docs/losses/accuracy.md", name: "accuracy-float32", make: () => accuracyBeside("f32") },
  { page: "docs/losses/accuracy.md", name: "accuracy-float64", make: () => accuracyBeside("f64") },
  { page: "docs/losses/accuracy.md", name: "accuracy-all", make: accuracyOfAll },
  { page: "docs/losses/compat.md", name: "compat-keras", make: () => compatTable("keras") },
  { page: "docs/losses/compat.md", name: "compat-pytorch", make: () => compatTable("pytorch") },
  { page: "docs/losses/compat.md", name: "compat-optax", make: () => compatTable("optax") },
  { page: "docs/losses/compat.md", name: "compat-scikit-learn", make: () => compatTable("scikit-learn") },
  { page: "docs/losses/policies.md", name: "policies", make: policyTables },
  ...guideParts,
];

/** @type {string[]} */
const problems = [];
for (const { page, name, make } of parts) {
  const path = join(root, page);
  // A repository without the folder has none of its pages.
  if (!existsSync(dirname(path))) continue;
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [from, to] = [before.indexOf(open), before.indexOf(close)];
  if (from < 0 || to < from) {
    problems.push(`${shown(path)} has no place for "${name}": ${open} … ${close}`);
    continue;
  }
  const after = `${before.slice(0, from)}${open}\n${(await make()).trim()}\n${before.slice(to)}`;
  if (after === before) continue;
  if (flag("--check")) problems.push(`${shown(path)}: "${name}" is out of date; run \`npm run generate\``);
  else writeFileSync(path, after);
}

/** Whole pages and figures, and those among them that nothing makes any more. */
const whole = [...(await lossPages()), ...(await guideFigures())];
const made = new Map(whole.map(({ path, text }) => [join(root, path), text]));
const standing = [
  ...filesUnder(join(root, "docs/losses"), /\.md$/).filter((path) => readFileSync(path, "utf8").startsWith(mark)),
  ...[curves, guideImages].flatMap((folder) => filesUnder(join(root, folder))),
];
for (const path of new Set([...made.keys(), ...standing])) {
  const text = made.get(path);
  if (text !== undefined && existsSync(path) && readFileSync(path, "utf8") === text) continue;
  if (flag("--check")) {
    problems.push(`${shown(path)} is ${text === undefined ? "left over" : "out of date"}; run \`npm run generate\``);
  } else if (text === undefined) {
    rmSync(path);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
finish(problems, `${parts.length} generated parts and ${made.size} files current`);
