/** What it takes to make a program ready to run: pass by pass, the first time, when warm, and when its structure is known. */
import { fileURLToPath } from "node:url";
import { compilePrograms } from "./lib/compilePrograms.mjs";
import { refuse } from "./lib/options.mjs";
import { run } from "./lib/processes.mjs";
import { record } from "./lib/record.mjs";
import { rounded, shownNumber, spread, table } from "./lib/statistics.mjs";

const child = fileURLToPath(new URL("lib/compileOne.mjs", import.meta.url));

/**
 * @typedef {object} Answer what a process says of one program; times in ms
 * @property {number} nodes
 * @property {number} kernels
 * @property {number} codeBytes
 * @property {number} graph
 * @property {number} first
 * @property {import("./lib/statistics.mjs").Spread} warm
 * @property {Record<string, number>} passes median of each when warm
 * @property {import("./lib/statistics.mjs").Spread} again
 */

/** @param {import("./lib/options.mjs").Setting} setting whose words are programs; none: all */
export async function benchCompile(setting) {
  const { words, quick, rounds, seconds, prefix, reasons, date, label } = setting;
  const names = Object.keys(compilePrograms);
  const unknown = words.find((word) => !names.includes(word));
  if (unknown !== undefined) refuse(`"${unknown}" is none of the programs; they are ${names.join(", ")}`);
  const wanted = words.length === 0 ? names : words;
  if (wanted.length < names.length) reasons.push("not all programs");
  /** @type {string[]} */
  const problems = [];
  const programs = [];
  for (const name of wanted) {
    /** @type {Answer[]} */
    const answers = [];
    for (let round = 0; round < rounds; round++) {
      const job = { name, warmMs: quick ? 100 : 1000 };
      const { answer, failure } = await run([...prefix, process.execPath, child], { job, seconds });
      if (failure === undefined) answers.push(answer);
      else problems.push(`${name}: ${failure}`);
    }
    const best = answers.reduce((a, b) => (b.warm.median < a.warm.median ? b : a), /** @type {Answer} */ (answers[0]));
    if (best === undefined) continue;
    const { nodes, kernels, codeBytes, warm, passes, again } = best;
    const of = (/** @type {"graph" | "first"} */ what) => rounded(spread(answers.map((answer) => answer[what])));
    programs.push({ name, nodes, kernels, codeBytes, graph: of("graph"), first: of("first"), warm, passes, again });
    console.log(`  ${name} done`);
  }
  console.log(`\n${shown(programs)}`);
  const versions = { node: process.versions.node };
  record(setting, `${date}-${label}-compile`, { versions, programs }, problems, "every program was compiled");
}

/** @param {readonly (Omit<Answer, "graph" | "first"> & { name: string, graph: { min: number }, first: { min: number } })[]} programs */
function shown(programs) {
  const heading = [
    "program",
    "nodes",
    "kernels",
    "KiB",
    "graph ms",
    "first ms",
    "/ 1,000",
    "warm ms",
    "/ 1,000",
    "again ms",
  ];
  const rows = programs.map(({ name, nodes, kernels, codeBytes, graph, first, warm, again }) => [
    name,
    String(nodes),
    String(kernels),
    ...[
      codeBytes / 1024,
      graph.min,
      first.min,
      (first.min / nodes) * 1000,
      warm.median,
      (warm.median / nodes) * 1000,
      again.median,
    ].map(shownNumber),
  ]);
  const passes = Object.keys(programs[0]?.passes ?? {});
  const byPass = programs.map(({ name, passes: ms }) => [name, ...passes.map((pass) => shownNumber(ms[pass] ?? 0))]);
  return [table([heading, ...rows]), table([["warm ms by pass", ...passes], ...byPass])].join("\n\n");
}
