/** What whole programs take: the binary walk-through warm and as a script, and MNIST. Ours alone; nothing is compared. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./processes.mjs";
import { rounded, significant, spread } from "./statistics.mjs";

/**
 * @typedef {import("./statistics.mjs").Spread} Spread
 *
 * @typedef {object} Journeys
 * @property {Spread} [fitMs] the walk-through's model made, compiled and fitted, in a warm process
 * @property {Spread} [firstFitMs] the first one of a process
 * @property {Spread} [scriptMs] examples/binary.mjs as a process
 * @property {Spread} [emptyMs] `node -e 0`, that much of it is Node's
 * @property {number} [mnistEpochSeconds] of examples/mnist.mjs: 784-128-10, batch 32
 * @property {number} [mnistSeconds] all of it as a process, reading the images too
 */

/**
 * @param {{ bench: string, root: string, rounds: number, prefix: readonly string[], mnist: boolean, say: (line: string) => void }} options
 * @returns {Promise<{ journeys: Journeys, problems: string[] }>}
 */
export async function journeysOf({ bench, root, rounds, prefix, mnist, say }) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Record<"fit" | "first" | "script" | "empty", number[]>} */
  const samples = { fit: [], first: [], script: [], empty: [] };
  const node = [...prefix, process.execPath];
  for (let round = 0; round < rounds; round++) {
    const warm = await run([...node, join(bench, "engines/walkthrough.mjs")], { job: { fits: 20 } });
    if (warm.failure !== undefined) problems.push(`walk-through: ${warm.failure}`);
    else {
      samples.fit.push(...warm.answer.fitMs);
      samples.first.push(warm.answer.firstMs);
    }
    const script = await run([...node, join(root, "examples/binary.mjs")], { cwd: root });
    if (script.failure !== undefined) problems.push(`examples/binary.mjs: ${script.failure}`);
    else samples.script.push(script.ms);
    samples.empty.push((await run([...node, "-e", "0"])).ms);
  }
  /** @type {Journeys} */
  const journeys = {
    ...(samples.fit.length > 0 && { fitMs: rounded(spread(samples.fit)), firstFitMs: rounded(spread(samples.first)) }),
    ...(samples.script.length > 0 && { scriptMs: rounded(spread(samples.script)) }),
    emptyMs: rounded(spread(samples.empty)),
  };
  if (mnist) Object.assign(journeys, await mnistOf(root, node, problems, say));
  return { journeys, problems };
}

/**
 * @param {string} root @param {readonly string[]} node @param {string[]} problems @param {(line: string) => void} say
 * @returns {Promise<Pick<Journeys, "mnistEpochSeconds" | "mnistSeconds">>}
 */
async function mnistOf(root, node, problems, say) {
  const script = join(root, "examples/mnist.mjs");
  if (!existsSync(script)) {
    say("MNIST: left out, examples/mnist.mjs is not there");
    return {};
  }
  const { failure, output, ms } = await run([...node, script], { cwd: root, seconds: 300 });
  if (failure !== undefined) {
    problems.push(`examples/mnist.mjs: ${failure}`);
    return {};
  }
  const given = /^seconds per epoch ([\d.]+)$/m.exec(output)?.[1];
  if (given === undefined) problems.push("examples/mnist.mjs: no line `seconds per epoch N` in what it says");
  return {
    ...(given !== undefined && { mnistEpochSeconds: Number(given) }),
    mnistSeconds: significant(ms / 1000, 3),
  };
}
