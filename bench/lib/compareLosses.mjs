/** The comparison of losses at one size: rounds in which each engine has its turn, in a process of its own. */
import { bytesOf } from "./lossCases.mjs";
import { inRounds } from "./rounds.mjs";
import { rounded, significant, spread } from "./statistics.mjs";

/**
 * @typedef {import("./statistics.mjs").Spread} Spread
 * @typedef {import("./engines.mjs").Contender} Contender
 * @typedef {import("../engines/losses/worker.mjs").Answer} Answer
 * @typedef {import("../engines/losses/worker.mjs").Job} Job
 * @typedef {import("../engines/losses/worker.mjs").Measured} Measured
 *
 * @typedef {object} LossRow
 * @property {string} engine
 * @property {Spread} ms value and gradient once
 * @property {number} ratio its least ms by that of the first engine
 * @property {number} gigabytes a second: targets and predictions read, gradient written, by the least ms
 * @property {Spread} firstMs the first value in a process that has seen other losses: compilation and all
 * @property {number} off how far its value is from the truth, relative
 * @property {number} samples
 *
 * @typedef {object} ComparedLoss
 * @property {string} loss
 * @property {number} bytes
 * @property {LossRow[]} rows
 * @property {{ name: string, family: string, ms: number, gigabytes: number }[]} kernels of the first engine, each alone; gigabytes of its own reads and writes
 */

/** How far gradients may be apart, by their largest entry. */
const tolerance = 1e-3;
/**
 * How far values may be off. Engines that add millions of float32 one after another lose the third digit; that is their result, and it
 * is shown, but a wrong formula would be further off.
 */
const valueTolerance = 0.03;

/**
 * @param {readonly Contender[]} contenders the first is the reference
 * @param {Omit<Job, "engine">} job
 * @param {ReadonlyMap<string, number>} truths value by loss
 * @param {{ rounds: number, seconds: number, command: (contender: Contender) => readonly string[], say: (line: string) => void }} options
 */
export async function compareLosses(contenders, job, truths, options) {
  /** @type {{ answers: Map<string, Answer[]>, problems: string[], versions: Record<string, string> }} */
  const { answers, problems, versions } = await inRounds(contenders, ({ id }) => ({ ...job, engine: id }), options);
  const losses = job.cases.map((one) => {
    const bytes = bytesOf(one, job.size);
    const rate = (/** @type {number} */ moved, /** @type {number} */ ms) => significant(moved / ms / 1e6, 3);
    /** @type {LossRow[]} */
    const rows = [];
    /** @type {Measured | undefined} */
    let reference;
    for (const { id, name } of contenders) {
      const mine = measuredOf(answers.get(id) ?? [], one.name, (failure) =>
        problems.push(`${name}, ${one.name}: ${failure}`),
      );
      if (mine.length === 0) continue;
      reference ??= mine[0];
      const truth = truths.get(one.name) ?? Number.NaN;
      const off = Math.max(...mine.map(({ value }) => Math.abs(value / truth - 1)));
      if (!(off <= valueTolerance)) problems.push(`${name}, ${one.name}: its value ${mine[0]?.value} is not ${truth}`);
      const samples = mine.flatMap(({ ms }) => ms);
      const ms = spread(samples);
      rows.push({
        engine: name,
        ms: rounded(ms),
        ratio: significant(ms.min / (rows[0]?.ms.min ?? ms.min), 3),
        gigabytes: rate(bytes, ms.min),
        firstMs: rounded(spread(mine.map(({ firstMs }) => firstMs))),
        off: significant(off, 2),
        samples: samples.length,
      });
      problems.push(...differences(mine, reference).map((difference) => `${name}, ${one.name}: ${difference}`));
    }
    const timed = measuredOf(answers.get(contenders[0]?.id ?? "") ?? [], one.name, () => {});
    const kernels = (timed[0]?.kernels ?? []).map(({ name, family, bytes: moved }, i) => {
      const least = Math.min(...timed.map((measured) => measured.kernels?.[i]?.ms ?? Number.NaN));
      return { name, family, ms: significant(least, 4), gigabytes: rate(moved, least) };
    });
    return { loss: one.name, bytes, rows, kernels };
  });
  return { losses, problems, versions };
}

/** What was measured of a loss in each round. @param {readonly Answer[]} answers @param {string} loss @param {(failure: string) => void} failed */
function measuredOf(answers, loss, failed) {
  return answers.flatMap(({ results }) => {
    const result = results[loss];
    if (result !== undefined && !("failure" in result)) return [result];
    failed(result?.failure ?? "no answer");
    return [];
  });
}

/** Where they did not do the same work. @param {readonly Measured[]} mine @param {Measured | undefined} reference */
function differences(mine, reference) {
  if (reference === undefined) return [];
  const largest = Math.max(...reference.gradient.map(Math.abs));
  return mine.flatMap(({ gradient }) => {
    const furthest = Math.max(...gradient.map((x, i) => Math.abs(x - (reference.gradient[i] ?? Number.NaN)))) / largest;
    return furthest <= tolerance ? [] : [`its gradient is ${furthest.toExponential(1)} of the largest entry off`];
  });
}
