/**
 * One engine on every loss at one size, as a process: reads a job as JSON on standard input, measures, and writes one line of JSON.
 * The same protocol as numpy_losses.py.
 */
import { text } from "node:stream/consumers";
import { probesOf, readArray, shapeOf } from "../../lib/lossCases.mjs";

/**
 * @typedef {import("../../lib/lossCases.mjs").LossCase} LossCase
 * @typedef {import("../../lib/lossCases.mjs").Kind} Kind
 *
 * @typedef {object} Job
 * @property {string} engine file name in this folder, without ending
 * @property {import("../../lib/lossCases.mjs").Size} size
 * @property {readonly LossCase[]} cases
 * @property {Record<Kind, string>} files
 * @property {number} warmMs run at least so long before measuring
 * @property {number} measureMs stop measuring after so long
 *
 * @typedef {object} Measured
 * @property {number} firstMs from data in memory to the first value: tracing, compiling, all of it
 * @property {number[]} ms one entry a sample of at least 2 ms: its time by its runs
 * @property {number} value
 * @property {number[]} gradient at the places of `probesOf`
 * @property {{ name: string, family: string, ms: number, bytes: number }[]} [kernels] each alone; engines without them leave it out
 *
 * @typedef {object} Answer
 * @property {string} version of the engine
 * @property {Record<string, Measured | { failure: string }>} results by loss
 *
 * @typedef {object} Data
 * @property {Float32Array | Int32Array} values
 * @property {number[]} shape
 *
 * @typedef {object} Prepared a loss on data that stays where the engine computes
 * @property {() => number | Promise<number>} run once, value and gradient; the gradient stays there
 * @property {() => ArrayLike<number> | Promise<ArrayLike<number>>} gradient of the last run
 * @property {() => Measured["kernels"]} [kernels] times them
 * @property {() => void} free
 *
 * @typedef {object} Engine
 * @property {string} version
 * @property {(loss: string, yTrue: Data, yPred: Data) => Prepared | Promise<Prepared>} prepare
 */

/** @type {Job} */
const job = JSON.parse(await text(process.stdin));
/** @type {{ load(): Promise<Engine> }} */
const { load } = await import(`./${job.engine}.mjs`);
const engine = await load();

/** @type {Answer} */
const answer = { version: engine.version, results: {} };
for (const one of job.cases) {
  try {
    answer.results[one.name] = await measure(one);
  } catch (error) {
    answer.results[one.name] = { failure: error instanceof Error ? error.message : String(error) };
  }
}
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exit(0);

/** @param {LossCase} one @returns {Promise<Measured>} */
async function measure({ name, yTrue, yPred }) {
  const data = (/** @type {Kind} */ kind) => ({
    values: readArray(kind, job.files[kind]),
    shape: shapeOf(kind, job.size),
  });
  const [targets, predictions] = [data(yTrue), data(yPred)];
  const began = performance.now();
  const prepared = await engine.prepare(name, targets, predictions);
  const value = await prepared.run();
  const firstMs = performance.now() - began;
  // Long enough for the clock, and for what a run leaves to be collected.
  let runs = 1;
  for (const start = performance.now(); performance.now() - start < job.warmMs; ) {
    const took = await time(prepared, runs);
    if (took < 2) runs *= 2;
  }
  /** @type {number[]} */
  const ms = [];
  for (const start = performance.now(); ms.length < 2 || performance.now() - start < job.measureMs; ) {
    ms.push((await time(prepared, runs)) / runs);
  }
  const gradient = await prepared.gradient();
  const kernels = prepared.kernels?.();
  prepared.free();
  return {
    firstMs,
    ms,
    value,
    gradient: probesOf(gradient.length).map((place) => Number(gradient[place])),
    ...(kernels && { kernels }),
  };
}

/** @param {Prepared} prepared @param {number} runs */
async function time(prepared, runs) {
  const began = performance.now();
  for (let i = 0; i < runs; i++) await prepared.run();
  return performance.now() - began;
}
