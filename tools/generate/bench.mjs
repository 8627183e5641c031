/**
 * The README's table of speeds, from bench/results/*.json. Each file is one run on one machine:
 * `{ machine, date, versions: { name: version }, shapes: [{ name, rows: [{ engine, ms: { min, median, max } }] }], journeys? }`,
 * ms per training step; journeys are what whole programs took (bench/lib/journeys.mjs).
 */
import { digits, newestResults, origin } from "./results.mjs";

/**
 * @typedef {object} Result
 * @property {string} machine
 * @property {string} date
 * @property {Record<string, string>} versions
 * @property {{ name: string, rows: { engine: string, ms: Spread }[] }[]} shapes
 * @property {{ scriptMs?: Spread, emptyMs?: Spread, mnistEpochSeconds?: number }} [journeys]
 *
 * @typedef {import("./results.mjs").Spread} Spread
 */

/** @returns {string} markdown; the newest run of each machine */
export function benchTable() {
  /** @type {Result[]} */
  const results = newestResults("shapes");
  if (results.length === 0) return "<!-- fill: run `npm run bench`; its results make this table -->";
  return results.map(table).join("\n\n");
}

/** A row an engine, a column a shape. @param {Result} result */
function table(result) {
  const { shapes, journeys = {} } = result;
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
    `Milliseconds a training step, **min** · median · max; ${origin(result)}.`,
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
