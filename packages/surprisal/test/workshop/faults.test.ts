/** Planted faults: each still has its place in today's sources, and the tool tells a caught one from one that survives. */
import { describe, expect, test } from "vitest";
import { readFaults, staleFaults } from "../../../../tools/lib/faults.mjs";
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
