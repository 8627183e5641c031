/**
 * `npm run layers`: the table in docs/architecture.md, enforced. Fails on an import that the table does not allow, on a
 * cycle between files (a type-only import counts), on a folder of src that the table does not name, and on a module from
 * outside: the library has none but `node:` in files/, the command line its own dependencies and the library's public face.
 */
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { findCycles } from "./lib/cycles.mjs";
import { importsOf } from "./lib/imports.mjs";
import { filesUnder, finish, packages, root, shown, slashes } from "./lib/repo.mjs";

/** @typedef {import("./lib/repo.mjs").Package} Package */
/** @typedef {Map<string, Set<string>>} Layers folder → the folders it may import; in the table's order */

const page = join(root, "docs/architecture.md");
/** The library folder that may touch the file system. */
const files = "files";
/** The row for every folder in backends/, each on its own. */
const anyBackend = "backends/X";
/** The row for the files that lie directly in src: the entries. */
const entries = "index.ts";

/** @type {string[]} */
const problems = [];
const layers = readLayers();
let count = 0;
for (const pkg of packages()) count += checkPackage(pkg);
finish(problems, `${count} files, ${layers.size} folders, no upward import, no cycle`);

/** @returns {Layers} */
function readLayers() {
  /** @type {Layers} */
  const found = new Map();
  if (!existsSync(page)) {
    problems.push(`${shown(page)} is missing; it holds the table of layers`);
    return found;
  }
  const lines = readFileSync(page, "utf8").split("\n");
  const head = lines.findIndex((line) => /^\|\s*folder\s*\|\s*may import\s*\|/.test(line));
  if (head < 0) problems.push(`${shown(page)} has no table "| folder | may import |"`);
  for (const line of head < 0 ? [] : lines.slice(head + 2)) {
    if (!line.startsWith("|")) break;
    const [names = "", may = ""] = line
      .split("|")
      .slice(1, 3)
      .map((cell) => cell.replaceAll("`", "").trim());
    if (names.startsWith("packages/")) continue;
    const above = may === "everything above" ? [...found.keys()] : may === "nothing" ? [] : may.split(/,\s*/);
    for (const folder of above.filter((name) => !found.has(name))) {
      problems.push(`${shown(page)}: the row "${names}" names "${folder}", which no row above it describes`);
    }
    for (const name of names.split(/,\s*/)) found.set(name, new Set(above));
  }
  return found;
}

/** @param {Package} pkg */
function checkPackage(pkg) {
  const src = join(pkg.folder, "src");
  const isLibrary = pkg.name === "surprisal";
  const sources = filesUnder(src, /\.(ts|mts|js|mjs)$/);
  const known = new Set(sources);
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  for (const folder of isLibrary ? new Set(sources.map((file) => folderOf(src, file))) : []) {
    if (layerOf(folder) !== undefined) continue;
    problems.push(`${shown(join(src, folder))}: this folder is not in the table of ${shown(page)}`);
  }
  for (const file of sources) {
    const folder = folderOf(src, file);
    /** @type {string[]} */
    const targets = [];
    for (const { specifier, line } of importsOf(file)) {
      const where = `${shown(file)}:${line}`;
      if (specifier === undefined) {
        problems.push(`${where}: an import of a computed name; write the module's name as text`);
      } else if (specifier.startsWith(".")) {
        const target = resolve(dirname(file), specifier);
        if (known.has(target)) {
          targets.push(target);
          if (isLibrary) checkLayer(where, folder, folderOf(src, target));
        } else {
          problems.push(`${where}: "${specifier}" is not a source file of this package (write the ending, .ts)`);
        }
      } else {
        checkOutside(where, pkg, isLibrary, folder, specifier);
      }
    }
    graph.set(file, targets);
  }
  for (const cycle of findCycles(graph)) problems.push(`import cycle: ${cycle.map(shown).join(" → ")}`);
  return sources.length;
}

/** @param {string} where @param {string} from @param {string} to */
function checkLayer(where, from, to) {
  if (from === to) return;
  const may = layerOf(from);
  const named = to.startsWith("backends/") ? anyBackend : to;
  if (may === undefined || layerOf(to) === undefined || may.has(named)) return;
  problems.push(`${where}: ${from} may not import ${to} (it may import ${[...may].join(", ") || "nothing"})`);
}

/** @param {string} where @param {Package} pkg @param {boolean} isLibrary @param {string} folder @param {string} specifier */
function checkOutside(where, pkg, isLibrary, folder, specifier) {
  const builtin = specifier.startsWith("node:") || builtinModules.includes(specifier);
  if (isLibrary) {
    if (specifier.startsWith("node:") && folder === files) return;
    const rule = builtin ? `only ${files}/ may, by its node: name` : "it has no dependencies";
    problems.push(`${where}: the library imports "${specifier}"; ${rule}`);
    return;
  }
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (builtin || Object.hasOwn(pkg.manifest.dependencies ?? {}, name)) return;
  problems.push(`${where}: "${name}" is not among the dependencies of ${pkg.name}`);
}

/**
 * The row that describes a folder; `backends/X` stands for each folder in backends/.
 * @param {string} folder
 */
function layerOf(folder) {
  return layers.get(folder) ?? (folder.startsWith("backends/") ? layers.get(anyBackend) : undefined);
}

/** The floor a file stands on: its first folder, two deep in backends/, `index.ts` for the entries. @param {string} src @param {string} file */
function folderOf(src, file) {
  const parts = slashes(relative(src, file)).split("/");
  if (parts.length === 1) return entries;
  return parts[0] === "backends" && parts.length > 2 ? parts.slice(0, 2).join("/") : String(parts[0]);
}
