/**
 * surprisal on every product, as a process: reads a job as JSON on standard input, measures, and writes one line of JSON. With the word
 * "fused" products round once where the engine can, else always twice. The innermost loop alone, over operands in the first cache, is measured
 * before and after: what products can reach at most. The same protocol as numpy_products.py.
 */
import { text } from "node:stream/consumers";
import { version } from "surprisal";
import { wasm } from "surprisal/devices";
import { input, matmul } from "surprisal/graph";
import { capabilities, productCeiling } from "surprisal/internals";
import { factors, operand, probesOf } from "../../lib/productCases.mjs";

/**
 * @typedef {import("../../lib/productCases.mjs").ProductCase} ProductCase
 *
 * @typedef {object} Job
 * @property {readonly ProductCase[]} cases
 * @property {number} warmMs run at least so long before measuring
 * @property {number} measureMs stop measuring after so long
 *
 * @typedef {object} Answer
 * @property {string} version of the engine
 * @property {string} arithmetic the class of its bits
 * @property {number[]} [ceiling] GFLOP/s of the innermost loop alone, one entry a sample
 * @property {Record<string, { ms: number[], values: number[] }>} results by case: one entry a sample of at least 2 ms; values at `probesOf`
 */

const fused = process.argv[2] === "fused" && capabilities().fusedMultiplyAdd;
/** @type {Job} */
const job = JSON.parse(await text(process.stdin));
const loop = productCeiling(fused);
const device = wasm({ fusedMultiplyAdd: fused });
/** @type {Answer} */
const answer = { version, arithmetic: device.arithmetic ?? device.name, ceiling: [], results: {} };

const ceiling = () => measure(() => loop.run(1000)).map((ms) => (1000 * loop.flops) / ms / 1e6);
answer.ceiling?.push(...ceiling());
for (const one of job.cases) answer.results[one.name] = await product(one);
answer.ceiling?.push(...ceiling());
process.stdout.write(`${JSON.stringify(answer)}\n`);

/** @param {ProductCase} one */
async function product(one) {
  const { m, n, k, transposeA, transposeB } = one;
  const a = input("a", "float32", transposeA ? [k, m] : [m, k]);
  const b = input("b", "float32", transposeB ? [n, k] : [k, n]);
  const [left, right, into] = [a.shape, b.shape, [m, n]].map((shape) => device.allocate("float32", shape));
  if (left === undefined || right === undefined || into === undefined) throw new Error("no buffers");
  device.write(left, operand(m * k, factors[0]));
  device.write(right, operand(k * n, factors[1]));
  const node = matmul(a, b, { transposeA, transposeB });
  const bindings = new Map([
    [a, left],
    [b, right],
  ]);
  const executable = await device.load({ outputs: [{ node, into }], bindings });
  const ms = measure(() => executable.run());
  const { data } = await device.read(into);
  for (const buffer of [left, right, into]) device.free(buffer);
  return { ms, values: probesOf(one).map((place) => data[place] ?? Number.NaN) };
}

/** Milliseconds a run, one entry a sample of at least 2 ms. @param {() => void} run */
function measure(run) {
  let runs = 1;
  const sample = () => {
    const began = performance.now();
    for (let r = 0; r < runs; r++) run();
    return performance.now() - began;
  };
  const warm = performance.now();
  for (let ms = 0; ms < 2 || performance.now() - warm < job.warmMs; ) {
    ms = sample();
    if (ms < 2) runs *= 2;
  }
  /** @type {number[]} */
  const samples = [];
  const began = performance.now();
  do samples.push(sample() / runs);
  while (performance.now() - began < job.measureMs);
  return samples;
}
