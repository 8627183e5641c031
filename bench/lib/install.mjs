/** Puts the peers in place. They are of this folder only: nothing else in the repository needs them. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const benchFolder = fileURLToPath(new URL("..", import.meta.url));

/**
 * Installs what the lockfile names unless exactly that is there. No install script of any package runs.
 * @returns {string | undefined} why it could not be done
 */
export function installPeers() {
  const manifest = JSON.parse(readFileSync(join(benchFolder, "package.json"), "utf8"));
  const missing = Object.entries(manifest.dependencies).filter(([name, version]) => versionOf(name) !== version);
  if (missing.length === 0) return undefined;
  console.log(`installing ${missing.map(([name, version]) => `${name} ${version}`).join(", ")}`);
  const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", benchFolder];
  const { status, error } = spawnSync("npm", words, {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  return status === 0 ? undefined : `npm ci failed: ${error?.message ?? `exit code ${status}`}`;
}

/** What is installed. @param {string} name @returns {string | undefined} */
function versionOf(name) {
  const path = join(benchFolder, "node_modules", name, "package.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).version : undefined;
}
