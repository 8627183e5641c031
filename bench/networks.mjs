/** Training steps of whole networks, ours beside others, and then whole programs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ThreefryStream } from "surprisal/internals";
import { compare } from "./lib/compare.mjs";
import { contenders } from "./lib/engines.mjs";
import { benchFolder } from "./lib/install.mjs";
import { journeysOf } from "./lib/journeys.mjs";
import { attempt } from "./lib/options.mjs";
import { participants } from "./lib/participants.mjs";
import { adam, writeProblem } from "./lib/problem.mjs";
import { record } from "./lib/record.mjs";
import { flopsOf, shapes, shapesNamed } from "./lib/shapes.mjs";
import { shownNumber, table } from "./lib/statistics.mjs";

/**
 * @typedef {import("./lib/compare.mjs").Row} Row
 * @typedef {import("./lib/options.mjs").Setting} Setting
 * @typedef {import("./lib/shapes.mjs").NetworkShape} NetworkShape
 */

const heading = ["engine", "min ms", "median", "max", "ratio", "GFLOP/s", "first step ms", "losses"];

/** @param {Setting} setting */
export async function benchNetworks(setting) {
  const { reasons, date, label } = setting;
  const wanted = attempt(() => shapesNamed(setting.words));
  if (wanted.length < shapes.length) reasons.push("not all shapes");
  const taking = await participants(contenders, setting);
  /** @type {Record<string, string>} */
  const versions = { node: process.versions.node };
  /** @type {{ name: string, flops: number, rows: Row[] }[]} */
  const results = [];
  /** @type {string[]} */
  const problems = [];
  const scratch = mkdtempSync(join(tmpdir(), "surprisal-bench-"));
  try {
    for (const shape of wanted) {
      const compared = await oneShape(shape, setting, taking, scratch);
      Object.assign(versions, compared.versions);
      problems.push(...compared.problems.map((problem) => `${shape.name}: ${problem}`));
      results.push({ name: shape.name, flops: flopsOf(shape), rows: compared.rows });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (!setting.journeys) reasons.push("--no-journeys");
  const journeys = setting.journeys ? await journeyPart(setting, problems) : {};
  const measured = { versions, shapes: results, journeys };
  record(setting, `${date}-${label}`, measured, problems, "all engines have the same losses");
}

/** @param {NetworkShape} shape @param {Setting} setting @param {readonly import("./lib/engines.mjs").Contender[]} taking @param {string} scratch */
async function oneShape(shape, { quick, rounds, seconds, prefix, python }, taking, scratch) {
  console.log(`\n${shape.name}: ${shape.steps} steps an epoch, ${shownNumber(flopsOf(shape) / 1e6)} MFLOP a step`);
  const job = {
    shape,
    files: writeProblem(shape, ThreefryStream, scratch),
    adam,
    warmMs: quick ? 0 : 500,
    measureMs: quick ? 0 : 1500,
    leastEpochs: quick ? 1 : 3,
  };
  const compared = await compare(taking, job, {
    rounds,
    seconds,
    command: (contender) => [...prefix, ...contender.command(benchFolder, python)],
    say: (line) => console.log(`  ${line}`),
  });
  console.log(`\n${table([heading, ...compared.rows.map((row) => cells(row, shape))]).replace(/^/gm, "  ")}`);
  return compared;
}

/** @param {Setting} setting @param {string[]} problems what goes wrong is added */
async function journeyPart({ quick, rounds, prefix }, problems) {
  console.log("\nwhole programs");
  const made = await journeysOf({
    bench: benchFolder,
    root: resolve(benchFolder, ".."),
    rounds,
    prefix,
    mnist: !quick,
    say: (line) => console.log(`  ${line}`),
  });
  problems.push(...made.problems);
  for (const [name, value] of Object.entries(made.journeys)) {
    const figures = typeof value === "object" && "min" in value ? [value.min, value.median, value.max] : [value].flat();
    console.log(`  ${name}: ${figures.map(shownNumber).join(" / ")}`);
  }
  return made.journeys;
}

/** @param {Row} row @param {NetworkShape} shape */
function cells({ engine, ms, ratio, firstMs, losses }, shape) {
  return [
    engine.replaceAll("`", ""),
    ...[ms.min, ms.median, ms.max, ratio, flopsOf(shape) / ms.min / 1e6, firstMs.median].map(shownNumber),
    losses.map((loss) => loss.toFixed(5)).join(" "),
  ];
}
