/**
 * Runs a TypeScript file of packages/surprisal/test/golden with the built library in place of the sources: builds, bundles the
 * file with the library left outside, and starts it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsdown";
import { root } from "./repo.mjs";

export const golden = join(root, "packages/surprisal/test/golden");

/**
 * @param {string} name of the file, without its ending
 * @param {readonly string[]} args its command line
 * @param {boolean} [capture] whether to return what it prints instead of printing it
 * @returns {Promise<{ status: number, output: string }>}
 */
export async function runOnBuilt(name, args, capture = false) {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  // One folder for each run, so that two at a time do not meet; under node_modules, where the built package is found.
  const out = mkdtempSync(join(cache, `surprisal-${name}-`));
  process.on("exit", () => rmSync(out, { recursive: true, force: true }));

  // Standard output belongs to the result. A build whose inputs have not changed is not done again.
  const built = spawnSync(process.execPath, [join(root, "tools/build.mjs")], { stdio: ["ignore", 2, 2] });
  if (built.status !== 0) return { status: built.status ?? 1, output: "" };

  await build({
    config: false,
    cwd: root,
    entry: { [name]: join(golden, `${name}.ts`) },
    outDir: out,
    format: "esm",
    platform: "node",
    target: "es2022",
    fixedExtension: false,
    hash: false,
    report: false,
    dts: false,
    logLevel: "warn",
    deps: { neverBundle: [/^surprisal(\/|$)/] },
    plugins: [
      {
        name: "library-built",
        resolveId: (source) => (source === "./library.ts" ? join(golden, "library-built.ts") : null),
      },
    ],
  });

  const run = spawnSync(process.execPath, [join(out, `${name}.js`), ...args], {
    stdio: ["inherit", capture ? "pipe" : "inherit", "inherit"],
    maxBuffer: 2 ** 26,
  });
  return { status: run.status ?? 1, output: capture ? run.stdout.toString() : "" };
}
