/** Writes what is worth keeping and says what went wrong. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchFolder } from "./install.mjs";

/**
 * @param {import("./options.mjs").Setting} setting
 * @param {string} name of the file, without ending
 * @param {object} measured what the file says besides machine and date
 * @param {readonly string[]} problems that make the run worthless
 * @param {string} agreement what to say where there are none
 */
export function record({ machine, date, prefix, load, rounds, reasons }, name, measured, problems, agreement) {
  const why = problems.length > 0 ? [...reasons, "problems"] : reasons;
  console.log(`\n${problems.length > 0 ? problems.join("\n") : agreement}`);
  if (why.length > 0) {
    console.log(`not recorded: ${why.join(", ")}`);
  } else {
    const folder = join(benchFolder, "results");
    mkdirSync(folder, { recursive: true });
    const kept = { machine, date, threads: 1, pinned: prefix.length > 0, load, rounds, ...measured };
    // Lists of numbers on one line, as the repository's format has them.
    const text = JSON.stringify(kept, null, 2).replaceAll(/\[[^[\]{}"]*\]/g, (list) =>
      list.replaceAll(/\s+/g, " ").replaceAll(/\[ | \]/g, (end) => end.trim()),
    );
    writeFileSync(join(folder, `${name}.json`), `${text}\n`);
    console.log(`recorded in bench/results/${name}.json; \`npm run generate\` puts it into the tables`);
  }
  if (problems.length > 0) process.exitCode = 1;
}
