/**
 * The README's table of speeds, from bench/results/*.json. Each file is one run on one machine:
 * `{ machine, date, versions: { name: version }, workloads: [{ title, unit, rows: [{ id, engine, javascript?, ms }], verdicts }] }`,
 * as bench/table.mjs writes it. Every row is shown, whether its targets are met or not.
 */
import { digits, newestResults, origin } from "./results.mjs";

/**
 * @typedef {object} Result
 * @property {string} machine
 * @property {string} date
 * @property {number} [load]
 * @property {Record<string, string>} versions
 * @property {Workload[]} workloads
 *
 * @typedef {object} Workload
 * @property {string} title
 * @property {"ms" | "µs"} unit
 * @property {Row[]} rows
 * @property {{ what: string, must?: number, value?: number, met?: boolean }[]} verdicts
 *
 * @typedef {{ id: string, engine: string, javascript?: boolean, ms: import("./results.mjs").Spread }} Row
 */

/** The load of others from which on a run says so. */
const busy = 0.5;

/** @returns {string} markdown; the newest run of each machine */
export function benchTable() {
  /** @type {Result[]} */
  const results = newestResults("workloads");
  if (results.length === 0) return "<!-- fill: run `npm run bench`; its results make this table -->";
  return results.map(table).join("\n\n");
}

/** A row a workload. @param {Result} result */
function table(result) {
  const lines = result.workloads.map(({ title, unit, rows, verdicts }) => {
    const ours = rows.find(({ id }) => id === "surprisal");
    const scripts = rows.filter(({ javascript }) => javascript === true).sort((a, b) => a.ms.min - b.ms.min);
    const numpy = rows.find(({ id }) => id === "numpy");
    const cells = [
      title,
      ours === undefined ? "–" : `**${shown(ours, unit)}**`,
      beside(scripts[0], ours, unit, scripts[0]?.engine),
      beside(numpy, ours, unit),
      verdicts.flatMap(verdict).join("<br>"),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| one thread | surprisal | best of the JavaScript peers | NumPy by hand | to be reached |",
    "|---|---:|---:|---:|---|",
    ...lines,
    "",
    `The least time of each; in brackets ours by it. ${origin(result)}.`,
    ...((result.load ?? 0) > busy
      ? [`The load was ${digits(result.load ?? 0)} when it began, so these times say little.`]
      : []),
  ].join("\n");
}

/** @param {Row} row @param {"ms" | "µs"} unit */
function shown({ ms }, unit) {
  return `${digits(unit === "µs" ? ms.min * 1000 : ms.min)} ${unit}`;
}

/** @param {Row | undefined} row @param {Row | undefined} ours @param {"ms" | "µs"} unit @param {string} [name] */
function beside(row, ours, unit, name) {
  if (row === undefined) return "–";
  const ratio = ours === undefined ? "" : ` (${digits(ours.ms.min / row.ms.min)})`;
  return `${name === undefined ? "" : `${name} `}${shown(row, unit)}${ratio}`;
}

/** What has to be met, in words; nothing for what is only aimed at. @param {Workload["verdicts"][number]} verdict */
function verdict({ what, must, value, met }) {
  if (must === undefined) return [];
  if (value === undefined) return [`≤ ${must} ${what}: not measured`];
  return [met ? `${digits(value)} ≤ ${must} ${what}` : `${digits(value)} > ${must} ${what}: **not met**`];
}
