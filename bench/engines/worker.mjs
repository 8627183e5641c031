/**
 * One engine on one workload, as a process: reads a job as JSON on standard input, works, and writes one line of JSON.
 * The same protocol as worker.py.
 */
import { text } from "node:stream/consumers";
import { readArray } from "../lib/arrays.mjs";
import { watchMemory } from "../lib/memory.mjs";

/**
 * @typedef {object} Job
 * @property {string} engine a folder here
 * @property {string} kind of work: the file in that folder
 * @property {Problem} problem
 * @property {object} [first] what is different of the problem for its first piece: a new model's first step, say
 * @property {number} per operations in a unit of work; times are given for one operation
 * @property {number} checked units whose figures are handed back, to be compared with other engines'
 * @property {number} warmMs work at least so long before measuring
 * @property {number} measureMs stop measuring after so long
 * @property {number} least … but not before so many measured units
 * @property {number} most no more measured units than this, so that everybody stays in the same part of a training
 *
 * @typedef {any} Problem numbers as the workload gives them; its `arrays` are `{ file, dtype, shape }` there and `{ values, shape }` here
 *
 * @typedef {object} More
 * @property {number} workspaceMB what a program needs besides its inputs and outputs, where an engine counts that
 *
 * @typedef {object} Engine
 * @property {string} version
 * @property {string} [missing] why it cannot do this work; then nothing else is looked at
 * @property {(problem: Problem, onUnit: (figures: readonly number[]) => boolean) => void | More | Promise<void | More>} perform starts anew and does unit
 *   after unit, until `onUnit`, which gets the figures that show that the work is the same, says false
 *
 * @typedef {object} Answer
 * @property {string} version
 * @property {string} [missing]
 * @property {number} loadMs from importing the engine to ready
 * @property {number} firstMs from data in memory to the end of the first piece of work: tracing, compiling, all of it
 * @property {number[][]} figures of each checked unit
 * @property {number[]} ms one entry a measured unit: its time by its operations
 * @property {number} [workspaceMB]
 * @property {number} extraMB memory at the peak, above that with the engine loaded and the data read
 */

/** @type {Job} */
const job = JSON.parse(await text(process.stdin));
const beforeLoad = performance.now();
/** @type {{ load(): Promise<Engine> }} */
const { load } = await import(`./${job.engine}/${job.kind}.mjs`);
const engine = await load();
const loadMs = performance.now() - beforeLoad;
const answer =
  engine.missing === undefined
    ? { version: engine.version, loadMs, ...(await measure()) }
    : { version: engine.version, missing: engine.missing };
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exit(0);

async function measure() {
  const arrays = Object.fromEntries(
    Object.entries(job.problem.arrays).map(([name, array]) => [name, readArray(/** @type {any} */ (array))]),
  );
  const problem = { ...job.problem, arrays };
  const extraMB = watchMemory();
  const began = performance.now();
  let firstMs = Number.NaN;
  if (job.first !== undefined) {
    await engine.perform({ ...problem, ...job.first }, () => false);
    firstMs = performance.now() - began;
  }
  /** @type {number[][]} */
  const figures = [];
  /** @type {number[]} */
  const unitMs = [];
  const start = performance.now();
  let last = start;
  let measuredFrom = Number.NaN;
  const more = await engine.perform(problem, (given) => {
    const now = performance.now();
    if (Number.isNaN(firstMs)) firstMs = now - began;
    if (figures.length < job.checked) figures.push([...given]);
    if (Number.isNaN(measuredFrom)) {
      if (figures.length === job.checked && now - start >= job.warmMs) measuredFrom = performance.now();
    } else {
      unitMs.push(now - last);
    }
    last = performance.now();
    const enough = now - measuredFrom >= job.measureMs && unitMs.length >= job.least;
    return !enough && unitMs.length < job.most;
  });
  return { firstMs, figures, ms: unitMs.map((ms) => ms / job.per), extraMB: extraMB(), ...more };
}
