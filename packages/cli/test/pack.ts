/** Both packages as npm would publish them, installed where nothing of this repository is near. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The newest Node whose run is tested beside the one at hand. */
const newer = "24";

export interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

/** An empty folder that a person could have made. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "surprisal-pack-"));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  return folder;
}

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a command to its end; the caller looks at `status`. */
export function run(command: string, words: readonly string[], folder: string): SpawnSyncReturns<string> {
  return spawnSync(command, words, { cwd: folder, encoding: "utf8", maxBuffer: 64 * 2 ** 20 });
}

function npm(words: readonly string[], folder: string): string {
  const ran = run("npm", words, folder);
  if (ran.status !== 0) throw new Error(`npm ${words.join(" ")} failed:\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** `npm pack` of a workspace package. */
export function pack(name: string, into: string): Packed {
  const source = join(repository, "packages", name);
  const [made] = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", into], source));
  return { tarball: join(into, made.filename), files: made.files.map((file: { path: string }) => file.path) };
}

const quiet = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

export function install(folder: string, what: readonly string[]): void {
  npm(["install", ...quiet, ...what], folder);
}

/**
 * The executable of a newer Node. npm's `node` package only points at one package per platform, in an install script;
 * that one is installed directly, so that no script runs. It is kept between runs.
 */
export function newerNode(): string {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const name = `${prefix}-${platform}-${process.arch}`;
  const folder = join(repository, `node_modules/.cache/node-${newer}`);
  const manifest = join(folder, "node_modules", name, "package.json");
  if (!existsSync(manifest)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    install(folder, [`${name}@${newer}`]);
  }
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.node);
}
