/**
 * `npm run check`: everything that must hold, cheap first, one line of result a step; what a failing step printed is shown.
 * Stops at the first failure, or with `--all` goes on to the end. `--only NAME,NAME` runs those steps alone. Where the
 * tests ran, the last line is their total: "N passed, N failed".
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flag, home, option, readJson, root } from "./lib/repo.mjs";
import { addTotals, describeTotals, emptyTotals, readTotals } from "./lib/totals.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} command
 * @property {(output: string) => string} figure what to say about a step that passed, from what it printed
 * @property {string} [results] where a test step leaves vitest's JSON report
 */

const scratch = mkdtempSync(join(tmpdir(), "surprisal-check-"));
const totals = emptyTotals();

/** @type {readonly Step[]} */
const steps = [
  { name: "format", command: [bin("@biomejs/biome", "biome"), "format", "--colors=off", "."], figure: biomeFiles },
  {
    name: "lint",
    command: [
      bin("@biomejs/biome", "biome"),
      "check",
      "--formatter-enabled=false",
      "--error-on-warnings",
      "--colors=off",
      ".",
    ],
    figure: biomeFiles,
  },
  { name: "types", command: [bin("typescript", "tsc"), "-p", "tsconfig.json"], figure: () => "no errors" },
  { name: "layers", command: tool("layers"), figure: lastLine },
  { name: "build", command: tool("build"), figure: lastLine },
  { name: "exports", command: tool("exports"), figure: lastLine },
  testStep("tests", "unit"),
  testStep("workshop", "workshop"),
  testStep("journeys", "built"),
  { name: "generated", command: tool("generate", "--check"), figure: lastLine },
  { name: "sizes", command: tool("sizes"), figure: lastLine },
];

const names = steps.map((step) => step.name);
const only = option("--only")?.split(",") ?? names;
for (const name of only.filter((wanted) => !names.includes(wanted))) {
  console.error(`"${name}" is no step; the steps are ${names.join(", ")}`);
  process.exit(2);
}

let failed = 0;
try {
  for (const step of steps.filter(({ name }) => only.includes(name))) {
    if (!(await run(step))) failed++;
    if (failed > 0 && !flag("--all")) break;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (totals.files > 0) {
  for (const [folder, cases] of Object.entries(totals.cases).sort()) console.log(`  golden ${folder}: ${cases} cases`);
  console.log(describeTotals(totals));
}
if (failed > 0) process.exitCode = 1;

/**
 * One step as one line. @param {Step} step @returns {Promise<boolean>} whether it passed
 */
async function run(step) {
  const live = process.stdout.isTTY === true;
  if (live) process.stdout.write(`  … ${step.name}`);
  const began = performance.now();
  const { code, output } = await execute(step.command);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  let figure = code === 0 ? step.figure(output) : "failed";
  let passed = code === 0;
  if (step.results !== undefined) {
    const result = existsSync(step.results) ? readTotals(readJson(step.results)) : undefined;
    if (result === undefined) {
      figure = "no report: the test runner did not finish";
      passed = false;
    } else {
      addTotals(totals, result);
      figure = describeTotals(result);
      passed &&= result.failed === 0;
    }
  }
  if (live) process.stdout.write("\r\x1b[K");
  console.log(`${passed ? "✓" : "✗"} ${step.name.padEnd(10)} ${seconds.padStart(6)} s   ${figure}`);
  if (!passed) console.log(output.trimEnd().replace(/^/gm, "    "));
  return passed;
}

/**
 * @param {readonly string[]} command what Node is to run
 * @returns {Promise<{ code: number, output: string }>}
 */
function execute(command) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
      });
    }
    child.on("error", fail);
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}

/** @param {string} name @param {string} project a project of vitest.config.ts @returns {Step} */
function testStep(name, project) {
  const results = join(scratch, `${project}.json`);
  const command = [bin("vitest", "vitest"), "run", "--project", project, "--passWithNoTests", "--reporter=default"];
  return { name, command: [...command, "--reporter=json", `--outputFile.json=${results}`], figure: lastLine, results };
}

/** One of the scripts beside this one. @param {string} name @param {...string} words */
function tool(name, ...words) {
  return [join(home, `tools/${name}.mjs`), "--root", root, ...words];
}

/** The script behind a package's command. @param {string} name @param {string} command */
function bin(name, command) {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const bins = readJson(manifest).bin;
  return join(manifest, "..", typeof bins === "string" ? bins : bins[command]);
}

/** @param {string} output */
function lastLine(output) {
  return output.trimEnd().split("\n").at(-1)?.trim() ?? "";
}

/** @param {string} output */
function biomeFiles(output) {
  return `${/Checked (\d+) files?/.exec(output)?.[1] ?? "no"} files`;
}
