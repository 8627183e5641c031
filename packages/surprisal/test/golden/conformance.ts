/**
 * `npm run conformance -- FOLDER [--json]`: every case of every *.json (or *.json.gz) file under a folder that follows the
 * golden schemas, run against the built package. Prints passed, failed and unsupported for each file and every failure by id;
 * with `--json`, one object alone on standard output. Exit code 1 if a case failed, 2 for wrong usage.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
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

/** A golden file, or undefined for JSON that holds no list of cases with ids. */
function readGolden(path: string): GoldenFile | undefined {
  const bytes = readFileSync(path);
  const parsed: unknown = JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
  const cases = (parsed as { cases?: unknown } | null)?.cases;
  const isList = Array.isArray(cases) && cases.every((c) => typeof (c as { id?: unknown } | null)?.id === "string");
  return isList ? (parsed as GoldenFile) : undefined;
}

async function main(args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  const folders = args.filter((arg) => !arg.startsWith("--"));
  const folder = folders[0];
  if (folders.length !== 1 || folder === undefined || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    process.stderr.write(
      "usage: npm run conformance -- FOLDER [--json]\nFOLDER holds golden *.json files, at any depth.\n",
    );
    return 2;
  }
  const total: Counts = { passed: 0, failed: 0, unsupported: 0 };
  const files: Record<string, Counts> = {};
  const failures: Failure[] = [];
  const reasons = new Map<string, number>();
  for (const path of filesUnder(folder)) {
    const name = relative(folder, path);
    const golden = readGolden(path);
    if (golden === undefined) continue;
    const counts: Counts = { passed: 0, failed: 0, unsupported: 0 };
    const modes = modeKeeper(devices);
    for (const testCase of golden.cases) {
      const { status, errors } = await runCase(testCase, golden, modes);
      counts[status]++;
      total[status]++;
      if (status === "failed") failures.push({ file: name, id: testCase.id, errors });
      if (status === "unsupported") {
        const reason = `${name}: ${errors[0] ?? "unsupported"}`;
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
    files[name] = counts;
    if (!json) {
      process.stdout.write(
        `${name.padEnd(36)} ${counts.passed} passed, ${counts.failed} failed, ${counts.unsupported} unsupported\n`,
      );
    }
  }
  if (json) process.stdout.write(`${JSON.stringify({ ...total, files, failures })}\n`);
  else {
    for (const { file, id, errors } of failures) {
      process.stdout.write(
        `\n✗ ${file} ${id}\n${errors
          .slice(0, 6)
          .map((error) => `    ${error}\n`)
          .join("")}`,
      );
      if (errors.length > 6) process.stdout.write(`    … and ${errors.length - 6} more\n`);
    }
    if (reasons.size > 0) process.stdout.write("\nunsupported:\n");
    for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]))
      process.stdout.write(`  ${String(count).padStart(4)}  ${reason}\n`);
    process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.unsupported} unsupported\n`);
  }
  return total.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
