/**
 * `npm run exports` (after a build): every subpath of the library's `exports` is an entry file in src and the other way
 * round, each is built with its declarations, the page bundle stands alone, and everything public has a docstring.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { importsOf } from "./lib/imports.mjs";
import { filesUnder, finish, home, library, packages, root, shown } from "./lib/repo.mjs";

/** @typedef {import("./lib/repo.mjs").Entry} Entry */

const pkg = library();
/** @type {string[]} */
const problems = [];

checkSubpaths();
checkPage();
checkLicences();
const documented = checkDocstrings(pkg.entries.map((entry) => entry.source).filter(existsSync));
finish(problems, `${pkg.entries.length} entries, ${documented} exports documented`);

function checkSubpaths() {
  const named = new Set(pkg.entries.map((entry) => `${entry.name}.ts`));
  for (const file of filesUnder(join(pkg.folder, "src"), /\/src\/[^/]+\.ts$/)) {
    if (!named.has(basename(file)))
      problems.push(`${shown(file)} is no entry of ${shown(join(pkg.folder, "package.json"))}`);
  }
  for (const entry of pkg.entries) {
    if (!existsSync(entry.source)) problems.push(`"${entry.subpath}" has no source file ${shown(entry.source)}`);
    /** @type {Record<string, string>} */
    const targets = pkg.manifest.exports[entry.subpath];
    const wanted = { types: `./dist/${entry.name}.d.ts`, default: `./dist/${entry.name}.js` };
    if (JSON.stringify(targets) !== JSON.stringify(wanted)) {
      problems.push(`"${entry.subpath}" points at ${JSON.stringify(targets)}; it should be ${JSON.stringify(wanted)}`);
    }
    for (const target of Object.values(targets)) {
      const file = join(pkg.folder, target);
      if (!existsSync(file)) problems.push(`"${entry.subpath}" names ${shown(file)}, which is not built`);
    }
  }
}

/** A page loads one file and nothing else: no import runs before somebody asks for a file system. */
function checkPage() {
  const file = join(pkg.folder, "dist/surprisal.js");
  if (!existsSync(file)) {
    problems.push(`${shown(file)} is not built`);
    return;
  }
  const text = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const asked = text.statements.filter(
    (line) => ts.isImportDeclaration(line) || (ts.isExportDeclaration(line) && line.moduleSpecifier),
  );
  if (asked.length > 0) problems.push(`${shown(file)} imports other modules when it loads; a page has none to give`);
  for (const { specifier } of importsOf(file)) {
    if (specifier?.startsWith(".")) problems.push(`${shown(file)} imports ${specifier}; it must be one file`);
  }
}

function checkLicences() {
  const ours = join(root, "LICENSE");
  if (!existsSync(ours)) return;
  for (const { folder } of packages()) {
    const theirs = join(folder, "LICENSE");
    if (!existsSync(theirs) || readFileSync(theirs, "utf8") !== readFileSync(ours, "utf8")) {
      problems.push(`${shown(theirs)} is not the same as LICENSE`);
    }
  }
}

/**
 * @param {readonly string[]} sources
 * @returns {number} how many public names were looked at
 */
function checkDocstrings(sources) {
  const program = ts.createProgram(sources, compilerOptions());
  const checker = program.getTypeChecker();
  /** @type {Set<ts.Symbol>} */
  const seen = new Set();
  for (const path of sources) {
    const file = program.getSourceFile(path);
    const module = file && checker.getSymbolAtLocation(file);
    for (const exported of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      // A namespace is an entry file of its own, and its members are looked at there.
      if (symbol.flags & ts.SymbolFlags.ValueModule || seen.has(symbol)) continue;
      seen.add(symbol);
      if (symbol.getDocumentationComment(checker).length > 0) continue;
      const declared = symbol.declarations?.[0]?.getSourceFile().fileName ?? path;
      problems.push(`${shown(declared)}: "${exported.name}" is public and has no docstring`);
    }
  }
  return seen.size;
}

/** @returns {ts.CompilerOptions} */
function compilerOptions() {
  const path = [root, home].map((folder) => join(folder, "tsconfig.json")).find(existsSync);
  if (path === undefined) return {};
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, home).options;
}
