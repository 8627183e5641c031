/** `surprisal fit` on real tables: sensible results, the same in every format, the same every time. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { splitRows } from "../../src/split.ts";
import { csv, dataset, datasetRows, testFolder, write } from "../files.ts";
import { interrupted, parse, surprisal } from "./program.ts";

const folder = testFolder();
const digest = (name: string) =>
  createHash("sha256")
    .update(readFileSync(join(folder, name)))
    .digest("hex");

describe("penguins", () => {
  const penguins = dataset("penguins.json");

  test("are told apart, and what was done is said", () => {
    const ran = surprisal(folder, ["fit", penguins, "--target", "Species"]);
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stderr).toContain("Species: 3 classes (Adelie 152, Gentoo 124, Chinstrap 68;");
    expect(ran.stderr).toContain("→ sparseCategoricalCrossentropy on softmax");
    expect(ran.stderr).toMatch(
      /features: 4 numbers standardised, 2 categories one-hot, missing values filled and flagged \(Sex 10, .*344 rows/,
    );
    expect(ran.stderr).toMatch(/stopped at epoch \d+: no better val loss for 10 epochs; weights of epoch \d+ kept/);
    const [, accuracy] =
      /^test \(20 %, never trained on\) {3}loss \S+ {3}accuracy (\S+) +seed 0$/m.exec(ran.stdout) ?? [];
    expect(Number(accuracy)).toBeGreaterThanOrEqual(0.95);
    expect(ran.stdout).toMatch(/^model {3}penguins\.safetensors$/m);
    expect(ran.stdout + ran.stderr).not.toContain("\u001b");
  });

  test("--json prints one object, --quiet says nothing beside it", () => {
    const { json, stderr, status } = surprisal(folder, [
      "fit",
      penguins,
      "--target",
      "Species",
      "--json",
      "--quiet",
      "--out",
      "quiet.safetensors",
    ]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(json).toMatchObject({
      task: "multiclass",
      classes: ["Adelie", "Chinstrap", "Gentoo"],
      loss: "sparseCategoricalCrossentropy",
      rows: { read: 344, used: 344, train: 220, validation: 55, test: 69 },
      seed: 0,
      interrupted: false,
      model: "quiet.safetensors",
    });
    expect(json.test.accuracy).toBeGreaterThanOrEqual(0.95);
    expect(json.test.confusion.matrix.flat().reduce((a: number, b: number) => a + b)).toBe(69);
    expect(json.history.valLoss).toHaveLength(json.epochs);
    // Falls of less than 0.001 do not count.
    expect(json.history.valLoss[json.bestEpoch - 1]).toBeLessThan(Math.min(...json.history.valLoss) + 0.001);
  });

  test("the same seed gives the same file, another seed another", () => {
    for (const [name, seed] of [
      ["a", "0"],
      ["b", "0"],
      ["c", "1"],
    ] as const) {
      expect(
        surprisal(folder, [
          "fit",
          penguins,
          "-t",
          "Species",
          "-o",
          `${name}.safetensors`,
          "--seed",
          seed,
          "--epochs",
          "3",
        ]).status,
      ).toBe(0);
    }
    expect(digest("b.safetensors")).toBe(digest("a.safetensors"));
    expect(digest("c.safetensors")).not.toBe(digest("a.safetensors"));
  });

  test("CSV, TSV, JSON, NDJSON, Parquet and standard input give the same model, bit for bit", async () => {
    const rows = datasetRows("penguins.json");
    const json = write(folder, "p.json", JSON.stringify(rows));
    write(folder, "p.csv", csv(rows));
    write(folder, "p.tsv", csv(rows, "\t"));
    write(folder, "p.ndjson", rows.map((row) => JSON.stringify(row)).join("\n"));
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(
      `copy (select * from read_json('${json}')) to '${join(folder, "p.parquet")}' (format parquet)`,
    );
    connection.closeSync();
    const fit = (table: string, input?: string) => {
      const out = `${table === "-" ? "stdin" : table}.safetensors`;
      const ran = surprisal(
        folder,
        ["fit", table, "-t", "Species", "-o", out, "--epochs", "4"],
        input === undefined ? {} : { input },
      );
      expect(ran.status, ran.stderr).toBe(0);
      return digest(out);
    };
    const digests = [
      ...["p.csv", "p.tsv", "p.json", "p.ndjson", "p.parquet"].map((table) => fit(table)),
      fit("-", csv(rows)),
    ];
    expect(digests).toHaveLength(6);
    expect(new Set(digests).size).toBe(1);
  });
});

test("nothing is learnt from test rows: whatever their features are, the model is the same", () => {
  const rows = datasetRows("penguins.json");
  const { test: held } = splitRows(rows.length, codesOf(rows), { testSplit: 0.2, validationSplit: 0.2, seed: 0 });
  expect(held).toHaveLength(69);
  const spoilt = new Set(held);
  write(folder, "as-it-is.csv", csv(rows));
  write(
    folder,
    "spoilt.csv",
    csv(rows.map((row, i) => (spoilt.has(i) ? { ...row, "Body Mass (g)": 1e6, Sex: "?", Island: "Biscoe" } : row))),
  );
  const fit = (name: string) => {
    expect(surprisal(folder, ["fit", `${name}.csv`, "-t", "Species", "--epochs", "3", "-q"]).status).toBe(0);
    return digest(`${name}.safetensors`);
  };
  expect(fit("spoilt")).toBe(fit("as-it-is"));
});

/** Classes by the order of their names, as the command line numbers them. */
function codesOf(rows: readonly Record<string, unknown>[]): number[] {
  const names = [...new Set(rows.map(({ Species }) => String(Species)))].sort();
  return rows.map(({ Species }) => names.indexOf(String(Species)));
}

test("seattle-weather: five classes and a date", () => {
  const { json, status } = surprisal(folder, ["fit", dataset("seattle-weather.csv"), "--target", "weather", "--json"]);
  expect(status).toBe(0);
  expect(json.classes).toEqual(["drizzle", "fog", "rain", "snow", "sun"]);
  expect(json.features).toContainEqual({ name: "date", kind: "date" });
  expect(json.inputs).toEqual(expect.arrayContaining(["date year", "date season sin", "date season cos"]));
  // Always "rain" or always "sun" would be 0.44.
  expect(json.test.accuracy).toBeGreaterThan(0.75);
});

test("cars: an amount with missing values, in its own units", () => {
  const { json, status, stderr } = surprisal(folder, [
    "fit",
    dataset("cars.json"),
    "--target",
    "Miles_per_Gallon",
    "--json",
  ]);
  expect(status).toBe(0);
  expect(stderr).toContain("8 rows without Miles_per_Gallon left out");
  expect(stderr).toContain("left out: Name names rows");
  expect(json).toMatchObject({ task: "regression", loss: "meanSquaredError", rows: { read: 406, used: 398 } });
  // Always the mean would be an error of about 6.5 miles a gallon.
  expect(json.test.r2).toBeGreaterThan(0.75);
  expect(json.test.mae).toBeLessThan(3.5);
  expect(json.test.rmse).toBeGreaterThan(json.test.mae);
  const predicted = parse(surprisal(folder, ["predict", "cars.safetensors", dataset("cars.json"), "-q"]).stdout);
  expect(predicted).toHaveLength(406);
  expect(Object.keys(predicted[0] ?? {})).toEqual(["Miles_per_Gallon"]);
  const truth = datasetRows("cars.json").map((row) => row.Miles_per_Gallon);
  const errors = predicted.flatMap((row, i) =>
    truth[i] === null ? [] : [Math.abs(Number(row.Miles_per_Gallon) - Number(truth[i]))],
  );
  expect(errors.reduce((sum, e) => sum + e) / errors.length).toBeLessThan(3.5);
});

test("options reach the training", () => {
  const { json, status, stderr } = surprisal(folder, [
    ...["fit", dataset("penguins.json"), "-t", "Species", "--json", "-o", "options.safetensors"],
    ...[
      "--model",
      "8,4",
      "--epochs",
      "2",
      "--batch-size",
      "64",
      "--learning-rate",
      ".01",
      "--optimizer",
      "sgd",
      "--loss",
      "categoricalCrossentropy",
    ],
    ...[
      "--test-split",
      ".3",
      "--validation-split",
      "0",
      "--ignore",
      "Island,Sex",
      "--weights",
      "balanced",
      "--dtype",
      "float64",
      "--seed",
      "7",
    ],
  ]);
  expect(status, stderr).toBe(0);
  expect(json).toMatchObject({
    hidden: [8, 4],
    epochs: 2,
    seed: 7,
    loss: "categoricalCrossentropy",
    rows: { train: 240, validation: 0, test: 104 },
  });
  expect(json.leftOut.map(({ name }: { name: string }) => name)).toEqual(["Island", "Sex"]);
  expect(json.validation).toBeUndefined();
  const linear = surprisal(folder, [
    "fit",
    dataset("penguins.json"),
    "-t",
    "Species",
    "--json",
    "-o",
    "linear.safetensors",
    "--model",
    "linear",
    "--epochs",
    "1",
    "--test-split",
    "0",
  ]);
  expect(linear.json).toMatchObject({ hidden: [], epochs: 1, bestEpoch: 1, rows: { test: 0 } });
  expect(linear.json.test).toBeUndefined();
});

test("--types turns a number into categories, and codes keep their zeros", () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    zip: `0${i % 4}`,
    wheels: 3 + (i % 2),
    y: i % 2 === 0 ? "a" : "b",
  }));
  write(folder, "codes.csv", csv(rows));
  const ran = surprisal(folder, [
    "fit",
    "codes.csv",
    "-t",
    "y",
    "--json",
    "--types",
    "wheels=category",
    "--epochs",
    "2",
  ]);
  expect(ran.status, ran.stderr).toBe(0);
  expect(ran.json.inputs).toEqual(["zip_00", "zip_01", "zip_02", "zip_03", "wheels_3", "wheels_4"]);
});

describe("an interrupt", () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => ({
    x: Math.sin(i),
    z: Math.cos(3 * i),
    y: Math.sin(i) > 0 ? "up" : "down",
  }));

  test.each(["SIGINT", "SIGTERM"] as const)(
    "(%s) saves a model that works, says so, and ends with 130",
    async (signal) => {
      write(folder, "long.csv", csv(rows));
      const out = `${signal}.safetensors`;
      const ran = await interrupted(
        folder,
        ["fit", "long.csv", "-t", "y", "--batch-size", "1", "--json", "-o", out],
        "Ctrl-C saves",
        signal,
      );
      expect(ran.status, ran.stderr).toBe(130);
      expect(ran.stderr).toContain("interrupted: finishing the step");
      expect(ran.stderr).toMatch(/interrupted after \d+ epochs?: .*the model is saved/);
      expect(JSON.parse(ran.stdout)).toMatchObject({ interrupted: true, model: out });
      expect(existsSync(join(folder, out))).toBe(true);
      expect(surprisal(folder, ["evaluate", out, "long.csv", "--json"]).json.accuracy).toBeGreaterThan(0.4);
    },
  );
});
