/** How the packages are bundled; the build writes what these return, the size check weighs it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsdown";
import { home, root } from "./repo.mjs";

/** @typedef {import("./repo.mjs").Package} Package */
/** @typedef {import("./repo.mjs").Entry} Entry */

/** The compiler options of the repository looked at, or of this one where it has none (test fixtures). */
const tsconfig = [root, home].map((folder) => join(folder, "tsconfig.json")).find(existsSync);

/** @type {import("tsdown").InlineConfig} */
const shared = {
  config: false,
  format: "esm",
  target: "es2022",
  fixedExtension: false,
  hash: false,
  report: false,
  logLevel: "warn",
  checks: { pluginTimings: false },
  ...(tsconfig === undefined ? {} : { tsconfig }),
};

/** The library runs in a page too: no platform is assumed, and `node:` modules stay dynamic imports. */
/** @type {import("tsdown").InlineConfig} */
const anywhere = { ...shared, platform: "neutral", deps: { neverBundle: [/^node:/] } };

/**
 * The published library: one file per entry, shared chunks, declarations.
 * @param {Package} pkg
 * @param {readonly Entry[]} entries
 */
export function buildLibrary(pkg, entries) {
  return build({
    ...anywhere,
    cwd: pkg.folder,
    entry: Object.fromEntries(entries.map((entry) => [entry.name, entry.source])),
    dts: true,
    outputOptions: (options) => ({ ...options, chunkFileNames: "shared/[name].js" }),
  });
}

/**
 * The whole library in one file, for a page without a bundler.
 * @param {Package} pkg
 */
export function buildPage(pkg) {
  return build({
    ...anywhere,
    cwd: pkg.folder,
    entry: { surprisal: join(pkg.folder, "src/index.ts") },
    dts: false,
    clean: false,
    minify: true,
    outputOptions: (options) => ({ ...options, codeSplitting: false }),
  });
}

/**
 * A program for Node: dependencies stay imports, the file starts with a shebang.
 * @param {Package} pkg
 * @param {string} source
 */
export function buildProgram(pkg, source) {
  const shebang = "#!/usr/bin/env node";
  return build({
    ...shared,
    platform: "node",
    cwd: pkg.folder,
    entry: { main: source },
    dts: false,
    ...(readFileSync(source, "utf8").startsWith("#!") ? {} : { banner: { js: shebang } }),
  });
}

/**
 * What a user's bundler makes of `import … from "surprisal/<entry>"` when everything is kept, in memory.
 * @param {Package} pkg
 * @param {Entry} entry
 * @param {boolean} minify
 * @returns {Promise<string>}
 */
export async function bundleText(pkg, entry, minify) {
  const [bundle] = await build({
    ...anywhere,
    cwd: pkg.folder,
    entry: { [entry.name]: entry.source },
    dts: false,
    clean: false,
    write: false,
    minify,
    outputOptions: (options) => ({ ...options, codeSplitting: false }),
  });
  return (bundle?.chunks ?? []).map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
}
