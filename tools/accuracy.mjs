/**
 * `npm run accuracy`: measures every loss of the built package against the golden truth and writes docs/losses/accuracy.json,
 * from which `npm run generate` makes the page. packages/surprisal/test/loss/accuracy.test.ts holds the file to the sources.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { golden, runOnBuilt } from "./lib/onBuilt.mjs";
import { root, shown } from "./lib/repo.mjs";

const { status, output } = await runOnBuilt("measure", [join(golden, "losses")], true);
if (status !== 0) process.exit(status);
const { versions, all, shared } = JSON.parse(output);

/** A line for each loss and range, so that a change shows as one. @param {Record<string, Record<string, unknown>>} rows */
function lines(rows) {
  const losses = Object.entries(rows).map(([loss, ranges]) => {
    const inner = Object.entries(ranges).map(
      ([range, row]) => `      ${JSON.stringify(range)}: ${JSON.stringify(row)}`,
    );
    return `    ${JSON.stringify(loss)}: {\n${inner.join(",\n")}\n    }`;
  });
  return `{\n${losses.join(",\n")}\n  }`;
}

const path = join(root, "docs/losses/accuracy.json");
mkdirSync(dirname(path), { recursive: true });
writeFileSync(
  path,
  `{\n  "versions": ${JSON.stringify(versions)},\n  "all": ${lines(all)},\n  "shared": ${lines(shared)}\n}\n`,
);
console.log(`${shown(path)}: ${Object.keys(all).length} losses`);
