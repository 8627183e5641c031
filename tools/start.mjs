/**
 * `npm start`: the main job on real data. Fits a classifier on the 344 Palmer penguins by the command line, then predicts
 * three birds, one of unknown sex, and shows them. What it writes is under out/. `--color` as the command line has it.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { home } from "./lib/repo.mjs";

const out = join(home, "out");
const program = join(home, "packages/cli/dist/main.js");
if (!existsSync(program)) {
  console.error("packages/cli is not built: run `npm run build` first.");
  process.exit(1);
}
mkdirSync(out, { recursive: true });
const datasets = dirname(createRequire(import.meta.url).resolve("vega-datasets"));
copyFileSync(join(datasets, "../data/penguins.json"), join(out, "penguins.json"));
writeFileSync(
  join(out, "three.csv"),
  `Island,Beak Length (mm),Beak Depth (mm),Flipper Length (mm),Body Mass (g),Sex
Torgersen,39.0,18.4,187,3680,FEMALE
Biscoe,47.2,14.3,216,4900,
Dream,50.1,19.0,197,3800,MALE
`,
);
surprisal("fit", "penguins.json", "--target", "Species");
surprisal("predict", "penguins.safetensors", "three.csv");

/** Shows a command and runs it in out/. @param {...string} words */
function surprisal(...words) {
  console.log(`\n$ surprisal ${words.join(" ")}`);
  const color = process.argv.slice(2).filter((word) => word === "--color");
  const { status } = spawnSync(process.execPath, [program, ...words, ...color], { cwd: out, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
