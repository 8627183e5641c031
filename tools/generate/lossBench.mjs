/**
 * The tables of bench/README.md: value and gradient of each loss, from bench/results/*.json that hold
 * `{ machine, date, load, versions, sizes: [{ name, losses: [{ loss, rows: [{ engine, ms, ratio, gigabytes, off }] }] }] }`.
 */
import { digits, newestResults, origin } from "./results.mjs";

/**
 * @typedef {object} Result
 * @property {string} machine
 * @property {string} date
 * @property {number} load
 * @property {Record<string, string>} versions
 * @property {{ name: string, losses: { loss: string, rows: Row[] }[] }[]} sizes
 *
 * @typedef {{ engine: string, ms: import("./results.mjs").Spread, ratio: number, gigabytes: number, off: number }} Row
 */

/** The load of others from which on a run says so. */
const busy = 0.5;

/** @returns {string} markdown; the newest run of each machine */
export function lossBenchTable() {
  /** @type {Result[]} */
  const results = newestResults("sizes");
  if (results.length === 0) return "<!-- fill: run `npm run bench -- losses`; its results make these tables -->";
  return results.map(tables).join("\n\n");
}

/** @param {Result} result */
function tables(result) {
  const { sizes, load } = result;
  const rows = sizes.flatMap(({ losses }) => losses.flatMap((one) => one.rows));
  const worst = [...new Set(rows.map(({ engine }) => engine))].map((engine) => {
    const off = Math.max(...rows.filter((row) => row.engine === engine).map((row) => row.off));
    return `${engine} ${off.toExponential(0).replace("-", "−")}`;
  });
  return [
    ...sizes.flatMap((size) => [table(size), ""]),
    `GB/s by the least time, then milliseconds **min** · median · max, then the least time by ours; float32, one thread. ${origin(result)}.`,
    ...(load > busy
      ? [`The load was ${digits(load)} when it began, so these times say little: wait for a run on a quiet machine.`]
      : []),
    "",
    `Furthest that a value was from the same mean in float64: ${worst.join(", ")}.`,
  ].join("\n");
}

/** A row a loss, a column an engine. @param {Result["sizes"][number]} size */
function table({ name, losses }) {
  const engines = [...new Set(losses.flatMap(({ rows }) => rows.map(({ engine }) => engine)))];
  return [
    `| ${name} | ${engines.join(" | ")} |`,
    `|---|${engines.map(() => "---:|").join("")}`,
    ...losses.map(({ loss, rows }) => {
      const cells = engines.map((engine, i) => {
        const row = rows.find((one) => one.engine === engine);
        if (row === undefined) return "";
        const { ms, ratio, gigabytes } = row;
        const times = `**${digits(ms.min)}** · ${digits(ms.median)} · ${digits(ms.max)}`;
        return `${digits(gigabytes)} GB/s<br>${times}${i === 0 ? "" : `<br>× ${digits(ratio)}`}`;
      });
      return `| \`${loss}\` | ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}
