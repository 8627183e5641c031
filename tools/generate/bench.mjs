/**
 * The README's table of speeds, from bench/results/*.json. Each file is one run on one machine:
 * `{ machine, date, versions: { name: version }, shapes: [{ name, rows: [{ engine, ms: { min, median, max } }] }], journeys? }`,
 * ms per training step; journeys are what whole programs took (bench/lib/journeys.mjs).
 */
import { join } from "node:path";
import { filesUnder, readJson, root } from "../lib/repo.mjs";

/**
 * @typedef {object} Result
 * @property {string} machine
 * @property {string} date
 * @property {Record<string, string>} versions
 * @property {{ name: string, rows: { engine: string, ms: Spread }[] }[]} shapes
 * @property {{ scriptMs?: Spread, emptyMs?: Spread, mnistEpochSeconds?: number }} [journeys]
 *
 * @typedef {{ min: number, median: number, max: number }} Spread
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

/** A row an engine, a column a shape. @param {Result} result */
function table({ machine, date, versions, shapes, journeys = {} }) {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const engines = [...new Set(shapes.flatMap(({ rows }) => rows.map(({ engine }) => engine)))];
  const cells = engines.map((engine) =>
    shapes.map(({ rows }) => {
      const row = rows.find((one) => one.engine === engine);
      return row === undefined ? "" : `**${digits(row.ms.min)}** · ${digits(row.ms.median)} · ${digits(row.ms.max)}`;
    }),
  );
  return [
    `| network, batch | ${shapes.map(({ name }) => name).join(" | ")} |`,
    `|---|${shapes.map(() => "---:|").join("")}`,
    ...engines.map((engine, i) => `| ${engine} | ${cells[i]?.join(" | ")} |`),
    "",
    `Milliseconds a training step, **min** · median · max; ${machine}, ${date} (${used.join(", ")}).`,
    ...wholePrograms(journeys),
  ].join("\n");
}

/** @param {NonNullable<Result["journeys"]>} journeys @returns {string[]} a sentence, where there are figures */
function wholePrograms({ scriptMs, emptyMs, mnistEpochSeconds }) {
  const parts = [];
  if (scriptMs !== undefined && emptyMs !== undefined) {
    const [whole, empty] = [scriptMs, emptyMs].map(({ min }) => Math.round(min));
    parts.push(`[examples/binary.mjs](examples/binary.mjs) as a process ${whole} ms (\`node -e 0\`: ${empty} ms)`);
  }
  if (mnistEpochSeconds !== undefined) {
    parts.push(`an epoch of MNIST ([examples/mnist.mjs](examples/mnist.mjs)) ${digits(mnistEpochSeconds)} s`);
  }
  return parts.length === 0 ? [] : ["", `Whole programs, on the same core: ${parts.join("; ")}.`];
}

/** Three significant digits. @param {number} x */
function digits(x) {
  return Number(x.toPrecision(3)).toString();
}
