/** The comparison of one shape: rounds in which each engine has its turn, in a process of its own. */
import { run } from "./processes.mjs";
import { rounded, significant, spread } from "./statistics.mjs";

/**
 * @typedef {import("./statistics.mjs").Spread} Spread
 * @typedef {import("./engines.mjs").Contender} Contender
 * @typedef {import("../engines/worker.mjs").Answer} Answer
 * @typedef {import("../engines/worker.mjs").Job} Job
 *
 * @typedef {object} Row
 * @property {string} engine
 * @property {Spread} ms a training step
 * @property {number} ratio its least ms by that of the first engine
 * @property {Spread} firstMs the first step of a new model in a new process: compilation and all
 * @property {Spread} loadMs importing the engine
 * @property {number[]} losses mean loss of each checked epoch
 * @property {number} samples epochs measured, over all rounds
 *
 * @typedef {object} Comparison
 * @property {Row[]} rows in the order of the contenders
 * @property {string[]} problems engines that failed, losses that differ
 * @property {Record<string, string>} versions by package
 */

/** How far losses may be apart: relative, in float32 after hundreds of steps. */
const tolerance = 1e-3;

/**
 * @param {readonly Contender[]} contenders the first is the reference
 * @param {Omit<Job, "engine">} job
 * @param {{ rounds: number, seconds: number, command: (contender: Contender) => readonly string[], say: (line: string) => void }} options
 * @returns {Promise<Comparison>}
 */
export async function compare(contenders, job, { rounds, seconds, command, say }) {
  /** @type {Map<string, Answer[]>} */
  const answers = new Map(contenders.map(({ id }) => [id, []]));
  /** @type {string[]} */
  const problems = [];
  /** @type {Record<string, string>} */
  const versions = {};
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      const mine = answers.get(contender.id);
      if (mine === undefined) continue;
      const { answer, failure } = await run(command(contender), { job: { ...job, engine: contender.id }, seconds });
      if (failure !== undefined) {
        problems.push(`${contender.name}: ${failure}`);
        say(`round ${round}  ${contender.name}: ${failure}`);
        answers.delete(contender.id);
        continue;
      }
      mine.push(answer);
      versions[contender.package] = answer.version;
      say(`round ${round}  ${contender.name}: ${significant(spread(answer.stepMs).median, 3)} ms`);
    }
  }
  const reference = answers.get(contenders[0]?.id ?? "")?.[0];
  const least = spread(answers.get(contenders[0]?.id ?? "")?.flatMap(({ stepMs }) => stepMs) ?? [Number.NaN]).min;
  /** @type {Row[]} */
  const rows = [];
  for (const { id, name } of contenders) {
    const mine = answers.get(id);
    if (mine === undefined) continue;
    const samples = mine.flatMap(({ stepMs }) => stepMs);
    const ms = spread(samples);
    rows.push({
      engine: name,
      ms: rounded(ms),
      ratio: significant(ms.min / least, 3),
      firstMs: rounded(spread(mine.map(({ firstMs }) => firstMs))),
      loadMs: rounded(spread(mine.map(({ loadMs }) => loadMs))),
      losses: (mine[0]?.losses ?? []).map((loss) => significant(loss, 7)),
      samples: samples.length,
    });
    if (reference === undefined) continue;
    mine.forEach(({ losses }, round) => {
      const apart = distance(losses, reference.losses);
      if (apart <= tolerance) return;
      problems.push(
        `${name}, round ${round + 1}: losses ${shown(losses)} are not ${shown(reference.losses)} (${apart.toExponential(1)} apart)`,
      );
    });
  }
  if (reference === undefined) problems.push(`${contenders[0]?.name} gave no losses to compare with`);
  return { rows, problems, versions };
}

/** The largest relative difference; infinite for what is not a number or of another length. @param {readonly number[]} a @param {readonly number[]} b */
function distance(a, b) {
  if (a.length !== b.length || a.length === 0) return Number.POSITIVE_INFINITY;
  const apart = a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) / Math.abs(b[i] ?? Number.NaN));
  return apart.every(Number.isFinite) ? Math.max(...apart) : Number.POSITIVE_INFINITY;
}

/** @param {readonly number[]} losses */
function shown(losses) {
  return losses.map((loss) => significant(loss, 6)).join(", ");
}
