/** What every tool needs to know about the repository: where it is, its packages, its files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout these tools stand in; their own dependencies are resolved from here. */
export const home = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The repository to look at: `--root DIR`, by default the one these tools stand in. */
export const root = resolve(option("--root") ?? home);

/**
 * The word after a flag on the command line.
 * @param {string} name
 * @returns {string | undefined}
 */
export function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** @param {string} name */
export function flag(name) {
  return process.argv.includes(name);
}

/**
 * A parsed JSON file.
 * @param {string} path
 * @returns {any}
 */
export function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * Every file under a folder, as absolute paths in a fixed order; none where the folder is missing. Built and
 * installed files are not source and are left out.
 * @param {string} folder
 * @param {RegExp} [name] what the path, with forward slashes, must match
 * @returns {string[]}
 */
export function filesUnder(folder, name = /./) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return ["node_modules", "dist", ".git"].includes(entry.name) ? [] : filesUnder(path, name);
      }
      return entry.isFile() && name.test(slashes(path)) ? [path] : [];
    });
}

/**
 * A path as messages show it: from the root, with forward slashes.
 * @param {string} path
 */
export function shown(path) {
  return slashes(relative(root, path));
}

/** @param {string} path */
export function slashes(path) {
  return path.split(sep).join("/");
}

/**
 * @typedef {object} Package
 * @property {string} folder absolute
 * @property {string} name
 * @property {any} manifest the parsed package.json
 * @property {Entry[]} entries what `exports` names
 *
 * @typedef {object} Entry
 * @property {string} subpath as in `exports`: "." or "./losses"
 * @property {string} name file name without ending: "index" or "losses"
 * @property {string} source absolute path of the TypeScript file it is built from; it need not exist
 */

/** The workspace's published packages, library first. @returns {Package[]} */
export function packages() {
  const base = join(root, "packages");
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .filter((name) => existsSync(join(base, name, "package.json")))
    .sort((a, b) => Number(b === "surprisal") - Number(a === "surprisal") || (a < b ? -1 : 1))
    .map((name) => {
      const folder = join(base, name);
      const manifest = readJson(join(folder, "package.json"));
      return { folder, name: manifest.name, manifest, entries: entriesOf(folder, manifest) };
    });
}

/** The library. @returns {Package} */
export function library() {
  const found = packages().find((candidate) => candidate.name === "surprisal");
  if (found === undefined) throw new Error(`no package named "surprisal" under ${join(root, "packages")}`);
  return found;
}

/**
 * @param {string} folder
 * @param {any} manifest
 * @returns {Entry[]}
 */
function entriesOf(folder, manifest) {
  return Object.keys(manifest.exports ?? {}).map((subpath) => {
    const name = subpath === "." ? "index" : subpath.slice(2);
    return { subpath, name, source: join(folder, "src", `${name}.ts`) };
  });
}

/**
 * Ends a tool: every problem on its own line and exit code 1, or one line that says what was looked at.
 * @param {readonly string[]} problems
 * @param {string} summary
 */
export function finish(problems, summary) {
  if (problems.length === 0) {
    console.log(summary);
    return;
  }
  for (const problem of problems) console.error(problem);
  console.error(`${problems.length} ${problems.length === 1 ? "problem" : "problems"}`);
  process.exitCode = 1;
}
