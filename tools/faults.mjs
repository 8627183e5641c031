/**
 * `npm run faults`: plants known faults in a copy of the repository, one at a time, and runs the tests that ought to catch
 * each. A line a fault: the test that turned red, and how many more did. Exit code 1 when a fault survives, when one is
 * stale, or when a test is red without any. Words after `--` pick the faults whose name or file contains one of them.
 * `--losses` plants faults made by rule in the formulas of the losses instead (lossFaults.mjs).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plant, readFaults, staleFaults } from "./lib/faults.mjs";
import { copyOfRepository, runTests } from "./lib/planting.mjs";
import { finish, flag, root } from "./lib/repo.mjs";
import { plantLossFaults } from "./lossFaults.mjs";

/** @typedef {import("./lib/faults.mjs").Fault} Fault */

const words = process.argv.slice(2).filter((word, i, all) => !word.startsWith("--") && all[i - 1] !== "--root");
const table = await readFaults(root);
const faults = table.filter(
  ({ name, file }) => words.length === 0 || words.some((word) => name.includes(word) || file.includes(word)),
);

/** @type {string[]} */
const problems = staleFaults(root, table);
if (faults.length === 0) problems.push(`none of ${table.length} faults has ${words.join(" or ")} in its name or file`);
if (flag("--losses")) await plantLossFaults(words);
else if (problems.length > 0) finish(problems, "");
else await plantAll();

async function plantAll() {
  const copy = copyOfRepository();
  // Red only means something where the same tests are green without a fault.
  const tests = [...new Set(faults.flatMap((fault) => fault.tests))];
  const sound = await runTests(copy, tests);
  if (sound.ran === 0 || sound.red.length > 0 || sound.broken.length > 0 || !sound.ended) {
    const what = [...sound.broken, ...sound.red, ...(sound.ended ? [] : ["the tests did not end"])];
    return finish(what.map((line) => `without a fault: ${line}`).concat(sound.ran === 0 ? "no test ran" : []), "");
  }
  console.log(`${sound.ran} tests in ${tests.length} files are green without a fault`);
  for (const fault of faults) await plantOne(copy, fault);
  finish(problems, `${faults.length} faults, each caught`);
}

/** @param {string} copy @param {Fault} fault */
async function plantOne(copy, fault) {
  const path = join(copy, fault.file);
  const source = readFileSync(path, "utf8");
  writeFileSync(path, plant(source, fault));
  const began = performance.now();
  const { red, broken, ended } = await runTests(copy, fault.tests);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  writeFileSync(path, source);
  const first = red[0] ?? (ended ? undefined : `${fault.tests.join(", ")}: no end within the time they have`);
  const caught = first !== undefined && broken.length === 0;
  console.log(`${caught ? "✓" : "✗"} ${seconds.padStart(5)} s  ${fault.name}  (${fault.file})`);
  if (caught) {
    console.log(`            ${first}${red.length > 1 ? `  (and ${red.length - 1} more)` : ""}`);
    return;
  }
  // A fault that only keeps a file from loading says nothing about the tests in it.
  const why = broken.length > 0 ? `does not load: ${broken[0]}` : `survives ${fault.tests.join(", ")}`;
  console.log(`            ${why}`);
  problems.push(`"${fault.name}" ${why}`);
}
