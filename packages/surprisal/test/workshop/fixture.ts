/** A small house in a temporary folder, and the repository's tools run on it as a person would. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");

export interface House {
  readonly root: string;
  /** Writes a file, its folders included. */
  write(path: string, text: string): void;
  read(path: string): string;
  /** Runs `tools/<name>.mjs` on this house. */
  tool(name: string, ...words: string[]): { code: number | null; output: string };
}

/** An empty house, gone when the test is. */
export function emptyHouse(): House {
  const root = mkdtempSync(join(tmpdir(), "surprisal-house-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return {
    root,
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    read: (path) => readFileSync(join(root, path), "utf8"),
    tool(name, ...words) {
      const script = join(repository, `tools/${name}.mjs`);
      const ran = spawnSync(process.execPath, [script, "--root", root, ...words], { encoding: "utf8" });
      return { code: ran.status, output: ran.stdout + ran.stderr };
    },
  };
}

/** Library and command line in their least form, which every tool accepts. */
export function smallHouse(): House {
  const house = emptyHouse();
  const entry = (name: string) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
  const library = {
    name: "surprisal",
    version: "0.0.0",
    type: "module",
    exports: { ".": entry("index"), "./losses": entry("losses") },
  };
  const cli = { name: "@surprisal/cli", version: "0.0.0", type: "module", dependencies: { surprisal: "0.0.0" } };
  house.write("packages/surprisal/package.json", JSON.stringify(library));
  house.write("packages/cli/package.json", JSON.stringify({ ...cli, bin: { surprisal: "./dist/main.js" } }));
  house.write("packages/surprisal/src/base/number.ts", "/** One. */\nexport const one = 1;\n");
  house.write(
    "packages/surprisal/src/files/read.ts",
    '/** Reads. */\nexport async function read(path: string): Promise<string> {\n  const { readFile } = await import("node:fs/promises");\n  return readFile(path, "utf8");\n}\n',
  );
  house.write("packages/surprisal/src/losses.ts", 'export { one } from "./base/number.ts";\n');
  house.write(
    "packages/surprisal/src/index.ts",
    'export { read } from "./files/read.ts";\nexport * as losses from "./losses.ts";\n',
  );
  house.write(
    "packages/cli/src/main.ts",
    'import { losses } from "surprisal";\nimport { EOL } from "node:os";\nprocess.stdout.write(losses.one + EOL);\n',
  );
  house.write(
    "docs/architecture.md",
    "| folder | may import |\n|---|---|\n| base | nothing |\n| files | base |\n| backends/X | base |\n| index.ts | everything above |\n| packages/cli | the public face of the library only |\n",
  );
  house.write(
    "tools/sizes.json",
    JSON.stringify({
      bundles: { index: { min: 2000, gzip: 1000 }, losses: { min: 2000, gzip: 1000 } },
      lines: { ceiling: 400, exceptions: {} },
    }),
  );
  // The dependencies that the sources' types come from.
  symlinkSync(join(repository, "node_modules"), join(house.root, "node_modules"));
  return house;
}

/** The repository's own sources, table and manifests. */
export function copiedHouse(): House {
  const house = emptyHouse();
  for (const path of ["docs/architecture.md", "tools/sizes.json", "packages"]) {
    cpSync(join(repository, path), join(house.root, path), {
      recursive: true,
      filter: (from) => !/[\\/](node_modules|dist|test)$/.test(from),
    });
  }
  return house;
}
