import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { type House, smallHouse } from "./fixture.ts";

/** What the build wrote for the small house: made once, then written again for each test. */
let built: readonly { path: string; text: string }[] | undefined;

function builtHouse(): House {
  const house = smallHouse();
  // The build leaves its stamp under node_modules, which must be the house's own.
  rmSync(join(house.root, "node_modules"));
  if (built === undefined) {
    expect(house.tool("build")).toEqual({
      code: 0,
      output: "surprisal built (2 of 2 entries), @surprisal/cli built\n",
    });
    built = ["packages/surprisal/dist", "packages/cli/dist", "node_modules/.cache"].flatMap((folder) =>
      readdirSync(join(house.root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => ({ path: relative(house.root, path), text: readFileSync(path, "utf8") })),
    );
  }
  for (const { path, text } of built) house.write(path, text);
  return house;
}

test("the build writes entries with declarations, one file for a page, and a program", () => {
  const house = builtHouse();
  for (const name of ["index.js", "index.d.ts", "losses.js", "losses.d.ts", "surprisal.js"]) {
    expect(existsSync(join(house.root, "packages/surprisal/dist", name)), name).toBe(true);
  }
  const page = pathToFileURL(join(house.root, "packages/surprisal/dist/surprisal.js")).href;
  const ask = `import { losses, read } from ${JSON.stringify(page)}; console.log(losses.one, typeof read)`;
  expect(execFileSync(process.execPath, ["--input-type=module", "-e", ask], { encoding: "utf8" })).toBe("1 function\n");
  const program = readFileSync(join(house.root, "packages/cli/dist/main.js"), "utf8");
  expect(program).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(program).toContain('from "surprisal"');
  expect(house.tool("build").output).toBe("surprisal unchanged, @surprisal/cli unchanged\n");
  house.write("packages/cli/src/main.ts", "process.exitCode = 3;\n");
  expect(house.tool("build").output).toBe("surprisal unchanged, @surprisal/cli built\n");
});

test("exports accept a built house", () => {
  expect(builtHouse().tool("exports")).toEqual({ code: 0, output: "2 entries, 2 exports documented\n" });
});

test("exports refuse what is not built", () => {
  const house = builtHouse();
  rmSync(join(house.root, "packages/surprisal/dist/losses.d.ts"));
  const { code, output } = house.tool("exports");
  expect(output).toContain('"./losses" names packages/surprisal/dist/losses.d.ts, which is not built');
  expect(code).toBe(1);
});

test("exports refuse an entry file without a subpath, and a subpath without an entry file", () => {
  const house = builtHouse();
  house.write("packages/surprisal/src/attic.ts", "/** One. */\nexport const attic = 1;\n");
  expect(house.tool("exports").output).toContain("src/attic.ts is no entry of packages/surprisal/package.json");
  rmSync(join(house.root, "packages/surprisal/src/losses.ts"));
  expect(house.tool("exports").output).toContain('"./losses" has no source file packages/surprisal/src/losses.ts');
});

test("exports refuse a public name without a docstring", () => {
  const house = builtHouse();
  house.write("packages/surprisal/src/base/number.ts", "export const one = 1;\n");
  const { code, output } = house.tool("exports");
  expect(output).toContain('packages/surprisal/src/base/number.ts: "one" is public and has no docstring');
  expect(code).toBe(1);
});

test("exports refuse a page bundle that imports anything as it loads", () => {
  const house = builtHouse();
  house.write(
    "packages/surprisal/dist/surprisal.js",
    'import { readFile } from "node:fs/promises";\nexport { readFile };\n',
  );
  expect(house.tool("exports").output).toContain("imports other modules when it loads");
});
