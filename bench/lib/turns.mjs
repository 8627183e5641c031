/** One engine's turn: a process that does units of work and times them, or whole processes that are timed from outside. */
import { benchFolder } from "./install.mjs";
import { run } from "./processes.mjs";

/**
 * @typedef {import("./options.mjs").Setting} Setting
 * @typedef {import("./compare.mjs").Turn} Turn
 * @typedef {import("../workloads/workload.mjs").Workload} Workload
 * @typedef {import("../workloads/workload.mjs").Written} Written
 */

/**
 * @param {import("./engines.mjs").Contender} contender
 * @param {Workload} workload @param {Written} written @param {Setting} setting
 * @returns {Promise<Turn>}
 */
export async function workTurn({ id, command }, workload, { problem, first, per }, setting) {
  const { quick, prefix, python, seconds } = setting;
  const { kind, checked, most } = workload;
  const job = {
    ...{ engine: id, kind, problem, per, checked, most, ...(first !== undefined && { first }) },
    warmMs: quick ? 0 : workload.warmMs,
    measureMs: quick ? 0 : workload.measureMs,
    least: quick ? 1 : workload.least,
  };
  const { answer, failure } = await run([...prefix, ...command(benchFolder, python)], { job, seconds });
  if (failure !== undefined) return { failure };
  return answer.missing === undefined ? { answer } : { missing: answer.missing };
}

/**
 * The program gets the problem as JSON and says its figures as JSON on its last line; one of those beside need not.
 * @param {readonly string[]} command @param {boolean} asked whether it is to give figures
 * @param {Workload} workload @param {Written} written @param {Setting} setting
 * @returns {Promise<Turn>}
 */
export async function processTurn(command, asked, { least }, { problem }, { quick, prefix, seconds }) {
  /** @type {number[]} */
  const times = [];
  /** @type {any} */
  let said;
  for (let i = 0; i < (quick ? 1 : least); i++) {
    const { answer, failure, ms } = await run([...prefix, ...command], { ...(asked && { job: problem }), seconds });
    // What only stands beside may be missing, as Python may.
    if (failure !== undefined) return asked ? { failure } : { missing: failure };
    said = answer;
    times.push(ms);
  }
  return { answer: { ms: times, figures: said?.figures ?? [], ...(said?.version && { version: said.version }) } };
}
