/**
 * `npm run faults -- --losses [WORD …] [--per-file N]`: faults made by rule (lib/mutants.mjs) in the formulas of all losses,
 * and in what they share. Faults that different losses depend on are planted together and the tests of losses run once: a fault
 * is caught by a test that names a loss which depends on its file. Exit code 1 when fewer than 95 % are caught, or when one
 * survives that lib/survivors.mjs does not explain.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { importsOf } from "./lib/imports.mjs";
import { choose, mutantsOf, plantMutant } from "./lib/mutants.mjs";
import { copyOfRepository, runTests } from "./lib/planting.mjs";
import { filesUnder, finish, option, root, shown, slashes } from "./lib/repo.mjs";
import { explanationOf, survivors } from "./lib/survivors.mjs";

/** @typedef {import("./lib/mutants.mjs").Mutant} Mutant */
/** @typedef {Mutant & { losses: ReadonlySet<string> }} Planted a fault, and the losses that depend on its file */

const source = join(root, "packages/surprisal/src/loss");
const graph = join(root, "packages/surprisal/src/graph/index.ts");
const tests = "packages/surprisal/test/loss";
/** Not of single losses, or what accuracy.test.ts (golden) and harness.test.ts (finite) look at more closely. */
const otherTests = /^(golden|finite|formula|formulaAccuracy|activations|registry)\.test\.ts$/;
/** Not a formula: how losses are made, evaluated and found, and the language of formulas. */
const machinery =
  /\/(formula\/.*|index|list|registry|contract|definition|compat|configured|define|defineArrays|evaluate|merge|pose|poseArrays|reading|arrays|axes|parts|samples|takes)\.ts$/;
const patience = 900_000;
const leastCaught = 0.95;

/**
 * @param {readonly string[]} words what the path of a file must contain one of; all files without any
 */
export async function plantLossFaults(words) {
  const most = Number(option("--per-file") ?? 3);
  const chosen = chooseFaults(
    most,
    words.filter((word) => word !== option("--per-file")),
  );
  const files = readdirSync(join(root, tests))
    .filter((name) => name.endsWith(".test.ts") && !otherTests.test(name))
    .map((name) => `${tests}/${name}`);
  const copy = copyOfRepository();
  const sound = await runTests(copy, files, patience, patternOf(chosen));
  if (sound.ran === 0 || sound.broken.length > 0 || !sound.ended) {
    return finish([`without a fault: ${sound.broken[0] ?? "the tests did not end"}`], "");
  }
  const red = new Set(sound.red);
  for (const name of red) console.log(`red without a fault, and left out: ${name}`);
  console.log(
    `${sound.ran - red.size} tests in ${files.length} files are green without a fault; ${chosen.length} faults`,
  );
  /** @type {Map<Mutant, string | undefined>} the test that caught it */
  const caught = new Map();
  for (const round of rounds(chosen)) await plantRound(round);
  report(chosen, caught);

  /** @param {readonly Planted[]} round */
  async function plantRound(round) {
    const before = new Map(round.map(({ file }) => [file, readFileSync(inCopy(file), "utf8")]));
    for (const fault of round) {
      const text = plantMutant(/** @type {string} */ (before.get(fault.file)), fault, toGraph(fault.file));
      writeFileSync(inCopy(fault.file), text);
    }
    const began = performance.now();
    // One is caught by the first test that fails beside those that fail without it.
    const bail = round.length === 1 ? red.size + 1 : 0;
    const { red: now, broken, ended } = await runTests(copy, files, patience, patternOf(round), bail);
    for (const [file, text] of before) writeFileSync(inCopy(file), text);
    if ((broken.length > 0 || !ended) && round.length > 1) {
      // One of them keeps a file from loading: which one shows in halves.
      await plantRound(round.slice(0, round.length / 2));
      return plantRound(round.slice(round.length / 2));
    }
    console.log(`— ${round.length} faults in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    const fresh = now.filter((name) => !red.has(name));
    for (const fault of round) {
      const first = broken.length > 0 ? `does not load: ${broken[0]}` : fresh.find((name) => names(name, fault.losses));
      caught.set(fault, ended ? first : "no end");
      console.log(`${first === undefined ? "✗" : "✓"} ${told(fault)}`);
      console.log(`    ${first ?? `survives${explanationOf(fault) === undefined ? "" : `: ${explanationOf(fault)}`}`}`);
    }
  }

  /** @param {string} file */
  function inCopy(file) {
    return join(copy, relative(root, file));
  }
}

/** @param {number} most of each file @param {readonly string[]} words @returns {Planted[]} */
function chooseFaults(most, words) {
  const files = filesUnder(source, /\.ts$/);
  const dependents = lossesByFile(files);
  const formulas = files.filter(
    (file) =>
      !machinery.test(slashes(file)) && (words.length === 0 || words.some((word) => shown(file).includes(word))),
  );
  return [...mutantsOf(formulas)].flatMap(([file, mutants]) => {
    const losses = dependents.get(file) ?? new Set();
    return losses.size === 0 ? [] : choose(mutants, most).map((mutant) => ({ ...mutant, losses }));
  });
}

/** The losses that are defined in a file or, through imports, use it. @param {readonly string[]} files */
function lossesByFile(files) {
  /** @type {Map<string, Set<string>>} */
  const found = new Map(files.map((file) => [file, new Set()]));
  for (const file of files) {
    const name = /\bdefine\w+\(\{[^{}]*?\bname: "(\w+)"/.exec(readFileSync(file, "utf8"))?.[1];
    if (name !== undefined) reach(file, name);
  }
  return found;

  /** @param {string} file @param {string} name */
  function reach(file, name) {
    const losses = found.get(file);
    if (losses === undefined || losses.has(name)) return;
    losses.add(name);
    for (const { specifier } of importsOf(file)) {
      if (specifier?.startsWith(".")) reach(resolve(dirname(file), specifier), name);
    }
  }
}

/** Faults that no loss shares, together; the first that fits. @param {readonly Planted[]} faults @returns {Planted[][]} */
function rounds(faults) {
  /** @type {{ faults: Planted[], losses: Set<string> }[]} */
  const found = [];
  for (const fault of faults) {
    let round = found.find(({ losses }) => [...fault.losses].every((loss) => !losses.has(loss)));
    if (round === undefined) {
      round = { faults: [], losses: new Set() };
      found.push(round);
    }
    round.faults.push(fault);
    for (const loss of fault.losses) round.losses.add(loss);
  }
  return found.map((round) => round.faults);
}

/** What the names of tests match that can tell something of these faults. @param {readonly Planted[]} faults */
function patternOf(faults) {
  const losses = new Set(faults.flatMap((fault) => [...fault.losses]));
  return `\\b(${[...losses].join("|")})\\b`;
}

/** Whether a test's name holds a loss's. @param {string} test @param {ReadonlySet<string>} losses */
function names(test, losses) {
  return test.split(/\W+/).some((word) => losses.has(word));
}

/** @param {string} file */
function toGraph(file) {
  const path = slashes(relative(dirname(file), graph));
  return path.startsWith(".") ? path : `./${path}`;
}

/** @param {Mutant} fault */
function told({ file, line, rule, before, after }) {
  const flat = (/** @type {string} */ text) => text.replace(/\s+/g, " ").replaceAll("graphOfFaults.", "");
  return `${shown(file)}:${line}  ${rule}: ${flat(before)} → ${flat(after)}`;
}

/** @param {readonly Planted[]} faults @param {ReadonlyMap<Mutant, string | undefined>} caught */
function report(faults, caught) {
  /** @type {Map<string, [caught: number, all: number]>} */
  const byRule = new Map();
  for (const fault of faults) {
    const [some, all] = byRule.get(fault.rule) ?? [0, 0];
    byRule.set(fault.rule, [some + (caught.get(fault) === undefined ? 0 : 1), all + 1]);
  }
  for (const [rule, [some, all]] of [...byRule].sort()) console.log(`${rule.padEnd(24)} ${some} of ${all}`);
  const alive = faults.filter((fault) => caught.get(fault) === undefined);
  const share = 1 - alive.length / faults.length;
  const problems = alive
    .filter((fault) => explanationOf(fault) === undefined)
    .map((fault) => `survives: ${told(fault)}`);
  const stale = survivors.filter((one) => {
    const meant = faults.filter((fault) => explanationOf(fault) === one.why);
    return meant.length > 0 && meant.every((fault) => caught.get(fault) !== undefined);
  });
  problems.push(...stale.map((one) => `is caught, and needs no explanation: ${one.file}, ${one.rule}: ${one.before}`));
  if (share < leastCaught) problems.push(`only ${(100 * share).toFixed(1)} % are caught`);
  const files = new Set(faults.map(({ file }) => file)).size;
  const rate = `${faults.length - alive.length} caught (${(100 * share).toFixed(1)} %), ${alive.length} survive`;
  console.log(`${faults.length} faults in ${files} files: ${rate}`);
  finish(problems, "every survivor is explained");
}
