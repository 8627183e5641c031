/**
 * `npm run faults`: plants known faults in a copy of the repository, one at a time, and runs the tests that ought to catch
 * each. A line a fault: the test that turned red, and how many more did. Exit code 1 when a fault survives, when one is
 * stale, or when a test is red without any. Words after `--` pick the faults whose name or file contains one of them.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { plant, readFaults, staleFaults } from "./lib/faults.mjs";
import { filesUnder, finish, readJson, root, slashes } from "./lib/repo.mjs";

/** @typedef {import("./lib/faults.mjs").Fault} Fault */

/** A fault may turn a loop into one without an end. */
const patience = 120_000;

const words = process.argv.slice(2).filter((word, i, all) => word !== "--root" && all[i - 1] !== "--root");
const table = await readFaults(root);
const faults = table.filter(
  ({ name, file }) => words.length === 0 || words.some((word) => name.includes(word) || file.includes(word)),
);

/** @type {string[]} */
const problems = staleFaults(root, table);
if (faults.length === 0) problems.push(`none of ${table.length} faults has ${words.join(" or ")} in its name or file`);
if (problems.length > 0) finish(problems, "");
else await plantAll();

async function plantAll() {
  const copy = mkdtempSync(join(tmpdir(), "surprisal-faults-"));
  process.on("SIGINT", () => process.exit(130));
  process.on("exit", () => rmSync(copy, { recursive: true, force: true }));
  copyRepository(copy);
  // Red only means something where the same tests are green without a fault.
  const tests = [...new Set(faults.flatMap((fault) => fault.tests))];
  const sound = await run(copy, tests);
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
  const { red, broken, ended } = await run(copy, fault.tests);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  writeFileSync(path, source);
  const first = red[0] ?? (ended ? undefined : `${fault.tests.join(", ")}: no end within ${patience / 1000} s`);
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

/**
 * Runs test files of the project `unit` in the copy.
 * @param {string} copy
 * @param {readonly string[]} tests
 * @returns {Promise<{ ran: number, red: string[], broken: string[], ended: boolean }>} tests run, the failed ones by file
 *   and name, the files that did not load with their reason
 */
async function run(copy, tests) {
  const results = join(copy, "results.json");
  rmSync(results, { force: true });
  const runner = join(copy, "node_modules/vitest/vitest.mjs");
  const command = [runner, "run", "--project", "unit", "--reporter=json", `--outputFile=${results}`, ...tests];
  const ended = await new Promise((done) => {
    const child = spawn(process.execPath, command, { cwd: copy, stdio: "ignore", detached: true });
    const timer = setTimeout(
      () => {
        // The workers too: they are the ones that turn in circles.
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        done(false);
      },
      patience * Math.ceil(tests.length / 4),
    );
    child.on("close", () => {
      clearTimeout(timer);
      done(true);
    });
  });
  /** @type {{ ran: number, red: string[], broken: string[], ended: boolean }} */
  const found = { ran: 0, red: [], broken: [], ended };
  if (!existsSync(results)) {
    if (ended) found.broken.push("the test runner left no report");
    return found;
  }
  for (const file of readJson(results).testResults) {
    const name = slashes(relative(copy, file.name));
    if (file.assertionResults.length === 0) found.broken.push(`${name}: ${String(file.message).split("\n")[0]}`);
    found.ran += file.assertionResults.length;
    for (const test of file.assertionResults) {
      if (test.status === "failed") found.red.push(`${name} › ${test.fullName}`);
    }
  }
  return found;
}

/**
 * The files as they stand in the repository, and links to what is installed; the links between its own packages lead to
 * the copy's.
 * @param {string} copy
 */
function copyRepository(copy) {
  for (const path of listFiles()) {
    // A checkout may link to another's installed packages; the copy makes links of its own.
    if (slashes(path).split("/").includes("node_modules")) continue;
    const from = join(root, path);
    if (!existsSync(from) || lstatSync(from).isDirectory()) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(from, join(copy, path));
  }
  const packages = existsSync(join(root, "packages")) ? readdirSync(join(root, "packages")) : [];
  for (const at of ["", ...packages.map((name) => join("packages", name))]) {
    linkInstalled(join(root, at, "node_modules"), join(copy, at, "node_modules"));
  }
  for (const name of packages) {
    const own = readJson(join(copy, "packages", name, "package.json")).name;
    const link = join(copy, "node_modules", own);
    rmSync(link, { recursive: true, force: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(copy, "packages", name), link, "junction");
  }
}

/** @param {string} from @param {string} to */
function linkInstalled(from, to) {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name.startsWith(".")) continue;
    if (name.startsWith("@")) linkInstalled(join(from, name), join(to, name));
    else symlinkSync(join(from, name), join(to, name), "junction");
  }
}

/** What git would commit, as it stands on disk; every source file where there is no git. @returns {string[]} */
function listFiles() {
  const listed = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  if (listed.status === 0 && listed.stdout !== "") return listed.stdout.split("\0").filter(Boolean);
  return filesUnder(root).map((path) => relative(root, path));
}
