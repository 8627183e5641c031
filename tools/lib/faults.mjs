/** The planted faults: what they are, and where in the sources each belongs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * @typedef {object} Fault
 * @property {string} name what is wrong, in words
 * @property {string} file path of a source file, from the repository's root
 * @property {string} find text that occurs once in that file
 * @property {string} replace what stands there instead
 * @property {readonly string[]} tests paths of the tests that ought to catch it
 */

/**
 * Every fault of every table in tools/faults.
 * @param {string} root
 * @returns {Promise<Fault[]>}
 */
export async function readFaults(root) {
  const folder = join(root, "tools/faults");
  if (!existsSync(folder)) return [];
  /** @type {Fault[]} */
  const all = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".mjs")) continue;
    const { faults } = await import(pathToFileURL(join(folder, name)).href);
    all.push(...faults);
  }
  return all;
}

/**
 * The source with the fault in it.
 * @param {string} source
 * @param {Fault} fault
 */
export function plant(source, { find, replace }) {
  const at = source.indexOf(find);
  return source.slice(0, at) + replace + source.slice(at + find.length);
}

/**
 * What keeps faults from being planted as they are written, one line each.
 * @param {string} root
 * @param {readonly Fault[]} faults
 * @returns {string[]}
 */
export function staleFaults(root, faults) {
  /** @type {string[]} */
  const problems = [];
  const names = new Set();
  for (const fault of faults) {
    const { name, file, find, replace, tests } = fault;
    if (names.has(name)) problems.push(`"${name}": there are two of this name`);
    names.add(name);
    const missing = [file, ...tests].filter((path) => !existsSync(join(root, path)));
    for (const path of missing) problems.push(`"${name}": ${path} is missing`);
    if (tests.length === 0) problems.push(`"${name}": it names no tests`);
    if (find === replace) problems.push(`"${name}": it changes nothing`);
    if (missing.includes(file)) continue;
    const times = readFileSync(join(root, file), "utf8").split(find).length - 1;
    if (times !== 1) problems.push(`"${name}": what it replaces occurs ${times} times in ${file}, not once`);
  }
  return problems;
}
