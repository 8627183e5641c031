/**
 * `npm test`: installs what the tests need beyond npm's packages (a Chromium), then runs every step of the check to the
 * end, so that the last line, the total of the tests, is always there.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureChromium } from "./chromium.mjs";
import { home } from "./lib/repo.mjs";

const chromium = ensureChromium();
const { status } = spawnSync(process.execPath, [join(home, "tools/check.mjs"), "--all"], {
  cwd: home,
  stdio: "inherit",
  env: { ...process.env, ...(chromium === undefined ? {} : { CHROMIUM: chromium }) },
});
process.exitCode = status ?? 1;
