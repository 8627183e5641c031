/** The table of speeds: each workload for ours and every peer that is there, and whether what is to be reached is reached. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare } from "./lib/compare.mjs";
import { contenders } from "./lib/engines.mjs";
import { benchFolder } from "./lib/install.mjs";
import { attempt } from "./lib/options.mjs";
import { participants } from "./lib/participants.mjs";
import { record } from "./lib/record.mjs";
import { shownNumber, table } from "./lib/statistics.mjs";
import { processTurn, workTurn } from "./lib/turns.mjs";
import { judge, shownVerdict } from "./lib/verdicts.mjs";
import { workloads, workloadsNamed } from "./workloads/index.mjs";

/**
 * @typedef {import("./lib/options.mjs").Setting} Setting
 * @typedef {import("./lib/engines.mjs").Contender} Contender
 * @typedef {import("./workloads/workload.mjs").Workload} Workload
 * @typedef {Pick<Workload, "name" | "title" | "unit" | "flops"> & { rows: import("./lib/compare.mjs").Row[], verdicts: import("./lib/verdicts.mjs").Verdict[] }} Compared
 */

/** @param {Setting} setting whose words are parts of names of workloads */
export async function benchTable(setting) {
  const { reasons, date, label } = setting;
  const wanted = attempt(() => workloadsNamed(setting.words));
  if (wanted.length < workloads.length) reasons.push("not all workloads");
  const taking = await participants(contenders, setting);
  /** @type {Record<string, string>} */
  const versions = { node: process.versions.node };
  /** @type {string[]} */
  const problems = [];
  /** @type {Compared[]} */
  const measured = [];
  for (const workload of wanted) {
    const { rows, versions: used, problems: wrong } = await compareOn(workload, setting, taking);
    Object.assign(versions, used);
    problems.push(...wrong.map((problem) => `${workload.name}: ${problem}`));
    const { name, title, unit, flops, targets, engines } = workload;
    const verdicts = judge(targets, rows, engines[0] ?? "", nameOf);
    measured.push({ name, title, unit, ...(flops !== undefined && { flops }), rows: rows.map(marked), verdicts });
    for (const line of [...shownRows(workload, rows), ...verdicts.map(shownVerdict)]) console.log(`  ${line}`);
  }
  console.log(`\n${summary(measured)}`);
  record(setting, `${date}-${label}`, { versions, workloads: measured }, problems, "all engines did the same work");
}

/** Told apart, because the best of these is shown by itself. @param {import("./lib/compare.mjs").Row} row */
function marked(row) {
  const { javascript } = contenders.find(({ id }) => id === row.id) ?? {};
  return { ...row, ...(javascript && { javascript }) };
}

/** @param {string} id */
function nameOf(id) {
  return contenders.find((contender) => contender.id === id)?.name ?? id;
}

/** @param {Workload} workload @param {Setting} setting @param {readonly Contender[]} there */
async function compareOn(workload, setting, there) {
  console.log(`\n${workload.title} [${workload.name}]`);
  const folder = mkdtempSync(join(tmpdir(), "surprisal-bench-"));
  try {
    const written = await workload.write(folder);
    const asked = workload.engines.filter((id) => !(setting.quick && workload.once?.includes(id)));
    const taking = asked.flatMap((id) => there.filter((contender) => contender.id === id));
    const { programs } = workload;
    const work = { ...workload, truth: written.truth };
    const rules = { rounds: setting.rounds, say: (/** @type {string} */ line) => console.log(`  ${line}`) };
    if (programs === undefined) {
      return await compare(taking, work, { ...rules, turn: (one) => workTurn(one, workload, written, setting) });
    }
    return await compare(programsOf(programs, taking), work, {
      ...rules,
      turn: ({ command, asked }) =>
        processTurn(command(benchFolder, setting.python), asked, workload, written, setting),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Programs of those who take part, and those that are of no engine. @param {NonNullable<Workload["programs"]>} programs @param {readonly Contender[]} taking */
function programsOf(programs, taking) {
  return Object.entries(programs).flatMap(([id, command]) => {
    const known = contenders.some((contender) => contender.id === id);
    const contender = taking.find((one) => one.id === id);
    if (known && contender === undefined) return [];
    return [{ id, name: contender?.name ?? id, package: contender?.package ?? "", command, asked: known }];
  });
}

/** @param {Workload} workload @param {readonly import("./lib/compare.mjs").Row[]} rows @returns {string[]} */
function shownRows({ unit, flops, targets }, rows) {
  const scale = unit === "µs" ? 1000 : 1;
  const values = targets.some(({ of }) => of === "off") || rows.some(({ off }) => off !== undefined);
  const counted = rows.some(({ workspaceMB }) => workspaceMB !== undefined);
  const heading = [
    "engine",
    `min ${unit}`,
    "median",
    "max",
    "ours ÷ it",
    "first ms",
    "MB more",
    ...(counted ? ["workspace MB"] : []),
  ];
  const lines = rows.map(({ engine, ms, ratio, firstMs, extraMB, workspaceMB, off, figures }) => [
    engine.replaceAll("`", ""),
    ...[ms.min * scale, ms.median * scale, ms.max * scale].map(shownNumber),
    ...[ratio, firstMs?.median, extraMB, ...(counted ? [workspaceMB] : [])].map((x) =>
      x === undefined ? "" : shownNumber(x),
    ),
    ...(flops === undefined ? [] : [shownNumber(flops / ms.min / 1e6)]),
    ...(values ? [off?.toExponential(0) ?? ""] : []),
    figures.map((figure) => figure.toFixed(5)).join(" "),
  ]);
  const more = [...(flops === undefined ? [] : ["GFLOP/s"]), ...(values ? ["value off"] : []), "figures"];
  return table([[...heading, ...more], ...lines]).split("\n");
}

/** A line a workload: ours, each of the others, and what of the targets is met. @param {readonly Compared[]} measured */
function summary(measured) {
  return measured
    .map(({ title, unit, rows, verdicts }) => {
      const scale = unit === "µs" ? 1000 : 1;
      const figures = rows.map(({ engine, ms }) => `${engine.replaceAll("`", "")} ${shownNumber(ms.min * scale)}`);
      return `${title}, ${unit}\n  ${figures.join(" · ")}\n  ${verdicts.map(shownVerdict).join("\n  ")}`;
    })
    .join("\n");
}
