/** The files of bench/results: each is one run on one machine. */
import { join } from "node:path";
import { filesUnder, readJson, root } from "../lib/repo.mjs";

/** @typedef {{ min: number, median: number, max: number }} Spread */

/**
 * The newest run of each machine among those that measured something; of one day's runs the one on the quieter machine.
 * @template {{ machine: string, date: string, load?: number }} R
 * @param {string} what the property that such a run has
 * @returns {R[]}
 */
export function newestResults(what) {
  /** @type {Map<string, R>} */
  const newest = new Map();
  for (const file of filesUnder(join(root, "bench/results"), /\.json$/)) {
    const result = readJson(file);
    if (!(what in result)) continue;
    const other = newest.get(result.machine);
    const newer = other === undefined || other.date < result.date;
    if (newer || (other?.date === result.date && !(result.load > (other?.load ?? 0))))
      newest.set(result.machine, result);
  }
  return [...newest.values()];
}

/** Machine, date and versions, as they stand below a table. @param {{ machine: string, date: string, versions: Record<string, string> }} result */
export function origin({ machine, date, versions }) {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${machine}, ${date} (${used.join(", ")})`;
}

/** Three significant digits. @param {number} x */
export function digits(x) {
  return Number(x.toPrecision(3)).toString();
}
