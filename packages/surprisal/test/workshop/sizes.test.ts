import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type House, smallHouse } from "./fixture.ts";

function editJson(house: House, path: string, change: (value: Record<string, unknown>) => void): void {
  const value = JSON.parse(readFileSync(join(house.root, path), "utf8"));
  change(value);
  house.write(path, JSON.stringify(value));
}

const lines = (count: number) => "// a line\n".repeat(count);

test("sizes accept a small house and show bytes per entry", () => {
  const { code, output } = smallHouse().tool("sizes");
  expect(output).toMatch(/^index +raw +\d+\.\d kB +min +\d+\.\d kB +gzip +\d+\.\d kB$/m);
  expect(output).toMatch(/^losses +raw/m);
  expect(code).toBe(0);
});

test("sizes refuse a bundle that outgrows its ceiling", () => {
  const house = smallHouse();
  const list = Array.from({ length: 600 }, (_, i) => `"word ${i}"`).join(", ");
  house.write("packages/surprisal/src/base/number.ts", `/** Words. */\nexport const one = [${list}];\n`);
  const { code, output } = house.tool("sizes");
  expect(output).toMatch(/entry "index": \d{4} bytes min, the ceiling is 2000/);
  expect(output).toMatch(/entry "losses": \d{4} bytes gzip, the ceiling is 1000/);
  expect(code).toBe(1);
});

test("sizes want a ceiling for every entry, and record one when asked", () => {
  const house = smallHouse();
  editJson(house, "tools/sizes.json", (sizes) => {
    sizes.bundles = {};
  });
  expect(house.tool("sizes").output).toContain('no ceiling for the entry "losses"');
  expect(house.tool("sizes", "--record").code).toBe(0);
  expect(house.tool("sizes").code).toBe(0);
});

test("sizes count 400 lines as enough and 401 as too many", () => {
  const house = smallHouse();
  house.write("packages/cli/src/long.ts", lines(400));
  expect(house.tool("sizes").code).toBe(0);
  house.write("packages/cli/src/long.ts", lines(401));
  const { code, output } = house.tool("sizes");
  expect(output).toContain("packages/cli/src/long.ts: 401 lines, the ceiling is 400");
  expect(code).toBe(1);
});

test("sizes hold an exception to its own ceiling, its reason and its need", () => {
  const house = smallHouse();
  const except = (reason: string) =>
    editJson(house, "tools/sizes.json", (sizes) => {
      sizes.lines = { ceiling: 400, exceptions: { "packages/cli/src/long.ts": { ceiling: 500, reason } } };
    });
  except("one table");
  house.write("packages/cli/src/long.ts", lines(500));
  expect(house.tool("sizes").code).toBe(0);
  house.write("packages/cli/src/long.ts", lines(501));
  expect(house.tool("sizes").output).toContain("501 lines, its own ceiling is 500");
  except("");
  expect(house.tool("sizes").output).toContain("gives no reason");
  house.write("packages/cli/src/long.ts", lines(10));
  expect(house.tool("sizes").output).toContain("needs no exception any more");
});

test("sizes refuse a runtime dependency of the library", () => {
  const house = smallHouse();
  editJson(house, "packages/surprisal/package.json", (manifest) => {
    manifest.dependencies = { fflate: "0.8.2" };
  });
  const { code, output } = house.tool("sizes");
  expect(output).toContain("the library has dependencies: fflate");
  expect(code).toBe(1);
});

test.each(["preinstall", "install", "postinstall", "prepare"])("sizes refuse a %s script", (script) => {
  const house = smallHouse();
  editJson(house, "packages/cli/package.json", (manifest) => {
    manifest.scripts = { [script]: "node setup.js" };
  });
  const { code, output } = house.tool("sizes");
  expect(output).toContain(`@surprisal/cli has a "${script}" script`);
  expect(code).toBe(1);
});
