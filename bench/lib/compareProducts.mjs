/** The comparison of matrix products: rounds in which each engine has its turn, in a process of its own. */

import { flopsOf, truthsOf } from "./productCases.mjs";
import { inRounds } from "./rounds.mjs";
import { rounded, significant, spread } from "./statistics.mjs";

/**
 * @typedef {import("./statistics.mjs").Spread} Spread
 * @typedef {import("./engines.mjs").Contender} Contender
 * @typedef {import("./productCases.mjs").ProductCase} ProductCase
 * @typedef {import("../engines/products/surprisal.mjs").Answer} Answer
 *
 * @typedef {object} ProductRow
 * @property {string} engine
 * @property {Spread} ms
 * @property {number} ratio its least ms by that of the first engine
 * @property {number} gigaflops by the least ms
 * @property {number} [share] of the ceiling of its own arithmetic, in the same processes
 * @property {number} samples
 *
 * @typedef {object} ComparedProduct
 * @property {string} product
 * @property {number} flops
 * @property {ProductRow[]} rows
 */

/** How far a float32 sum may be off, by the size of its terms. */
const tolerance = 1e-5;

/**
 * @param {readonly Contender[]} contenders the first is the reference
 * @param {import("../engines/products/surprisal.mjs").Job} job
 * @param {{ rounds: number, seconds: number, command: (contender: Contender) => readonly string[], say: (line: string) => void }} options
 */
export async function compareProducts(contenders, job, options) {
  /** @type {{ answers: Map<string, Answer[]>, problems: string[], versions: Record<string, string> }} */
  const { answers, problems, versions } = await inRounds(contenders, () => job, options);
  const ceilings = contenders.flatMap(({ id, name }) => {
    const mine = answers.get(id) ?? [];
    const samples = mine.flatMap(({ ceiling }) => ceiling ?? []);
    if (samples.length === 0) return [];
    return [{ engine: name, arithmetic: mine[0]?.arithmetic ?? "", gigaflops: rounded(spread(samples)) }];
  });
  const products = job.cases.map((one) => {
    const truths = truthsOf(one);
    /** @type {ProductRow[]} */
    const rows = [];
    for (const { id, name } of contenders) {
      const mine = (answers.get(id) ?? []).flatMap(({ results }) => results[one.name] ?? []);
      if (mine.length === 0) continue;
      const off = Math.max(
        ...mine.flatMap(({ values }) =>
          truths.map(({ value, size }, p) => Math.abs((values[p] ?? NaN) - value) / size),
        ),
      );
      if (!(off <= tolerance)) problems.push(`${name}, ${one.name}: off by ${off.toExponential(1)} of its terms`);
      const samples = mine.flatMap(({ ms }) => ms);
      const ms = spread(samples);
      const gigaflops = flopsOf(one) / ms.min / 1e6;
      const ceiling = ceilings.find(({ engine }) => engine === name)?.gigaflops.max;
      rows.push({
        engine: name,
        ms: rounded(ms),
        ratio: significant(ms.min / (rows[0]?.ms.min ?? ms.min), 3),
        gigaflops: significant(gigaflops, 3),
        ...(ceiling !== undefined && { share: significant(gigaflops / ceiling, 3) }),
        samples: samples.length,
      });
    }
    return { product: one.name, flops: flopsOf(one), rows };
  });
  return { products, ceilings, problems, versions };
}
