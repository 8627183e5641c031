/**
 * The README's table of speeds, from bench/results/*.json. Each file is one run on one machine:
 * `{ machine, date, versions: { name: version }, shapes: [{ name, rows: [{ engine, ms: { min, median, max } }] }] }`,
 * ms per training step.
 */
import { join } from "node:path";
import { filesUnder, readJson, root } from "../lib/repo.mjs";

/**
 * @typedef {object} Result
 * @property {string} machine
 * @property {string} date
 * @property {Record<string, string>} versions
 * @property {{ name: string, rows: { engine: string, ms: { min: number, median: number, max: number } }[] }[]} shapes
 */

/** @returns {string} markdown; the newest run of each machine */
export function benchTable() {
  /** @type {Map<string, Result>} */
  const newest = new Map();
  for (const file of filesUnder(join(root, "bench/results"), /\.json$/)) {
    /** @type {Result} */
    const result = readJson(file);
    const other = newest.get(result.machine);
    if (other === undefined || other.date <= result.date) newest.set(result.machine, result);
  }
  if (newest.size === 0) return "<!-- fill: run `npm run bench`; its results make this table -->";
  return [...newest.values()].map(table).join("\n\n");
}

/** @param {Result} result */
function table({ machine, date, versions, shapes }) {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const rows = shapes.flatMap((shape) =>
    shape.rows.map(
      ({ engine, ms }) => `| ${shape.name} | ${engine} | ${[ms.min, ms.median, ms.max].map(digits).join(" | ")} |`,
    ),
  );
  return [
    "| network, batch | engine | min | median | max |",
    "|---|---|---:|---:|---:|",
    ...rows,
    "",
    `Milliseconds a training step, ${machine}, ${date} (${used.join(", ")}).`,
  ].join("\n");
}

/** Three significant digits. @param {number} ms */
function digits(ms) {
  return Number(ms.toPrecision(3)).toString();
}
