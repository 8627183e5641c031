/**
 * `npm run bench [-- SHAPE…]`: milliseconds a training step, ours beside others on the same data and weights; then what whole
 * programs take. README.md in this folder says how to read it. A complete run is written to results/.
 *
 * --rounds N        turns of each engine (5)             --engines ID,ID   only these; the first is the reference
 * --quick           one short round, never recorded      --no-record       show, do not write
 * --label TEXT      in the result's name                 --date YYYY-MM-DD of the result (today)
 * --python PATH     where NumPy is (python3)             --timeout N       seconds an engine may take (120)
 * --no-pin          on whatever core the system likes    --no-journeys     without walk-through and MNIST
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ThreefryStream } from "surprisal/internals";
import { compare } from "./lib/compare.mjs";
import { contenders, lacksNumpy } from "./lib/engines.mjs";
import { benchFolder, installPeers } from "./lib/install.mjs";
import { journeysOf } from "./lib/journeys.mjs";
import { describeMachine, machineLabel, otherLoad } from "./lib/machine.mjs";
import { adam, writeProblem } from "./lib/problem.mjs";
import { pinning } from "./lib/processes.mjs";
import { flopsOf, shapes, shapesNamed } from "./lib/shapes.mjs";
import { shownNumber, table } from "./lib/statistics.mjs";

/** @typedef {import("./lib/compare.mjs").Row} Row @typedef {import("./lib/shapes.mjs").NetworkShape} NetworkShape */

const { values: options, positionals } = attempt(() =>
  parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "5" },
      quick: { type: "boolean", default: false },
      label: { type: "string" },
      date: { type: "string" },
      python: { type: "string", default: "python3" },
      timeout: { type: "string", default: "120" },
      engines: { type: "string" },
      "no-pin": { type: "boolean", default: false },
      "no-record": { type: "boolean", default: false },
      "no-journeys": { type: "boolean", default: false },
    },
  }),
);
const { quick } = options;
const rounds = quick ? 1 : wholeNumber("rounds", options.rounds);
const seconds = wholeNumber("timeout", options.timeout);
const wanted = attempt(() => shapesNamed(positionals));
const date = options.date ?? new Date().toISOString().slice(0, 10);
if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) refuse(`--date is "${date}"; it is written YYYY-MM-DD`);

/** Why this run is not to be kept. @type {string[]} */
const reasons = [];
if (quick) reasons.push("--quick");
if (options["no-record"]) reasons.push("--no-record");
if (wanted.length < shapes.length) reasons.push("not all shapes");

const heading = ["engine", "min ms", "median", "max", "ratio", "GFLOP/s", "first step ms", "losses"];
const prefix = options["no-pin"] ? [] : pinning();
const machine = describeMachine();
console.log(
  `${machine}, Node ${process.versions.node}, ${prefix.length > 0 ? "each process on one core" : "not pinned"}`,
);
const load = otherLoad();
if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)}): these figures mean nothing`);

const taking = await participants();
/** @type {Record<string, string>} */
const versions = { node: process.versions.node };
/** @type {{ name: string, flops: number, rows: Row[] }[]} */
const results = [];
/** @type {string[]} */
const problems = [];
const scratch = mkdtempSync(join(tmpdir(), "surprisal-bench-"));
try {
  for (const shape of wanted) await oneShape(shape);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const journeys = options["no-journeys"] ? {} : await journeyPart();
if (options["no-journeys"]) reasons.push("--no-journeys");
finish();

/** Those of the contenders that were asked for and are there. */
async function participants() {
  const ids = options.engines?.split(",") ?? contenders.map(({ id }) => id);
  const unknown = ids.find((id) => !contenders.some((contender) => contender.id === id));
  if (unknown !== undefined) refuse(`"${unknown}" is no engine; they are ${contenders.map(({ id }) => id).join(", ")}`);
  if (options.engines !== undefined) reasons.push("not all engines");
  let asked = contenders.filter(({ id }) => ids.includes(id));
  if (asked.some(({ peer }) => peer)) {
    const failure = installPeers();
    if (failure !== undefined) {
      console.log(`the peers are left out: ${failure}`);
      reasons.push("no peers");
      asked = asked.filter(({ peer }) => peer !== true);
    }
  }
  if (asked.some(({ id }) => id === "numpy")) {
    const reason = await lacksNumpy(options.python);
    if (reason !== undefined) {
      console.log(`NumPy is left out: ${reason}`);
      asked = asked.filter(({ id }) => id !== "numpy");
    }
  }
  return asked;
}

/** @param {NetworkShape} shape */
async function oneShape(shape) {
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
    command: (contender) => [...prefix, ...contender.command(benchFolder, options.python)],
    say: (line) => console.log(`  ${line}`),
  });
  Object.assign(versions, compared.versions);
  problems.push(...compared.problems.map((problem) => `${shape.name}: ${problem}`));
  results.push({ name: shape.name, flops: flopsOf(shape), rows: compared.rows });
  console.log(`\n${table([heading, ...compared.rows.map((row) => cells(row, shape))]).replace(/^/gm, "  ")}`);
}

async function journeyPart() {
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

/** Writes what is worth keeping and says what went wrong. */
function finish() {
  if (problems.length > 0) reasons.push("problems");
  if (problems.length > 0) console.log(`\n${problems.join("\n")}`);
  else if (taking.length > 1) console.log("\nall engines have the same losses");
  if (reasons.length > 0) {
    console.log(`not recorded: ${reasons.join(", ")}`);
  } else {
    const folder = join(benchFolder, "results");
    const name = `${date}-${options.label ?? machineLabel()}.json`;
    mkdirSync(folder, { recursive: true });
    const kept = {
      machine,
      date,
      versions,
      threads: 1,
      pinned: prefix.length > 0,
      load,
      rounds,
      shapes: results,
      journeys,
    };
    // Lists of numbers on one line, as the repository's format has them.
    const text = JSON.stringify(kept, null, 2).replaceAll(/\[[^[\]{}"]*\]/g, (list) =>
      list.replaceAll(/\s+/g, " ").replaceAll(/\[ | \]/g, (end) => end.trim()),
    );
    writeFileSync(join(folder, name), `${text}\n`);
    console.log(`recorded in bench/results/${name}; \`npm run generate\` puts it into the README`);
  }
  if (problems.length > 0) process.exitCode = 1;
}

/** @param {Row} row @param {NetworkShape} shape */
function cells({ engine, ms, ratio, firstMs, losses }, shape) {
  return [
    engine.replaceAll("`", ""),
    ...[ms.min, ms.median, ms.max, ratio, flopsOf(shape) / ms.min / 1e6, firstMs.median].map(shownNumber),
    losses.map((loss) => loss.toFixed(5)).join(" "),
  ];
}

/** @param {string} name @param {string} given */
function wholeNumber(name, given) {
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  return refuse(`--${name} is "${given}"; it is a whole number from 1`);
}

/** What the work gives; an error in it is one of usage. @template T @param {() => T} work @returns {T} */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} message @returns {never} */
function refuse(message) {
  console.error(message);
  process.exit(2);
}
