/** A copy of the repository to plant faults in, and the tests run there. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { filesUnder, readJson, root, slashes } from "./repo.mjs";

/** A fault may turn a loop into one without an end. */
const patience = 120_000;

/** The tests that run just now: a group of their own, with workers that may turn in circles. @type {number | undefined} */
let group;

function stop() {
  try {
    if (group !== undefined) process.kill(-group, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

/** A copy that is gone when the process is. @returns {string} its folder */
export function copyOfRepository() {
  const copy = mkdtempSync(join(tmpdir(), "surprisal-faults-"));
  process.on("SIGINT", () => process.exit(130));
  process.on("SIGTERM", () => process.exit(143));
  process.on("exit", () => {
    stop();
    rmSync(copy, { recursive: true, force: true });
  });
  copyRepository(copy);
  return copy;
}

/**
 * Runs test files of the project `unit` in the copy.
 * @param {string} copy
 * @param {readonly string[]} tests
 * @param {number} [limit] milliseconds
 * @param {string} [pattern] what the names of tests must match
 * @param {number} [bail] after how many failures to stop; 0 for never
 * @returns {Promise<{ ran: number, red: string[], broken: string[], ended: boolean }>} tests run, the failed ones by file
 *   and name, the files that did not load with their reason
 */
export async function runTests(copy, tests, limit = patience * Math.ceil(tests.length / 4), pattern = "", bail = 0) {
  const results = join(copy, "results.json");
  rmSync(results, { force: true });
  const runner = join(copy, "node_modules/vitest/vitest.mjs");
  const command = [runner, "run", "--project", "unit", "--reporter=json", `--outputFile=${results}`, ...tests];
  if (bail > 0) command.push(`--bail=${bail}`);
  if (pattern !== "") command.push("--testNamePattern", pattern);
  const ended = await new Promise((done) => {
    const child = spawn(process.execPath, command, { cwd: copy, stdio: "ignore", detached: true });
    group = child.pid;
    const timer = setTimeout(() => {
      stop();
      done(false);
    }, limit);
    child.on("close", () => {
      clearTimeout(timer);
      group = undefined;
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
    for (const test of file.assertionResults) {
      if (test.status === "passed" || test.status === "failed") found.ran++;
      if (test.status === "failed") found.red.push(`${name} › ${test.fullName}`);
    }
  }
  // Where it stopped early, what did not run is not broken.
  if (bail > 0 && found.red.length >= bail) found.broken = [];
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
