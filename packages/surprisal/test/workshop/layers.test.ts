import { describe, expect, test } from "vitest";
import { copiedHouse, type House, smallHouse } from "./fixture.ts";

/** Each fault is one file; the check must fail and name it. */
const faults: readonly { what: string; path: string; text: string; says: RegExp }[] = [
  {
    what: "an upward import",
    path: "packages/surprisal/src/base/up.ts",
    text: 'import { read } from "../files/read.ts";\nexport const up = read;\n',
    says: /base\/up\.ts:1: base may not import files \(it may import nothing\)/,
  },
  {
    what: "an upward import of a type only",
    path: "packages/surprisal/src/base/up.ts",
    text: 'import type { read } from "../files/read.ts";\nexport type Up = typeof read;\n',
    says: /base\/up\.ts:1: base may not import files/,
  },
  {
    what: "an upward import written as a type",
    path: "packages/surprisal/src/base/up.ts",
    text: 'export type Up = import("../files/read.ts").Read;\n',
    says: /base\/up\.ts:1: base may not import files/,
  },
  {
    what: "an upward re-export",
    path: "packages/surprisal/src/base/up.ts",
    text: 'export * from "../index.ts";\n',
    says: /base\/up\.ts:1: base may not import index\.ts/,
  },
  {
    what: "an upward dynamic import",
    path: "packages/surprisal/src/base/up.ts",
    text: 'export const up = () => import("../files/read.ts");\n',
    says: /base\/up\.ts:1: base may not import files/,
  },
  {
    what: "a dynamic import that hides its name",
    path: "packages/surprisal/src/files/hide.ts",
    text: 'export const hide = (name: string) => import(name + ".ts");\n',
    says: /files\/hide\.ts:1: an import of a computed name/,
  },
  {
    what: "a folder that the table does not name",
    path: "packages/surprisal/src/attic/box.ts",
    text: "export const box = 1;\n",
    says: /src\/attic: this folder is not in the table/,
  },
  {
    what: "a backend that names another",
    path: "packages/surprisal/src/backends/a/run.ts",
    text: 'export { run } from "../b/run.ts";\n',
    says: /a\/run\.ts:1: backends\/a may not import backends\/b/,
  },
  {
    what: "a Node module outside files",
    path: "packages/surprisal/src/base/disk.ts",
    text: 'export { readFile } from "node:fs/promises";\n',
    says: /base\/disk\.ts:1: the library imports "node:fs\/promises"/,
  },
  {
    what: "a package in the library",
    path: "packages/surprisal/src/files/zip.ts",
    text: 'export { zip } from "fflate";\n',
    says: /files\/zip\.ts:1: the library imports "fflate"; it has no dependencies/,
  },
  {
    what: "the command line reaching into the library",
    path: "packages/cli/src/reach.ts",
    text: 'export { one } from "../../surprisal/src/base/number.ts";\n',
    says: /cli\/src\/reach\.ts:1: .* is not a source file of this package/,
  },
  {
    what: "the command line using a package it does not declare",
    path: "packages/cli/src/table.ts",
    text: 'export { read } from "@scope/parquet/reader";\n',
    says: /cli\/src\/table\.ts:1: "@scope\/parquet" is not among the dependencies/,
  },
];

function plantCycle(house: House): void {
  house.write(
    "packages/surprisal/src/base/hen.ts",
    'import type { Egg } from "./egg.ts";\nexport type Hen = { from?: Egg };\n',
  );
  house.write(
    "packages/surprisal/src/base/egg.ts",
    'import { type Hen } from "./hen.ts";\nexport type Egg = { from?: Hen };\n',
  );
}

describe("layers, on a small house", () => {
  test("accept it as it stands", () => {
    const { code, output } = smallHouse().tool("layers");
    expect(output).toContain("5 files, 4 folders, no upward import, no cycle");
    expect(code).toBe(0);
  });

  test("accept an entry that chooses a backend", () => {
    const house = smallHouse();
    house.write("packages/surprisal/src/backends/b/run.ts", "export const run = 1;\n");
    house.write("packages/surprisal/src/devices.ts", 'export { run } from "./backends/b/run.ts";\n');
    const { code, output } = house.tool("layers");
    expect(output).toMatch(/no upward import/);
    expect(code).toBe(0);
  });

  test.each(faults)("refuse $what", ({ path, text, says }) => {
    const house = smallHouse();
    house.write("packages/surprisal/src/backends/b/run.ts", "export const run = 1;\n");
    house.write(path, text);
    const { code, output } = house.tool("layers");
    expect(output).toMatch(says);
    expect(output).toMatch(/^1 problem$/m);
    expect(code).toBe(1);
  });

  test("refuse a cycle of type-only imports, and show it whole", () => {
    const house = smallHouse();
    plantCycle(house);
    const { code, output } = house.tool("layers");
    expect(output).toMatch(/import cycle: (\S+egg\.ts) → \S+hen\.ts → \1/);
    expect(code).toBe(1);
  });

  test("refuse a cycle in the command line", () => {
    const house = smallHouse();
    house.write("packages/cli/src/a.ts", 'export { b } from "./b.ts";\nexport const a = 1;\n');
    house.write("packages/cli/src/b.ts", 'export { a } from "./a.ts";\nexport const b = 1;\n');
    expect(house.tool("layers")).toMatchObject({ code: 1, output: expect.stringMatching(/cycle: packages\/cli/) });
  });

  test("refuse a table that points downwards", () => {
    const house = smallHouse();
    house.write(
      "docs/architecture.md",
      "| folder | may import |\n|---|---|\n| base | files |\n| files | nothing |\n| index.ts | everything above |\n",
    );
    expect(house.tool("layers").output).toContain('the row "base" names "files", which no row above it describes');
  });

  test("refuse to pass without a table", () => {
    const house = smallHouse();
    house.write("docs/architecture.md", "# No table here\n");
    expect(house.tool("layers").code).toBe(1);
  });
});

describe("layers, on a copy of this repository", () => {
  test("see a planted upward import and a planted cycle", () => {
    const house = copiedHouse();
    const before = house.tool("layers").output;
    expect(before).not.toMatch(/up\.ts|hen\.ts/);
    house.write("packages/surprisal/src/files/read.ts", "export const read = 1;\n");
    house.write(
      "packages/surprisal/src/base/up.ts",
      'import { read } from "../files/read.ts";\nexport const up = read;\n',
    );
    plantCycle(house);
    const { code, output } = house.tool("layers");
    expect(output).toContain("packages/surprisal/src/base/up.ts:1: base may not import files");
    expect(output).toMatch(/import cycle: \S*base\/egg\.ts → \S*base\/hen\.ts → /);
    expect(code).toBe(1);
  });
});
