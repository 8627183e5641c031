/**
 * A Chromium for the tests that run in a page. `findChromium` only looks; `ensureChromium`, which `npm test` calls,
 * installs Debian's own where it may.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const places = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The executable's path: `CHROMIUM`, or the first found on PATH or in the usual places. @returns {string | undefined} */
export function findChromium() {
  const given = process.env.CHROMIUM;
  if (given !== undefined && given !== "") return given;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(isExecutable);
}

/** Finds or installs one. @returns {string | undefined} undefined, after saying what to do, where neither worked */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (!isDebian() || process.getuid?.() !== 0) {
    console.error("No Chromium was found, and the tests that run in a page need one.");
    console.error("Install it (Debian: sudo apt-get install chromium) or set CHROMIUM to its path.");
    return undefined;
  }
  console.log("No Chromium was found: installing Debian's (apt-get install chromium), about 360 MB.");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const words of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
    const { status, stdout, stderr } = spawnSync("apt-get", words, { encoding: "utf8", env: environment });
    if (status === 0) continue;
    console.error(`${stdout ?? ""}${stderr ?? ""}\napt-get ${words[0]} failed; install Chromium by hand.`);
    return undefined;
  }
  return findChromium();
}

function isDebian() {
  const release = "/etc/os-release";
  return existsSync(release) && /^ID(_LIKE)?=.*debian/m.test(readFileSync(release, "utf8"));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
