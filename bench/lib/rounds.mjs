/** Rounds in which each engine has its turn, in a process of its own; one that fails is reported and left out of those that follow. */
import { run } from "./processes.mjs";

/**
 * @template {{ version: string }} A
 * @template {{ id: string, name: string, package: string }} C
 * @param {readonly C[]} contenders
 * @param {(contender: C) => object} jobOf
 * @param {{ rounds: number, seconds: number, command: (contender: C) => readonly string[], say: (line: string) => void }} options
 */
export async function inRounds(contenders, jobOf, { rounds, seconds, command, say }) {
  /** @type {Map<string, A[]>} */
  const answers = new Map(contenders.map(({ id }) => [id, []]));
  /** @type {string[]} */
  const problems = [];
  /** @type {Record<string, string>} */
  const versions = {};
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      const mine = answers.get(contender.id);
      if (mine === undefined) continue;
      const { answer, failure, ms } = await run(command(contender), { job: jobOf(contender), seconds });
      if (failure === undefined) {
        mine.push(answer);
        versions[contender.package] = answer.version;
      } else {
        problems.push(`${contender.name}: ${failure}`);
        answers.delete(contender.id);
      }
      say(`round ${round}  ${contender.name}: ${failure ?? `${(ms / 1000).toFixed(1)} s`}`);
    }
  }
  return { answers, problems, versions };
}
