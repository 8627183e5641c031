/** The comparison on one workload: rounds in which each engine has its turn, in a process of its own. */
import { rounded, significant, spread } from "./statistics.mjs";

/**
 * @typedef {import("./statistics.mjs").Spread} Spread
 * @typedef {import("../engines/worker.mjs").Answer} Answer
 * @typedef {import("../workloads/workload.mjs").Workload} Workload
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} engine
 * @property {Spread} ms of an operation
 * @property {number} [ratio] the first engine's least ms by its
 * @property {Spread} [firstMs] the first piece of work in a new process: compilation and all
 * @property {Spread} [loadMs] importing the engine
 * @property {number} [extraMB] the least of the rounds
 * @property {number} [workspaceMB] what the program needs besides inputs and outputs, where that is counted
 * @property {number} [off] how far its value is from the truth, relative
 * @property {number[]} figures that show that the work is the same
 * @property {number} samples over all rounds
 *
 * @typedef {object} Turn what one process came to; `missing` where the engine cannot do the work yet
 * @property {Partial<Answer> & { ms: number[], figures: number[][] }} [answer]
 * @property {string} [missing]
 * @property {string} [failure]
 *
 * @typedef {object} Taking
 * @property {string} id
 * @property {string} name
 * @property {string} [package]
 */

/**
 * @template {Taking} T
 * @param {readonly T[]} taking figures are compared with those of the first that has any
 * @param {Pick<Workload, "engines" | "tolerance" | "apart" | "ownTolerance" | "once"> & { truth?: number | undefined }} workload
 * @param {{ rounds: number, turn: (one: T) => Promise<Turn>, say: (line: string) => void }} options
 * @returns {Promise<{ rows: Row[], problems: string[], versions: Record<string, string> }>}
 */
export async function compare(taking, workload, { rounds, turn, say }) {
  /** @type {Map<string, NonNullable<Turn["answer"]>[]>} */
  const answers = new Map(taking.map(({ id }) => [id, []]));
  /** @type {string[]} */
  const problems = [];
  /** @type {Record<string, string>} */
  const versions = {};
  for (let round = 1; round <= rounds; round++) {
    for (const one of taking) {
      const mine = answers.get(one.id);
      if (mine === undefined || (round > 1 && workload.once?.includes(one.id))) continue;
      const { answer, missing, failure } = await turn(one);
      if (answer === undefined) {
        if (missing === undefined) problems.push(`${one.name}: ${failure}`);
        say(`round ${round}  ${one.name}: ${missing ?? failure}`);
        answers.delete(one.id);
        continue;
      }
      mine.push(answer);
      if (one.package !== undefined && answer.version !== undefined) versions[one.package] = answer.version;
      say(`round ${round}  ${one.name}: ${significant(spread(answer.ms).median, 3)} ms`);
    }
  }
  const rows = taking.flatMap((one) => rowOf(one, answers.get(one.id) ?? [], workload.truth));
  const least = rows.find(({ id }) => id === workload.engines[0])?.ms.min;
  for (const row of rows) if (least !== undefined) row.ratio = significant(least / row.ms.min, 3);
  problems.push(...differences(taking, answers, workload));
  return { rows, problems, versions };
}

/** @param {Taking} one @param {readonly NonNullable<Turn["answer"]>[]} mine @param {number | undefined} truth @returns {Row[]} */
function rowOf({ id, name }, mine, truth) {
  const samples = mine.flatMap(({ ms }) => ms);
  if (samples.length === 0) return [];
  const numbers = (/** @type {"firstMs" | "loadMs" | "extraMB" | "workspaceMB"} */ what) =>
    mine.flatMap((answer) => (answer[what] === undefined ? [] : [answer[what]]));
  const [firstMs, loadMs] = [numbers("firstMs"), numbers("loadMs")];
  const [extraMB, workspaceMB] = [numbers("extraMB"), numbers("workspaceMB")];
  const values = mine.flatMap(({ figures }) => figures[0]?.[0] ?? []);
  return [
    {
      id,
      engine: name,
      ms: rounded(spread(samples)),
      ...(firstMs.length > 0 && { firstMs: rounded(spread(firstMs)) }),
      ...(loadMs.length > 0 && { loadMs: rounded(spread(loadMs)) }),
      ...(extraMB.length > 0 && { extraMB: significant(Math.min(...extraMB), 3) }),
      ...(workspaceMB.length > 0 && { workspaceMB: significant(Math.max(...workspaceMB), 3) }),
      ...(truth !== undefined && { off: significant(Math.max(...values.map((v) => Math.abs(v / truth - 1))), 2) }),
      figures: (mine[0]?.figures ?? []).flatMap(([figure]) => (figure === undefined ? [] : [significant(figure, 7)])),
      samples: samples.length,
    },
  ];
}

/** Where engines did not do the same work. @param {readonly Taking[]} taking @param {ReadonlyMap<string, readonly NonNullable<Turn["answer"]>[]>} answers @param {Pick<Workload, "tolerance" | "apart" | "ownTolerance">} workload */
function differences(taking, answers, { tolerance, apart = distance, ownTolerance }) {
  // Where ours cannot do it yet, the others still have to agree.
  const reference = taking.map(({ id }) => answers.get(id)?.[0]?.figures ?? []).find((figures) => figures.length > 0);
  if (reference === undefined) return ["nobody gave figures to compare"];
  return taking.flatMap(({ id, name }) =>
    (answers.get(id) ?? []).flatMap(({ figures }, round) => {
      if (figures.length === 0) return [];
      const far = Math.max(...reference.map((one, i) => apart(figures[i] ?? [], one)));
      if (far <= (ownTolerance?.[id] ?? tolerance)) return [];
      return [
        `${name}, round ${round + 1}: ${shown(figures)} is not ${shown(reference)} (${far.toExponential(1)} apart)`,
      ];
    }),
  );
}

/** The largest relative difference; infinite for what is not a number or of another length. @param {readonly number[]} a @param {readonly number[]} b */
function distance(a, b) {
  if (a.length !== b.length || a.length === 0) return Number.POSITIVE_INFINITY;
  const apart = a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) / Math.abs(b[i] ?? Number.NaN));
  return apart.every(Number.isFinite) ? Math.max(...apart) : Number.POSITIVE_INFINITY;
}

/** @param {readonly (readonly number[])[]} figures */
function shown(figures) {
  return figures.map(([figure = Number.NaN]) => significant(figure, 6)).join(", ");
}
