/** What is found out about columns: the task, the features, what is left out, and cells that do not fit. */
import { describe, expect, test } from "vitest";
import { textsOf, valuesOf } from "../src/columns/convert.ts";
import { datesAsNumbers, hasTimes } from "../src/columns/dates.ts";
import { chooseFeatures } from "../src/columns/features.ts";
import { toFrame } from "../src/columns/frame.ts";
import { readTable } from "../src/table/read.ts";
import type { Column, Table } from "../src/table/table.ts";
import { detectTask } from "../src/task.ts";
import { dataset, errorOf } from "./files.ts";

const text = (name: string, values: (string | null)[]): Column => ({ name, data: { kind: "text", values } });
const number = (name: string, values: number[]): Column => ({
  name,
  data: { kind: "number", values: Float64Array.from(values) },
});
const table = (...columns: Column[]): Table => ({
  file: "t.csv",
  rows: Math.max(1, ...columns.map(({ data }) => (data.kind === "nested" ? 1 : data.values.length))),
  columns,
});
const repeat = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));

describe("the task", () => {
  const cases = [
    [
      "two words",
      text(
        "y",
        repeat(20, (i) => (i % 2 ? "a" : "b")),
      ),
      "binary",
    ],
    [
      "three words",
      text(
        "y",
        repeat(30, (i) => "abc"[i % 3] as string),
      ),
      "multiclass",
    ],
    [
      "0 and 1",
      number(
        "y",
        repeat(20, (i) => i % 2),
      ),
      "binary",
    ],
    [
      "true and false",
      { name: "y", data: { kind: "boolean", values: Float64Array.from(repeat(20, (i) => i % 2)) } },
      "binary",
    ],
    [
      "few whole numbers, often",
      number(
        "y",
        repeat(60, (i) => 3 + (i % 5)),
      ),
      "multiclass",
    ],
    [
      "few whole numbers, seldom",
      number(
        "y",
        repeat(20, (i) => i % 5),
      ),
      "regression",
    ],
    [
      "fractions",
      number(
        "y",
        repeat(60, (i) => (i % 5) / 2),
      ),
      "regression",
    ],
    [
      "many whole numbers",
      number(
        "y",
        repeat(60, (i) => i),
      ),
      "regression",
    ],
  ] as const;
  test.each(cases)("%s", (_, column, task) => {
    const found = detectTask(table(column), "y");
    expect(found.task).toBe(task);
    expect(found.reason).not.toBe("");
  });

  test("can be said by hand; rows without a target are left out", () => {
    const few = table(number("y", [...repeat(60, (i) => 3 + (i % 5)), Number.NaN]));
    const found = detectTask(few, "y", "regression");
    expect([found.task, found.reason, found.rows.length]).toEqual(["regression", "as asked", 60]);
    expect(found.values).toBeInstanceOf(Float64Array);
  });

  test.each([
    [
      "no such column",
      () => detectTask(table(text("Species", ["a", "b"])), "specie"),
      "table/no-such-target",
      'Did you mean "Species"',
    ],
    ["one class", () => detectTask(table(text("y", ["a", "a", null])), "y"), "table/one-class", '"a" in every row'],
    ["no values", () => detectTask(table(text("y", [null, null])), "y"), "table/empty-target", "no values"],
    [
      "a name for each row",
      () =>
        detectTask(
          table(
            text(
              "y",
              repeat(30, (i) => `n${i}`),
            ),
          ),
          "y",
        ),
      "table/too-many-classes",
      "30 different",
    ],
    [
      "dates",
      () =>
        detectTask(
          { file: "t", rows: 1, columns: [{ name: "y", data: { kind: "date", values: Float64Array.of(0) } }] },
          "y",
        ),
      "table/target-kind",
      "dates",
    ],
    [
      "words as amounts",
      () => detectTask(table(text("y", ["1.5", "x"])), "y", "regression"),
      "table/not-a-number",
      'row 2, column "y"',
    ],
    ["binary of three", () => detectTask(table(text("y", ["a", "b", "c"])), "y", "binary"), "cli/task", "3 different"],
  ])("is refused for %s", async (_, work, code, says) => {
    const error = await errorOf(work);
    expect(error.code).toBe(code);
    expect(error.message).toContain(says);
  });
});

describe("features", () => {
  const y = text(
    "y",
    repeat(40, (i) => (i % 2 ? "a" : "b")),
  );
  const chosen = (...columns: Column[]) => chooseFeatures(table(y, ...columns), "y");

  test("are all columns but those that say nothing", () => {
    const { features, leftOut } = chosen(
      number(
        "age",
        repeat(40, (i) => i * 1.5),
      ),
      number(
        "id",
        repeat(40, (i) => i + 1),
      ),
      number(
        "same",
        repeat(40, () => 7),
      ),
      text(
        "only",
        repeat(40, () => "x"),
      ),
      text(
        "nothing",
        repeat(40, () => null),
      ),
      text(
        "name",
        repeat(40, (i) => `name ${i}`),
      ),
      text(
        "place",
        repeat(40, (i) => `place ${i % 4}`),
      ),
      text(
        "asked",
        repeat(40, (i) => (i % 3 ? "yes" : null)),
      ),
      { name: "list", data: { kind: "nested" } },
    );
    expect(features).toEqual([
      { name: "age", kind: "number" },
      { name: "place", kind: "category" },
      { name: "asked", kind: "category" },
    ]);
    expect(Object.fromEntries(leftOut.map(({ name, reason }) => [name, reason]))).toMatchObject({
      id: "numbers the rows",
      same: "is always 7",
      only: 'is always "x"',
      nothing: "is empty",
      name: expect.stringContaining("40 different values"),
      list: "holds lists or records",
    });
  });

  test("may be said by hand", () => {
    const columns = [
      number(
        "zip",
        repeat(40, (i) => i % 4),
      ),
      text(
        "name",
        repeat(40, (i) => `n${i}`),
      ),
      number(
        "x",
        repeat(40, (i) => i),
      ),
    ];
    const { features, leftOut } = chooseFeatures(table(y, ...columns), "y", {
      types: new Map([
        ["zip", "category"],
        ["name", "category"],
      ]),
      ignore: ["x"],
    });
    expect(features).toEqual([
      { name: "zip", kind: "category" },
      { name: "name", kind: "category" },
    ]);
    expect(leftOut).toEqual([{ name: "x", reason: "as asked" }]);
  });

  test.each([
    [
      "numbers with a word in between",
      () =>
        chosen(
          text(
            "age",
            repeat(40, (i) => (i === 16 ? "old" : `${i}`)),
          ),
        ),
      "table/mixed-column",
      '"old" in row 17',
    ],
    [
      "a misspelt --types",
      () => chooseFeatures(table(y), "y", { types: new Map([["agee", "number"]]) }),
      "cli/no-such-column",
      "--types",
    ],
    [
      "a misspelt --ignore",
      () => chooseFeatures(table(y), "y", { ignore: ["agee"] }),
      "cli/no-such-column",
      "--ignore",
    ],
    [
      "nothing left",
      () =>
        chosen(
          number(
            "id",
            repeat(40, (i) => i),
          ),
        ),
      "table/no-features",
      '"id" numbers the rows',
    ],
  ])("refuse %s", async (_, work, code, says) => {
    const error = await errorOf(work);
    expect(error.code).toBe(code);
    expect(error.message).toContain(says);
  });

  test("of real data", async () => {
    const cars = chooseFeatures(await readTable(dataset("cars.json")), "Miles_per_Gallon");
    expect(cars.features.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "Cylinders number",
      "Displacement number",
      "Horsepower number",
      "Weight_in_lbs number",
      "Acceleration number",
      "Year date",
      "Origin category",
    ]);
    expect(cars.leftOut.map(({ name }) => name)).toEqual(["Name"]);
  });
});

describe("cells", () => {
  test("are converted, or refused with row and column", async () => {
    expect(Array.from(valuesOf(text("a", ["1", null, "2.5"]), "number", "t.csv"))).toEqual([1, Number.NaN, 2.5]);
    expect(Array.from(valuesOf(text("a", ["true", "FALSE"]), "boolean", "t.csv"))).toEqual([1, 0]);
    expect(textsOf(number("a", [1, Number.NaN, 2.5]), "t.csv")).toEqual(["1", null, "2.5"]);
    for (const [column, kind, says] of [
      [text("age", ["1", "2", "abc"]), "number", 'row 3, column "age" of t.csv holds "abc"'],
      [number("age", [1, Number.POSITIVE_INFINITY]), "number", "row 2"],
      [number("flag", [0, 1, 2]), "boolean", "row 3"],
      [number("day", [5]), "date", "a date is needed"],
      [text("day", ["2012-01-31", "31.1.2012"]), "date", "row 2"],
    ] as const) {
      expect((await errorOf(() => valuesOf(column, kind, "t.csv"))).message).toContain(says);
    }
  });

  test("columns that the model needs must be there", async () => {
    const specs = [
      { name: "Age", kind: "number" },
      { name: "place", kind: "category" },
    ] as const;
    const error = await errorOf(() => toFrame(table(number("age", [1]), text("z", ["q"])), specs));
    expect(error.code).toBe("table/missing-column");
    expect(error.message).toContain('columns "Age", "place"');
    expect(error.hint).toContain('Did you mean "age"');
  });

  test("a date is a year and a place on the circle of the seasons", () => {
    const days = Float64Array.of(Date.UTC(2012, 0, 1), Date.UTC(2013, 6, 2, 12), Number.NaN);
    const [year, sin, cos, hourSin, hourCos] = datesAsNumbers(days, true).map((part) => Array.from(part));
    expect(year).toEqual([2012, 2013, Number.NaN]);
    expect([sin?.[0], cos?.[0]]).toEqual([0, 1]);
    expect(cos?.[1]).toBeCloseTo(-1, 4);
    expect(hourSin?.[1]).toBeCloseTo(0, 12);
    expect(hourCos).toEqual([1, -1, Number.NaN]);
    expect(sin?.[2]).toBeNaN();
    expect([hasTimes(days), hasTimes(days.subarray(0, 1))]).toEqual([true, false]);
    expect(datesAsNumbers(days, false)).toHaveLength(3);
  });
});
