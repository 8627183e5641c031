/**
 * `npm run conformance -- FOLDER [--json]`: runs golden cases against the built package. Bundles the runner (it is TypeScript
 * and shares its dispatch with the tests), with the library left outside, and starts it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsdown";
import { root } from "./lib/repo.mjs";

const golden = join(root, "packages/surprisal/test/golden");
const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
// One folder for each run, so that two at a time do not meet; under node_modules, where the built package is found.
const out = mkdtempSync(join(cache, "surprisal-conformance-"));
process.on("exit", () => rmSync(out, { recursive: true, force: true }));

// Standard output belongs to the result. A build whose inputs have not changed is not done again.
const built = spawnSync(process.execPath, [join(root, "tools/build.mjs")], { stdio: ["ignore", 2, 2] });
if (built.status !== 0) process.exit(built.status ?? 1);

await build({
  config: false,
  cwd: root,
  entry: { conformance: join(golden, "conformance.ts") },
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

const run = spawnSync(process.execPath, [join(out, "conformance.js"), ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(run.status ?? 1);
