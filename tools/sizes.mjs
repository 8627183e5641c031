/**
 * `npm run sizes`: bytes of the bundled library per entry point (raw, minified, gzipped) and lines of every source file,
 * each against its ceiling in tools/sizes.json. Also what makes a package light: no runtime dependency in the library and
 * no install script in either. A ceiling is raised only in the change that causes it: `npm run sizes -- --record`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleText } from "./lib/bundle.mjs";
import { filesUnder, finish, flag, library, packages, readJson, root, shown } from "./lib/repo.mjs";

const page = join(root, "tools/sizes.json");
/**
 * @type {{
 *   bundles: Record<string, { min: number, gzip: number }>,
 *   lines: { ceiling: number, exceptions: Record<string, { ceiling: number, reason: string }> },
 * }}
 */
const ceilings = readJson(page);
/** @type {string[]} */
const problems = [];

checkManifests();
const longest = checkLines();
const whole = await checkBundles();
finish(problems, `${whole}; longest file ${longest} lines`);

/** Dependencies and scripts that would run or be fetched when somebody installs a package. */
function checkManifests() {
  const manifest = library().manifest;
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"]) {
    const names = Object.keys(manifest[kind] ?? {});
    if (names.length > 0) problems.push(`the library has ${kind}: ${names.join(", ")}; it promises none`);
  }
  for (const pkg of packages()) {
    for (const script of [
      "preinstall",
      "install",
      "postinstall",
      "prepublish",
      "preprepare",
      "prepare",
      "postprepare",
    ]) {
      if (pkg.manifest.scripts?.[script] === undefined) continue;
      problems.push(`${pkg.name} has a "${script}" script; nothing of ours may run at install`);
    }
    // npm runs node-gyp at install where this file lies, without any script.
    if (existsSync(join(pkg.folder, "binding.gyp")))
      problems.push(`${pkg.name} has a binding.gyp, which npm would build`);
  }
}

/** @returns {number} lines of the longest file that is no exception */
function checkLines() {
  const { ceiling, exceptions } = ceilings.lines;
  const sources = ["packages", "tools", "bench", "examples"].flatMap((folder) =>
    filesUnder(join(root, folder), /\.(ts|mts|js|mjs)$/),
  );
  const unused = new Set(Object.keys(exceptions));
  let most = 0;
  for (const file of sources) {
    const lines = readFileSync(file, "utf8").replace(/\n$/, "").split("\n").length;
    const exception = exceptions[shown(file)];
    if (exception === undefined) {
      most = Math.max(most, lines);
      if (lines > ceiling) problems.push(`${shown(file)}: ${lines} lines, the ceiling is ${ceiling}`);
      continue;
    }
    if (lines > ceiling) unused.delete(shown(file));
    if (!exception.reason) problems.push(`${shown(page)}: the exception for ${shown(file)} gives no reason`);
    if (lines > exception.ceiling) {
      problems.push(`${shown(file)}: ${lines} lines, its own ceiling is ${exception.ceiling}`);
    }
  }
  for (const name of unused) problems.push(`${shown(page)}: ${name} needs no exception any more; take the row out`);
  return most;
}

/** @returns {Promise<string>} the size of the whole library in words */
async function checkBundles() {
  const pkg = library();
  let whole = "no index entry yet";
  for (const entry of pkg.entries.filter((candidate) => existsSync(candidate.source))) {
    const raw = Buffer.byteLength(await bundleText(pkg, entry, false));
    const minified = await bundleText(pkg, entry, true);
    const measured = { min: Buffer.byteLength(minified), gzip: gzipSync(minified, { level: 9 }).length };
    console.log(`${entry.name.padEnd(14)} raw ${kb(raw)}   min ${kb(measured.min)}   gzip ${kb(measured.gzip)}`);
    if (entry.name === "index") whole = `${kb(measured.min).trim()} min, ${kb(measured.gzip).trim()} gzip`;
    if (flag("--record")) ceilings.bundles[entry.name] = { min: headroom(measured.min), gzip: headroom(measured.gzip) };
    const ceiling = ceilings.bundles[entry.name];
    if (ceiling === undefined) {
      problems.push(`${shown(page)}: no ceiling for the entry "${entry.name}"; record one with --record`);
      continue;
    }
    for (const kind of /** @type {const} */ (["min", "gzip"])) {
      if (measured[kind] <= ceiling[kind]) continue;
      problems.push(`entry "${entry.name}": ${measured[kind]} bytes ${kind}, the ceiling is ${ceiling[kind]}`);
    }
  }
  if (flag("--record")) writeFileSync(page, `${JSON.stringify(ceilings, null, 2)}\n`);
  return whole;
}

/** Five per cent above what is, to the next thousand: room for a fix, not for a floor. @param {number} bytes */
function headroom(bytes) {
  return Math.ceil((bytes * 1.05) / 1000) * 1000;
}

/** @param {number} bytes */
function kb(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}
