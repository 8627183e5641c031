/** Value and gradient of one loss at a time, ours beside others: bytes that have to move by the time it takes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ThreefryStream } from "surprisal/internals";
import { compareLosses } from "./lib/compareLosses.mjs";
import { benchFolder } from "./lib/install.mjs";
import { lossCases, sizes, truths, writeArrays } from "./lib/lossCases.mjs";
import { lossContenders } from "./lib/lossEngines.mjs";
import { refuse } from "./lib/options.mjs";
import { participants } from "./lib/participants.mjs";
import { record } from "./lib/record.mjs";
import { shownNumber, table } from "./lib/statistics.mjs";

const heading = ["loss", "engine", "min ms", "median", "max", "ratio", "GB/s", "first ms", "value off"];

/** @param {import("./lib/options.mjs").Setting} setting whose words are losses; none: all */
export async function benchLosses(setting) {
  const { words, quick, rounds, seconds, prefix, python, reasons, date, label } = setting;
  const unknown = words.find((word) => !lossCases.some(({ name }) => name === word));
  if (unknown !== undefined) {
    refuse(`"${unknown}" is none of the losses; they are ${lossCases.map(({ name }) => name).join(", ")}`);
  }
  const cases = lossCases.filter(({ name }) => words.length === 0 || words.includes(name));
  if (cases.length < lossCases.length) reasons.push("not all losses");
  const taking = await participants(lossContenders, setting);
  /** @type {Record<string, string>} */
  const versions = { node: process.versions.node };
  /** @type {string[]} */
  const problems = [];
  const measured = [];
  for (const size of sizes) {
    console.log(`\n${size.name}, float32`);
    const scratch = mkdtempSync(join(tmpdir(), "surprisal-bench-"));
    try {
      const files = writeArrays(size, ThreefryStream, scratch);
      const job = { size, cases, files, warmMs: quick ? 20 : 200, measureMs: quick ? 20 : 400 };
      const compared = await compareLosses(taking, job, truths(cases, size, files), {
        rounds,
        seconds,
        command: (contender) => [...prefix, ...contender.command(benchFolder, python)],
        say: (line) => console.log(`  ${line}`),
      });
      Object.assign(versions, compared.versions);
      problems.push(...compared.problems.map((problem) => `${size.name}: ${problem}`));
      const { name, rows, classes } = size;
      measured.push({ name, rows, classes, losses: compared.losses });
      console.log(`\n${shownTable(compared.losses).replace(/^/gm, "  ")}`);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  const agreement = "all engines have the same gradients, and values as their sums allow";
  record(setting, `${date}-${label}-losses`, { versions, sizes: measured }, problems, agreement);
}

/** @param {readonly import("./lib/compareLosses.mjs").ComparedLoss[]} compared */
function shownTable(compared) {
  const rows = compared.flatMap(({ loss, rows }) =>
    rows.map(({ engine, ms, ratio, gigabytes, firstMs, off }) => [
      loss,
      engine,
      ...[ms.min, ms.median, ms.max, ratio, gigabytes, firstMs.median].map(shownNumber),
      off.toExponential(0),
    ]),
  );
  const kernels = compared.flatMap(({ loss, kernels }) =>
    kernels.map(({ family, ms, gigabytes }) => [loss, family, shownNumber(ms), shownNumber(gigabytes)]),
  );
  const parts = [table([heading, ...rows])];
  if (kernels.length > 0)
    parts.push(table([["surprisal's kernels, each alone", "family", "min ms", "GB/s"], ...kernels]));
  return parts.join("\n\n");
}
