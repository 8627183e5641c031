/**
 * One engine on one problem, as a process: reads a job as JSON on standard input, trains, and writes one line of JSON.
 * The same protocol as numpy_step.py.
 */
import { text } from "node:stream/consumers";
import { firstBatch, readProblem } from "../lib/problem.mjs";

/**
 * @typedef {import("../lib/problem.mjs").Adam} Adam
 * @typedef {import("../lib/problem.mjs").Problem} Problem
 * @typedef {import("../lib/problem.mjs").ProblemFiles} ProblemFiles
 *
 * @typedef {object} Job
 * @property {string} engine file name in this folder, without ending
 * @property {import("../lib/shapes.mjs").NetworkShape} shape
 * @property {ProblemFiles} files
 * @property {Adam} adam
 * @property {number} warmMs train at least so long before measuring
 * @property {number} measureMs stop measuring after so long
 * @property {number} leastEpochs … but not before so many measured epochs
 *
 * @typedef {object} Answer
 * @property {string} version of the engine
 * @property {number} loadMs from importing it to ready
 * @property {number} firstMs from data in memory to the loss of the first step of the first model
 * @property {number[]} losses mean loss of each checked epoch
 * @property {number[]} stepMs one entry a measured epoch: its time by its steps
 *
 * @typedef {object} Engine
 * @property {string} version
 * @property {(problem: Problem, adam: Adam, onEpoch: (loss: number) => boolean) => Promise<void>} train makes a model with the
 *   problem's weights and trains epoch after epoch, until `onEpoch`, which gets the mean loss of each, says false
 */

/** @type {Job} */
const job = JSON.parse(await text(process.stdin));
const problem = readProblem(job.shape, job.files);

const beforeLoad = performance.now();
/** @type {{ load(): Promise<Engine> }} */
const { load } = await import(`./${job.engine}.mjs`);
const engine = await load();
const loaded = performance.now();
await engine.train(firstBatch(problem), job.adam, () => false);
const first = performance.now();

/** @type {number[]} */
const losses = [];
/** @type {number[]} */
const epochMs = [];
const began = performance.now();
let last = began;
let measuredFrom = Number.NaN;
await engine.train(problem, job.adam, (loss) => {
  const now = performance.now();
  if (losses.length < job.shape.checked) losses.push(loss);
  if (Number.isNaN(measuredFrom)) {
    if (losses.length === job.shape.checked && now - began >= job.warmMs) measuredFrom = performance.now();
  } else {
    epochMs.push(now - last);
  }
  last = performance.now();
  const enough = now - measuredFrom >= job.measureMs && epochMs.length >= job.leastEpochs;
  return !enough && epochMs.length < job.shape.epochs;
});

/** @type {Answer} */
const answer = {
  version: engine.version,
  loadMs: loaded - beforeLoad,
  firstMs: first - loaded,
  losses,
  stepMs: epochMs.map((ms) => ms / problem.steps),
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exit(0);
