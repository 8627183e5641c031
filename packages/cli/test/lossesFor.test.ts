/** `surprisal losses --for`: a column in, a loss with its reasons out; and `fit` takes the same losses. */
import { chooseLoss as advise, losses } from "surprisal";
import { afterEach, describe, expect, test, vi } from "vitest";
import { lossesFor } from "../src/commands/lossesFor.ts";
import { chooseLoss } from "../src/lossChoice.ts";
import { main } from "../src/main.ts";
import { detectTask, taskOf, tasks } from "../src/task.ts";
import { train } from "../src/training.ts";
import { dataset, errorOf, testFolder, write } from "./files.ts";

afterEach(() => vi.restoreAllMocks());
const folder = testFolder();

/** Runs the command; what it wrote to standard output and standard error. */
async function run(file: string, options: Parameters<typeof lossesFor>[1]) {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += text;
      return true;
    });
  }
  const code = await lossesFor(file, { color: false, ...options });
  vi.restoreAllMocks();
  return { code, ...written };
}

describe("a column", () => {
  test("of three texts, in words", async () => {
    const { code, stdout, stderr } = await run(dataset("penguins.json"), { target: "Species" });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^target {4}Species\ntask {6}multiclass\nloss {6}sparseCategoricalCrossentropy\noutput {4}3 units, softmax\n/,
    );
    expect(stdout).toContain("3 different texts in 344 rows (Adelie 152, Gentoo 124, Chinstrap 68).");
    expect(stdout).toMatch(/considered\n {2}categoricalCrossentropy\n {4}\S/);
    expect(stdout).toMatch(/try {7}surprisal fit \S*penguins.json --target Species\n$/);
    for (const line of stdout.split("\n")) if (!line.startsWith("try")) expect(line.length).toBeLessThanOrEqual(120);
  });

  test("of three texts, as JSON", async () => {
    const { stdout } = await run(dataset("penguins.json"), { target: "Species", json: true });
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      target: "Species",
      rows: 344,
      missing: 0,
      loss: "sparseCategoricalCrossentropy",
      options: {},
      task: "multiclass",
      targets: "index",
      activation: "softmax",
      units: 3,
      metrics: ["accuracy"],
    });
    expect(found.why[0]).toContain("344 rows");
    expect(found.considered.length).toBeGreaterThan(2);
    expect(found.command).toContain("--target Species");
  });

  test("with missing values, which are said", async () => {
    const { stdout, stderr } = await run(dataset("penguins.json"), { target: "Sex", json: true });
    expect(stderr).toMatch(/^note 1\d rows without Sex left out\n$/);
    const { rows, missing } = JSON.parse(stdout);
    expect(rows + missing).toBe(344);
  });

  test("of numbers: by their shape", async () => {
    const numbers = (values: readonly number[]) => `y\n${values.join("\n")}\n`;
    const bell = Array.from({ length: 100 }, (_, i) => Math.tan((Math.PI * (i - 49.5)) / 220));
    const cases = [
      ["bell.csv", bell, "meanSquaredError", "surprisal fit bell.csv --target y"],
      ["far.csv", [...bell, 500, -400], "huber", "surprisal fit far.csv --target y --loss huber"],
      [
        "counts.csv",
        Array.from({ length: 60 }, (_, i) => (i * i) % 13),
        "poisson",
        "surprisal fit counts.csv --target y --loss poisson",
      ],
      // The command line has no way to give the power.
      ["prices.csv", bell.map((b) => Math.exp(10 + 3 * b)), "tweedieDeviance", undefined],
    ] as const;
    for (const [name, values, loss, command] of cases) {
      const path = write(folder, name, numbers(values));
      const found = JSON.parse((await run(path, { target: "y", json: true })).stdout);
      expect(found, name).toMatchObject({ loss, units: 1 });
      expect(found.command?.replace(`${folder}/`, "")).toBe(command);
    }
  });

  test("of ratings: taken for what is said", async () => {
    const path = write(
      folder,
      "it's rated.csv",
      `stars given\n${Array.from({ length: 60 }, (_, i) => 1 + (i % 5)).join("\n")}\n`,
    );
    const seen = await run(path, { target: "stars given" });
    expect(seen.stdout).toContain(String.raw`it'\''s rated.csv' --target 'stars given'`);
    const ordinal = JSON.parse((await run(path, { target: "stars given", task: "ordinal", json: true })).stdout);
    expect(ordinal).toMatchObject({ loss: "corn", units: 4, activation: "linear" });
    expect(ordinal.command).toBeUndefined();
    const amount = JSON.parse((await run(path, { target: "stars given", task: "regression", json: true })).stdout);
    expect(amount).toMatchObject({ loss: "meanSquaredError", units: 1 });
    expect(amount.why[0]).toContain("5 different whole numbers in 60 rows");
  });

  test("by the command line", async () => {
    let written = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      written += text;
      return true;
    });
    const path = write(folder, "few.csv", "y\nno\nyes\n?\nyes\n");
    expect(await main(["losses", "--for", path, "--target", "y", "--missing", "?", "--json", "--quiet"])).toBe(0);
    vi.restoreAllMocks();
    expect(JSON.parse(written)).toMatchObject({ loss: "binaryCrossentropy", task: "binary", rows: 3, missing: 1 });
  });

  test("that is none, or of no use", async () => {
    const path = write(folder, "same.csv", "a,b\n1,x\n1,y\n");
    expect((await errorOf(() => lossesFor(path, {}))).code).toBe("cli/no-target");
    expect((await errorOf(() => lossesFor(path, { target: "b", name: "huber" }))).code).toBe("cli/loss-and-table");
    expect((await errorOf(() => lossesFor(path, { target: "c" }))).code).toBe("table/no-such-target");
    expect((await errorOf(() => lossesFor(path, { target: "a" }))).code).toBe("table/one-class");
    expect((await errorOf(() => lossesFor(path, { target: "b", task: "regression" }))).code).toBe("table/not-a-number");
  });
});

test("fit takes the loss that is advised for its task, on the output that is advised", () => {
  for (const task of tasks) {
    const advice = advise({ task });
    expect(chooseLoss(task)).toMatchObject({ name: advice.name, activation: advice.activation });
    expect(losses.get(advice.name).definition.task).toBe(task);
  }
});

test("the task of numbers is the one that is advised", () => {
  const table = (values: readonly number[]) => ({
    file: "t",
    rows: values.length,
    columns: [{ name: "y", data: { kind: "number" as const, values: Float64Array.from(values) } }],
  });
  const cases: readonly (readonly [readonly number[], string])[] = [
    [[0, 1, 1], "binary"],
    [[4, 7, 4], "binary"],
    [[0.5, 1.5, 0.5], "regression"],
    [Array.from({ length: 30 }, (_, i) => i % 3), "multiclass"],
    [Array.from({ length: 29 }, (_, i) => i % 3), "regression"],
    [Array.from({ length: 100 }, (_, i) => i % 10), "multiclass"],
    [Array.from({ length: 110 }, (_, i) => i % 11), "regression"],
    [Array.from({ length: 30 }, (_, i) => (i % 3) / 2), "regression"],
  ];
  for (const [values, task] of cases) {
    expect(detectTask(table(values), "y").task).toBe(task);
    expect(taskOf(advise({ target: values }).task)).toBe(task);
  }
});

test("what the trainer warns of is passed on", async () => {
  const { sequential, layers, tensor } = await import("surprisal");
  const model = sequential([layers.dense(1, { inputShape: [1] })], { device: "interpreter" });
  model.compile({ optimizer: "adam", loss: "mse" });
  const rows = { x: tensor([[1], [2], [3]]), y: tensor([[1000], [2000], [3000]]) };
  const said: string[] = [];
  const settings = {
    hidden: [],
    epochs: 1,
    batchSize: 4,
    learningRate: 0.1,
    optimizer: "adam",
    seed: 0,
    dtype: "float32",
  } as const;
  const signal = new AbortController().signal;
  await train(model, rows, undefined, { ...settings, signal, warn: (line) => said.push(line) });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^y runs from 1000 to 3000/);
});
