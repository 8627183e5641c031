/** Planted faults: each still has its place in today's sources, and the tool tells a caught one from one that survives. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readFaults, staleFaults } from "../../../../tools/lib/faults.mjs";
import { choose, type Mutant, mutantsOf, plantMutant } from "../../../../tools/lib/mutants.mjs";
import { explanationOf, survivors } from "../../../../tools/lib/survivors.mjs";
import { type House, repository, smallHouse } from "./fixture.ts";

test("every fault can be planted where it says, and names its tests", async () => {
  const faults = await readFaults(repository);
  expect(staleFaults(repository, faults)).toEqual([]);
  expect(faults.length).toBeGreaterThanOrEqual(70);
});

/** A sum, its test, and faults in it. */
function houseWithFaults(...faults: { name: string; find: string; replace: string }[]): House {
  const house = smallHouse();
  house.write(
    "vitest.config.ts",
    'export default { test: { projects: [{ test: { name: "unit", include: ["packages/*/test/**/*.test.ts"] } }] } };\n',
  );
  house.write("packages/surprisal/src/base/add.ts", "export const add = (a: number, b: number) => a + b - 0;\n");
  house.write(
    "packages/surprisal/test/add.test.ts",
    'import { expect, test } from "vitest";\nimport { add } from "../src/base/add.ts";\ntest("two and two", () => expect(add(2, 2)).toBe(4));\n',
  );
  const table = faults.map((fault) => ({
    ...fault,
    file: "packages/surprisal/src/base/add.ts",
    tests: ["packages/surprisal/test/add.test.ts"],
  }));
  house.write("tools/faults/sums.mjs", `export const faults = ${JSON.stringify(table)};\n`);
  return house;
}

describe("the tool", () => {
  test("says which test caught a fault, and leaves the sources alone", () => {
    const house = houseWithFaults({ name: "a difference", find: "a + b", replace: "a - b" });
    const { code, output } = house.tool("faults");
    expect(output).toMatch(
      /✓ .* a difference {2}\(packages\/surprisal\/src\/base\/add\.ts\)\n +\S+add\.test\.ts › two and two/,
    );
    expect(output).toContain("1 faults, each caught");
    expect(code).toBe(0);
    expect(house.read("packages/surprisal/src/base/add.ts")).toContain("a + b");
  });

  test("fails on a fault that survives, and on one that only breaks a file", () => {
    const { code, output } = houseWithFaults(
      { name: "a product", find: "a + b", replace: "a * b" },
      { name: "nonsense", find: "=> a", replace: "=> => a" },
    ).tool("faults");
    expect(output).toContain('"a product" survives packages/surprisal/test/add.test.ts');
    expect(output).toMatch(/"nonsense" does not load: packages\/surprisal\/test\/add\.test\.ts/);
    expect(output).toContain("2 problems");
    expect(code).toBe(1);
  });

  test("fails on tests that are red without a fault", () => {
    const house = houseWithFaults({ name: "a difference", find: "a + b", replace: "a - b" });
    house.write("packages/surprisal/src/base/add.ts", "export const add = (a: number, b: number) => a + b - 1;\n");
    const { code, output } = house.tool("faults");
    expect(output).toContain("without a fault: packages/surprisal/test/add.test.ts › two and two");
    expect(code).toBe(1);
  });

  test("fails on a fault that has no place any more, or two", () => {
    const { code, output } = houseWithFaults(
      { name: "gone", find: "a % b", replace: "a" },
      { name: "twice", find: "number", replace: "any" },
    ).tool("faults");
    expect(output).toContain('"gone": what it replaces occurs 0 times in packages/surprisal/src/base/add.ts, not once');
    expect(output).toContain('"twice": what it replaces occurs 2 times');
    expect(code).toBe(1);
  });
});

describe("faults made by rule", () => {
  const src = join(repository, "packages/surprisal/src");
  const source = `import { add, log1p, maximum, mul, square, sub } from "${src}/graph/index.ts";
import { defineLoss } from "${src}/loss/define.ts";
import { positive } from "${src}/loss/params.ts";
export const bent = defineLoss({
  name: "bent",
  params: { scale: positive(4, "how far") },
  value(yTrue, yPred, { scale }) {
    const residual = sub(yPred, yTrue);
    return add(mul(scale, square(residual)), maximum(0, log1p(residual)));
  },
  textbook: (y: number, p: number, { scale }) => (p < y ? 0 : scale * (p - y)),
  kinks: { of: "residual", at: [0] },
});
`;
  const folder = mkdtempSync(join(tmpdir(), "surprisal-mutants-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "bent.ts");
  writeFileSync(file, source);
  const all = mutantsOf([file]).get(file) ?? [];

  test("change the formula and what it defaults to, never the oracle", () => {
    expect(all.map(({ rule, before, after }) => `${rule}: ${before} → ${after}`)).toEqual([
      "wrong default: 4 → 2",
      "flip a sign: sub(yPred, yTrue) → graphOfFaults.add(yPred, yTrue)",
      "drop a term: add(mul(scale, square(residual)), maximum(0, log1p(residual))) → mul(scale, square(residual))",
      "flip a sign: add(mul(scale, square(residual)), maximum(0, log1p(residual))) → graphOfFaults.sub(mul(scale, square(residual)), maximum(0, log1p(residual)))",
      "drop a factor: mul(scale, square(residual)) → square(residual)",
      "wrong power: square(residual) → graphOfFaults.abs(residual)",
      "wrong extreme: maximum(0, log1p(residual)) → graphOfFaults.minimum(0, log1p(residual))",
      "wrong rule at a tie: maximum(0, log1p(residual)) → maximum(log1p(residual), 0)",
      "lose the tail: log1p(residual) → residual",
    ]);
  });

  test("are chosen a rule at a time, the same each time, and planted with what they need", () => {
    const chosen = choose(all, 7);
    expect(new Set(chosen.map(({ rule }) => rule)).size).toBe(7);
    expect(choose(all, 7)).toEqual(chosen);
    expect(choose(all, 99).length).toBe(all.length);
    const sign = all.find(({ rule }) => rule === "flip a sign") as Mutant;
    expect(plantMutant(source, sign, "../../graph/index.ts")).toBe(
      `${source.replace("sub(yPred, yTrue)", "graphOfFaults.add(yPred, yTrue)")}\nimport * as graphOfFaults from "../../graph/index.ts";\n`,
    );
  });

  test("every explanation of a survivor has its fault", () => {
    const files = [...new Set(survivors.map((one) => join(repository, "packages/surprisal/src/loss", one.file)))];
    const known = files.length === 0 ? [] : [...mutantsOf(files).values()].flat();
    const places = new Set(known.map((one) => explanationOf(one)));
    expect(survivors.filter(({ why }) => !places.has(why))).toEqual([]);
  });
});
