/**
 * `npm run bench -- linearCrossentropy`: value and both gradients of the last layer of a language model and its cross-entropy, ours beside
 * NumPy by hand: milliseconds, operations a second, and the memory that is taken besides operands and gradients.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ThreefryStream } from "surprisal/internals";
import { benchFolder } from "./lib/install.mjs";
import { refuse } from "./lib/options.mjs";
import { participants } from "./lib/participants.mjs";
import { run } from "./lib/processes.mjs";
import { record } from "./lib/record.mjs";
import { rounded, shownNumber, significant, spread, table } from "./lib/statistics.mjs";

/**
 * @typedef {object} Size
 * @property {number} rows
 * @property {number} width of a hidden row
 * @property {number} classes
 *
 * @typedef {object} Answer what an engine's process says
 * @property {string} version
 * @property {number} firstMs
 * @property {number[]} ms
 * @property {number} value
 * @property {number[]} gradients at some places, of both arrays
 * @property {number} extraMb resident besides what there was with operands and gradients in memory
 * @property {number} [workspaceMb] temporaries, as the program reports them
 */

/** A batch of GPT-2's last layer. @type {Size} */
const whole = { rows: 256, width: 768, classes: 50_257 };
/** @type {Size} */
const small = { rows: 64, width: 128, classes: 8_000 };

/** @type {readonly import("./lib/engines.mjs").Contender[]} */
const contenders = [
  {
    id: "surprisal",
    name: "surprisal",
    package: "surprisal",
    command: (folder) => [process.execPath, join(folder, "engines/linearCrossentropy.mjs")],
  },
  {
    id: "numpy",
    name: "NumPy by hand",
    package: "numpy",
    command: (folder, python) => [python, join(folder, "numpy_linear.py")],
  },
];

/** How far values and gradients may be apart, the latter by their largest entry. */
const tolerance = 1e-4;

/** @param {import("./lib/options.mjs").Setting} setting without words */
export async function benchLinearCrossentropy(setting) {
  const { words, quick, rounds, seconds, prefix, python, date, label } = setting;
  if (words.length > 0) refuse(`linearCrossentropy is measured whole; "${words[0]}" is too much`);
  const size = quick ? small : whole;
  const taking = await participants(contenders, setting);
  const scratch = mkdtempSync(join(tmpdir(), "surprisal-bench-"));
  /** @type {Map<string, Answer[]>} */
  const answers = new Map(taking.map(({ id }) => [id, []]));
  /** @type {string[]} */
  const problems = [];
  try {
    const job = { size, files: writeArrays(size, scratch), runs: quick ? 1 : 3 };
    for (let round = 1; round <= rounds; round++) {
      for (const contender of taking) {
        const command = [...prefix, ...contender.command(benchFolder, python)];
        const { answer, failure, ms } = await run(command, { job, seconds });
        if (failure !== undefined) problems.push(`${contender.name}: ${failure}`);
        else answers.get(contender.id)?.push(answer);
        console.log(`  round ${round}  ${contender.name}: ${failure ?? `${(ms / 1000).toFixed(1)} s`}`);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const flops = 6 * size.rows * size.width * size.classes;
  const reference = answers.get("numpy")?.[0] ?? answers.get("surprisal")?.[0];
  /** @type {Record<string, string>} */
  const versions = { node: process.versions.node };
  const rows = taking.flatMap(({ id, name, package: from }) => {
    const mine = answers.get(id) ?? [];
    if (mine.length === 0 || reference === undefined) return [];
    versions[from] = mine[0]?.version ?? "";
    problems.push(...mine.flatMap((answer) => differences(answer, reference)).map((text) => `${name}: ${text}`));
    const ms = spread(mine.flatMap((answer) => answer.ms));
    const workspace = mine[0]?.workspaceMb;
    return [
      {
        engine: name,
        ms: rounded(ms),
        gigaflops: significant(flops / ms.min / 1e6, 3),
        firstMs: rounded(spread(mine.map(({ firstMs }) => firstMs))),
        extraMb: significant(Math.max(...mine.map(({ extraMb }) => extraMb)), 3),
        ...(workspace !== undefined && { workspaceMb: significant(workspace, 3) }),
      },
    ];
  });
  const least = rows.find(({ engine }) => engine === "NumPy by hand")?.ms.min;
  const heading = [
    "engine",
    "min ms",
    "median",
    "max",
    "by NumPy's",
    "GFLOP/s",
    "first ms",
    "extra MB",
    "workspace MB",
  ];
  const lines = rows.map(({ engine, ms, gigaflops, firstMs, extraMb, workspaceMb }) => [
    engine,
    ...[ms.min, ms.median, ms.max].map(shownNumber),
    least === undefined ? "" : shownNumber(ms.min / least),
    ...[gigaflops, firstMs.median, extraMb].map(shownNumber),
    workspaceMb === undefined ? "" : shownNumber(workspaceMb),
  ]);
  const { rows: n, width, classes } = size;
  console.log(
    `\n${n} rows of ${width}, ${classes} classes; gradients alone: ${megabytes(4 * width * (n + classes))} MB`,
  );
  console.log(`\n${table([heading, ...lines]).replace(/^/gm, "  ")}`);
  record(
    setting,
    `${date}-${label}-linearCrossentropy`,
    { versions, size, rows },
    problems,
    "values and gradients agree",
  );
}

const megabytes = (/** @type {number} */ bytes) => Math.round(bytes / 1e6);

/** @param {Size} size @param {string} folder */
function writeArrays({ rows, width, classes }, folder) {
  const source = new ThreefryStream(11);
  const draw = (/** @type {number} */ count, /** @type {number} */ reach) =>
    Float32Array.from({ length: count }, () => reach * (2 * source.uniform() - 1));
  const arrays = {
    hidden: draw(rows * width, 1),
    weight: draw(classes * width, 0.1),
    labels: Int32Array.from({ length: rows }, () => Math.floor(source.uniform() * classes)),
  };
  return Object.fromEntries(
    Object.entries(arrays).map(([name, values]) => {
      const path = join(folder, `${name}.bin`);
      writeFileSync(path, new Uint8Array(values.buffer));
      return [name, path];
    }),
  );
}

/** @param {Answer} answer @param {Answer} reference */
function differences(answer, reference) {
  const largest = Math.max(...reference.gradients.map(Math.abs));
  const off =
    Math.max(...answer.gradients.map((x, i) => Math.abs(x - (reference.gradients[i] ?? Number.NaN)))) / largest;
  return [
    ...(Math.abs(answer.value / reference.value - 1) <= tolerance ? [] : [`its value is ${answer.value}`]),
    ...(off <= tolerance ? [] : [`its gradients are ${off.toExponential(1)} of the largest entry off`]),
  ];
}
