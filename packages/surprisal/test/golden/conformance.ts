/**
 * `npm run conformance -- FOLDER [--json]`: every case of every *.json (or *.json.gz) file under a folder that follows the
 * golden schemas, run against the built package. Prints passed, failed and unsupported for each file and every failure by id;
 * with `--json`, one object alone on standard output. Exit code 1 if a case failed, 2 if there is nothing to run: wrong usage,
 * a file that is no JSON, a folder without golden files.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { interpreterDevice, wasmDevice } from "surprisal/internals";
import { type Devices, type GoldenFile, modeKeeper, runCase } from "./kinds.ts";

interface Counts {
  passed: number;
  failed: number;
  unsupported: number;
}
interface Failure {
  readonly file: string;
  readonly id: string;
  /** Got, expected and, for losses, the error in units in the last place. */
  readonly errors: readonly string[];
}

const devices: Devices = { interpreter: () => interpreterDevice(), wasm: () => wasmDevice() };

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesUnder(path);
      return /\.json(\.gz)?$/.test(entry.name) ? [path] : [];
    });
}

/** What stops the runner before it has run a case: said in one line, with exit code 2. */
class UsageError extends Error {}

const usage = "usage: npm run conformance -- FOLDER [--json]\nFOLDER holds golden *.json files, at any depth.";

function readArguments(args: readonly string[]): { folder: string; json: boolean } {
  const strange = args.find((arg) => arg.startsWith("-") && arg !== "--json");
  const folders = args.filter((arg) => !arg.startsWith("-"));
  if (strange !== undefined) throw new UsageError(`${usage}\nThere is no option ${strange}.`);
  if (folders.length !== 1) throw new UsageError(usage);
  // npm changes to the package's folder and keeps that of the caller in INIT_CWD.
  const { npm_lifecycle_event: script, INIT_CWD: caller } = process.env;
  const folder = resolve((script === "conformance" && caller) || ".", folders[0] as string);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${usage}\n${folder} is no folder.`);
  }
  return { folder, json: args.includes("--json") };
}

const hasId = (value: unknown) => typeof (value as { id?: unknown } | null)?.id === "string";

/** A golden file, or undefined for JSON without a list of cases that have ids. A single case without one gets its number. */
function readGolden(path: string): GoldenFile | undefined {
  let parsed: unknown;
  try {
    const bytes = readFileSync(path);
    parsed = JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
  } catch (error) {
    throw new UsageError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const cases = (parsed as { cases?: unknown } | null)?.cases;
  if (!Array.isArray(cases) || !cases.some(hasId)) return undefined;
  const named = cases.map((c, i) => (hasId(c) ? c : { ...(c as object | null), id: `case ${i}, which has no id` }));
  return { ...(parsed as GoldenFile), cases: named };
}

interface Report extends Counts {
  readonly files: Record<string, Counts>;
  readonly failures: Failure[];
  /** How many cases are not supported, by file and reason. */
  readonly reasons: Map<string, number>;
}

async function runFile(name: string, golden: GoldenFile, report: Report): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, unsupported: 0 };
  const modes = modeKeeper(devices);
  for (const testCase of golden.cases) {
    const { status, errors } = await runCase(testCase, golden, modes);
    counts[status]++;
    report[status]++;
    if (status === "failed") report.failures.push({ file: name, id: testCase.id, errors });
    if (status === "unsupported") {
      const reason = `${name}: ${errors[0] ?? "unsupported"}`;
      report.reasons.set(reason, (report.reasons.get(reason) ?? 0) + 1);
    }
  }
  report.files[name] = counts;
  return counts;
}

const inWords = ({ passed, failed, unsupported }: Counts) =>
  `${passed} passed, ${failed} failed, ${unsupported} unsupported`;

function details({ failures, reasons, ...total }: Report): string {
  const lines = failures.flatMap(({ file, id, errors }) => [
    `\n✗ ${file} ${id}`,
    ...errors.slice(0, 6).map((error) => `    ${error}`),
    ...(errors.length > 6 ? [`    … and ${errors.length - 6} more`] : []),
  ]);
  if (reasons.size > 0) lines.push("\nunsupported:");
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1])) {
    lines.push(`  ${String(count).padStart(4)}  ${reason}`);
  }
  return [...lines, `\n${inWords(total)}\n`].join("\n");
}

async function main(args: readonly string[]): Promise<number> {
  const { folder, json } = readArguments(args);
  const golden = filesUnder(folder).flatMap((path) => {
    const file = readGolden(path);
    return file === undefined ? [] : [{ name: relative(folder, path).replaceAll(sep, "/"), file }];
  });
  if (golden.length === 0) throw new UsageError(`${folder} holds no golden file: no *.json with cases that have ids.`);
  const report: Report = { passed: 0, failed: 0, unsupported: 0, files: {}, failures: [], reasons: new Map() };
  for (const { name, file } of golden) {
    const counts = await runFile(name, file, report);
    if (!json) process.stdout.write(`${name.padEnd(36)} ${inWords(counts)}\n`);
  }
  const { reasons: _, ...told } = report;
  process.stdout.write(json ? `${JSON.stringify(told)}\n` : details(report));
  return report.failed > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
