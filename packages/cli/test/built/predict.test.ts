/** `surprisal predict` and `evaluate`: order, labels, columns, and tables that are not what the model was fitted on. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { csv, dataset, datasetRows, testFolder, write } from "../files.ts";
import { parse, surprisal } from "./program.ts";

const folder = testFolder();
const rows = datasetRows("penguins.json");
const head = "Island,Beak Length (mm),Beak Depth (mm),Flipper Length (mm),Body Mass (g),Sex";
const three = `${head}\nTorgersen,39.0,18.4,187,3680,FEMALE\nBiscoe,47.2,14.3,216,4900,\nDream,50.1,19.0,197,3800,MALE\n`;
const model = "penguins.safetensors";
const predict = (table: string, ...more: string[]) => surprisal(folder, ["predict", model, table, ...more]);

beforeAll(() => {
  const ran = surprisal(folder, ["fit", dataset("penguins.json"), "--target", "Species", "--quiet"]);
  expect(ran.status, ran.stderr).toBe(0);
  write(folder, "three.csv", three);
});

describe("predict", () => {
  test("gives a label and its probabilities for every row, in order, without the target", () => {
    const ran = predict("three.csv");
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    const found = parse(ran.stdout);
    expect(Object.keys(found[0] ?? {})).toEqual(["Species", "p(Adelie)", "p(Chinstrap)", "p(Gentoo)"]);
    expect(found.map(({ Species }) => Species)).toEqual(["Adelie", "Gentoo", "Chinstrap"]);
    for (const row of found) {
      const p = ["Adelie", "Chinstrap", "Gentoo"].map((label) => Number(row[`p(${label})`]));
      expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      expect(Number(row[`p(${row.Species})`])).toBe(Math.max(...p));
    }
  });

  test("the label of every row is that of its species: no class has another's name", () => {
    const found = parse(predict(dataset("penguins.json"), "-q").stdout);
    expect(found).toHaveLength(344);
    for (const species of ["Adelie", "Chinstrap", "Gentoo"]) {
      const own = found.filter((_, i) => rows[i]?.Species === species);
      expect(own.filter(({ Species }) => Species === species).length / own.length).toBeGreaterThan(0.9);
      const mean = own.reduce((sum, row) => sum + Number(row[`p(${species})`]), 0) / own.length;
      expect(mean).toBeGreaterThan(0.9);
    }
  });

  test("the order of rows in the training table has no part in it", () => {
    write(folder, "reversed.csv", csv([...rows].reverse()));
    expect(surprisal(folder, ["fit", "reversed.csv", "-t", "Species", "-q"]).status).toBe(0);
    const found = parse(surprisal(folder, ["predict", "reversed.safetensors", "three.csv"]).stdout);
    expect(Object.keys(found[0] ?? {})).toEqual(["Species", "p(Adelie)", "p(Chinstrap)", "p(Gentoo)"]);
    expect(found.map(({ Species }) => Species)).toEqual(["Adelie", "Gentoo", "Chinstrap"]);
  });

  test.each([
    ["text, rare label first", (left: boolean) => (left ? "no" : "yes")],
    ["0 and 1", (left: boolean) => (left ? 0 : 1)],
    ["1 and 2, the lower one to the right", (left: boolean) => (left ? 2 : 1)],
    ["true and false", (left: boolean) => !left],
  ])("two classes keep their names: %s", (_, label) => {
    const table = Array.from({ length: 200 }, (_, i) => ({
      x: (i % 4 === 0 ? -1 : 1) + Math.sin(i) / 4,
      y: label(i % 4 === 0),
    }));
    write(folder, "two.csv", csv(table));
    expect(surprisal(folder, ["fit", "two.csv", "-t", "y", "-q"]).status).toBe(0);
    write(folder, "sides.csv", "x\n-1\n1\n");
    const found = parse(surprisal(folder, ["predict", "two.safetensors", "sides.csv"]).stdout);
    expect(found.map(({ y }) => y)).toEqual([String(label(true)), String(label(false))]);
    expect(Number(found[0]?.[`p(${label(true)})`])).toBeGreaterThan(0.8);
    expect(Number(found[1]?.[`p(${label(false)})`])).toBeGreaterThan(0.8);
    const back = surprisal(folder, ["evaluate", "two.safetensors", "two.csv", "--json"]).json;
    expect(back.accuracy).toBeGreaterThan(0.95);
    expect(back.confusion.labels.map(String)).toEqual([String(label(true)), String(label(false))].sort());
  });

  test("columns in another order, and more of them, change nothing", () => {
    const turned = parse(three).map((row) => ({
      note: "x",
      ...Object.fromEntries(Object.entries(row).reverse()),
      Species: "?",
    }));
    write(
      folder,
      "turned.json",
      JSON.stringify(
        turned.map((row) => ({ ...row, "Body Mass (g)": Number((row as Record<string, string>)["Body Mass (g)"]) })),
      ),
    );
    const ran = predict("turned.json");
    expect(ran.stdout).toBe(predict("three.csv").stdout);
    expect(ran.stderr).toContain("ignored: 1 column the model does not use (note)");
  });

  test("--format, --out, --keep-columns, --json, standard input", () => {
    const plain = parse(predict("three.csv").stdout);
    expect(
      JSON.parse(predict("three.csv", "--format", "json").stdout).map(({ Species }: { Species: string }) => Species),
    ).toEqual(["Adelie", "Gentoo", "Chinstrap"]);
    expect(predict("three.csv", "--format", "ndjson").stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(predict("three.csv", "--out", "p.csv").stdout).toBe("");
    expect(parse(readFileSync(join(folder, "p.csv"), "utf8"))).toEqual(plain);
    const kept = parse(predict("three.csv", "--keep-columns").stdout);
    expect(Object.keys(kept[0] ?? {})).toEqual([
      ...head.split(","),
      "Species",
      "p(Adelie)",
      "p(Chinstrap)",
      "p(Gentoo)",
    ]);
    expect(kept[1]).toMatchObject({ Island: "Biscoe", Sex: "", Species: "Gentoo" });
    const both = parse(predict(dataset("penguins.json"), "--keep-columns", "-q").stdout);
    expect(Object.keys(both[0] ?? {})).toContain("predicted Species");
    expect(both[0]).toMatchObject({ Species: "Adelie", "predicted Species": "Adelie" });
    const { json } = predict("three.csv", "--json");
    expect(json).toMatchObject({
      target: "Species",
      rows: 3,
      predictions: [{ Species: "Adelie" }, { Species: "Gentoo" }, { Species: "Chinstrap" }],
    });
    const piped = surprisal(folder, ["predict", model, "-"], { input: three });
    expect(parse(piped.stdout)).toEqual(plain);
  });

  test("a category it has never seen is none of those it knows, and said with row and count", () => {
    write(folder, "new-island.csv", `${three}Atlantis,39.0,18.4,187,3680,FEMALE\nAtlantis,39.0,18.4,187,3680,FEMALE\n`);
    const ran = predict("new-island.csv");
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(
      'Island: "Atlantis" in row 4 not seen in training; taken as none of its categories in 2 rows',
    );
    const found = parse(ran.stdout);
    expect(found).toHaveLength(5);
    expect(found.slice(0, 3)).toEqual(parse(predict("three.csv").stdout));
    expect(found[3]).toEqual(found[4]);
    expect(predict("new-island.csv", "--json").json.unseen).toEqual([
      { column: "Island", value: "Atlantis", count: 2, row: 4 },
    ]);
  });

  test("cells may be missing everywhere", () => {
    write(folder, "holes.csv", `${head}\n,,,,,\n`);
    const ran = predict("holes.csv");
    expect(ran.status, ran.stderr).toBe(0);
    expect(parse(ran.stdout)).toHaveLength(1);
  });

  test.each([
    ["a missing column", three.replace("Sex", "Gender"), 'no column "Sex"'],
    [
      "a word where a number is needed",
      three.replace("216", "long"),
      'row 2, column "Flipper Length (mm)" of bad.csv holds "long"',
    ],
    ["an infinite number", three.replace("216", "inf"), "row 2"],
    ["a ragged row", `${three}Dream,1\n`, "line 5"],
    ["no rows", `${head}\n`, "no rows"],
  ])("%s is an error that says where", (_, text, says) => {
    write(folder, "bad.csv", text);
    const ran = predict("bad.csv");
    expect([ran.status, ran.stdout]).toEqual([3, ""]);
    expect(ran.stderr).toContain(says);
    expect(predict("bad.csv", "--json").json.error.message).toContain(says);
  });
});

describe("evaluate", () => {
  const evaluate = (table: string, ...more: string[]) => surprisal(folder, ["evaluate", model, table, ...more]);

  test("gives loss, accuracy and the confusion matrix", () => {
    const { json, status } = evaluate(dataset("penguins.json"), "--json");
    expect(status).toBe(0);
    expect(json.accuracy).toBeGreaterThan(0.95);
    expect(json.loss).toBeGreaterThan(0);
    expect(json.confusion.labels).toEqual(["Adelie", "Chinstrap", "Gentoo"]);
    expect(json.confusion.matrix.map((row: number[]) => row.reduce((a, b) => a + b))).toEqual([152, 68, 124]);
    const right = json.confusion.matrix.reduce((n: number, row: number[], i: number) => n + (row[i] ?? 0), 0);
    expect(right / 344).toBeCloseTo(json.accuracy, 12);
    expect(evaluate(dataset("penguins.json")).stdout).toMatch(
      /^344 rows {3}loss \S+ {3}accuracy \S+\ntrue \\ predicted +Adelie +Chinstrap +Gentoo\n/,
    );
  });

  test("agrees with predict", () => {
    const found = JSON.parse(predict(dataset("penguins.json"), "--format", "json", "-q").stdout);
    const loss = rows.reduce((sum, { Species }, i) => sum - Math.log(found[i][`p(${Species})`]), 0) / rows.length;
    expect(evaluate(dataset("penguins.json"), "--json").json.loss).toBeCloseTo(loss, 4);
  });

  test("--min and --max are gates", () => {
    const ran = evaluate(dataset("penguins.json"), "--min", "accuracy=.5", "--max", "loss=0.000001", "--json");
    expect(ran.status).toBe(1);
    expect(ran.json.gates).toMatchObject([
      { figure: "accuracy", passed: true },
      { figure: "loss", passed: false },
    ]);
    expect(ran.stderr).toContain("gate failed: loss is");
    expect(evaluate(dataset("penguins.json"), "--min", "accuracy=.5").status).toBe(0);
    expect(evaluate(dataset("penguins.json"), "--min", "mae=.5").status).toBe(2);
  });

  test("needs the answers, and only those it knows", () => {
    expect(evaluate("three.csv").stderr).toContain('"Species"');
    expect(evaluate("three.csv").status).toBe(3);
    write(folder, "strange.csv", csv([{ ...rows[0], Species: "Emperor" }]));
    const ran = evaluate("strange.csv");
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('row 1, column "Species" of strange.csv holds "Emperor"');
  });
});

test("fit leaves no temporary files beside its model", () => {
  expect(existsSync(join(folder, `${model}.tmp`))).toBe(false);
});
