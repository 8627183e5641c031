/**
 * `npm run build`: what is published, under packages/X/dist. The library is one file per entry of its `exports` with
 * declarations, and `surprisal.js`, all of it in one file for a page; the command line is one file with a shebang.
 * A build whose inputs have not changed is not done again; `--force` does it.
 */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildLibrary, buildPage, buildProgram } from "./lib/bundle.mjs";
import { filesUnder, flag, home, packages, root, shown } from "./lib/repo.mjs";

/** @typedef {import("./lib/repo.mjs").Package} Package */

const stamps = join(root, "node_modules/.cache/surprisal-build.json");
/** @type {Record<string, string>} */
const known = existsSync(stamps) && !flag("--force") ? JSON.parse(readFileSync(stamps, "utf8")) : {};
const lines = [];

for (const pkg of packages()) {
  const stamp = stampOf(pkg);
  if (known[pkg.name] === stamp && outputs(pkg).every(existsSync)) {
    lines.push(`${pkg.name} unchanged`);
    continue;
  }
  lines.push(await make(pkg));
  known[pkg.name] = stamp;
}
mkdirSync(dirname(stamps), { recursive: true });
writeFileSync(stamps, JSON.stringify(known));
console.log(lines.join(", "));

/** @param {Package} pkg */
async function make(pkg) {
  const program = sourceOfProgram(pkg);
  if (program !== undefined) {
    if (!existsSync(program)) return `${pkg.name} has no ${shown(program)} yet`;
    await buildProgram(pkg, program);
    for (const file of outputs(pkg)) chmodSync(file, 0o755);
    return `${pkg.name} built`;
  }
  const entries = pkg.entries.filter((entry) => existsSync(entry.source));
  if (entries.length === 0) return `${pkg.name} has no entry files yet`;
  await buildLibrary(pkg, entries);
  if (entries.some((entry) => entry.name === "index")) await buildPage(pkg);
  return `${pkg.name} built (${entries.length} of ${pkg.entries.length} entries)`;
}

/** @param {Package} pkg */
function sourceOfProgram(pkg) {
  return pkg.manifest.bin === undefined ? undefined : join(pkg.folder, "src/main.ts");
}

/** The files whose absence means that nothing usable stands there. @param {Package} pkg */
function outputs(pkg) {
  if (pkg.manifest.bin !== undefined) {
    return Object.values(pkg.manifest.bin).map((file) => join(pkg.folder, String(file)));
  }
  return [...pkg.entries.map((entry) => `${entry.name}.js`), "surprisal.js"].map((file) =>
    join(pkg.folder, "dist", file),
  );
}

/** A digest of everything that decides what the build writes. @param {Package} pkg */
function stampOf(pkg) {
  const hash = createHash("sha256");
  const inputs = [
    ...filesUnder(join(pkg.folder, "src")),
    join(pkg.folder, "package.json"),
    join(root, "tsconfig.json"),
    join(root, "package-lock.json"),
    join(home, "tools/build.mjs"),
    join(home, "tools/lib/bundle.mjs"),
  ];
  for (const file of inputs.filter(existsSync))
    hash
      .update(`${shown(file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  return hash.digest("hex");
}
