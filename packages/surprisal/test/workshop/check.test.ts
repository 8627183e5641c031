import { expect, test } from "vitest";
import { describeTotals, readTotals } from "../../../../tools/lib/totals.mjs";
import { emptyHouse, type House, smallHouse } from "./fixture.ts";

const lastLine = (output: string) => output.trimEnd().split("\n").at(-1);

function houseWithTests(tests: string): House {
  const house = smallHouse();
  house.write(
    "vitest.config.ts",
    'export default { test: { projects: [{ test: { name: "unit", include: ["packages/*/test/**/*.test.ts"] } }] } };\n',
  );
  house.write("packages/surprisal/test/some.test.ts", `import { expect, test } from "vitest";\n${tests}`);
  return house;
}

test("check shows a line a step and ends with the total", () => {
  const house = houseWithTests(
    'test("a", ({ task }) => { Object.assign(task.meta, { golden: { "losses/regression": 7 } }); });\ntest("b", () => expect(2).toBe(2));\n',
  );
  const { code, output } = house.tool("check", "--only", "layers,tests");
  expect(output).toMatch(/^✓ layers +\d+\.\d s {3}5 files, 4 folders, no upward import, no cycle$/m);
  expect(output).toMatch(/^✓ tests +\d+\.\d s {3}2 passed, 0 failed$/m);
  expect(output).toMatch(/^ {2}golden losses\/regression: 7 cases$/m);
  expect(lastLine(output)).toBe("2 passed, 0 failed");
  expect(code).toBe(0);
});

test("check counts a failing test, a skipped one and a file that does not load", () => {
  const house = houseWithTests(
    'test("a", () => {});\ntest("b", () => expect("two").toBe("three"));\ntest.skip("c", () => {});\n',
  );
  house.write("packages/surprisal/test/broken.test.ts", 'import "./missing.ts";\n');
  const { code, output } = house.tool("check", "--only", "tests");
  expect(output).toMatch(/^✗ tests/m);
  expect(output).toContain("expected 'two' to be 'three'");
  expect(lastLine(output)).toBe("1 passed, 2 failed, 1 skipped");
  expect(code).toBe(1);
});

test("check stops at the first failure, and with --all goes on", () => {
  const house = houseWithTests('test("a", () => {});\n');
  house.write("packages/surprisal/src/attic/box.ts", "export const box = 1;\n");
  const short = house.tool("check", "--only", "layers,tests");
  expect(short.output).toMatch(/^✗ layers/m);
  expect(short.output).toContain("    packages/surprisal/src/attic: this folder is not in the table");
  expect(short.output).not.toMatch(/ tests /);
  expect(short.code).toBe(1);
  const whole = house.tool("check", "--only", "layers,tests", "--all");
  expect(whole.output).toMatch(/^✓ tests/m);
  expect(lastLine(whole.output)).toBe("1 passed, 0 failed");
  expect(whole.code).toBe(1);
});

test("generated parts are refused when out of date, and made", () => {
  const house = emptyHouse();
  house.write("README.md", "# x\n<!-- generated:bench -->\nold\n<!-- /generated:bench -->\nend\n");
  house.write("bench/README.md", "<!-- generated:bench-losses -->\n<!-- /generated:bench-losses -->\n");
  const ms = { min: 0.01234, median: 0.02, max: 1.5 };
  house.write(
    "bench/results/a.json",
    JSON.stringify({
      machine: "M",
      date: "2026-01-02",
      versions: { surprisal: "0.1.0" },
      workloads: [
        {
          title: "a step",
          unit: "ms",
          rows: [
            { id: "surprisal", engine: "ours", ms },
            { id: "slow", engine: "slow-js", javascript: true, ms: { ...ms, min: 0.9 } },
            { id: "quick", engine: "quick-js", javascript: true, ms: { ...ms, min: 0.5 } },
          ],
          verdicts: [
            { what: "× quick-js", must: 0.5, value: 0.02468, met: true },
            { what: "× slow-js", must: 0.01, value: 0.01371, met: false },
            { what: "× NumPy", must: 1 },
            { what: "MB more", aim: 3, value: 4 },
          ],
        },
        { title: "not there", unit: "µs", rows: [{ id: "numpy", engine: "NumPy", ms }], verdicts: [] },
      ],
    }),
  );
  const row = { ms, gigabytes: 1.2345, off: 3e-7 };
  const run = { machine: "M", date: "2026-01-03", versions: { surprisal: "0.1.0" } };
  // Of one day's runs the quieter one counts, whatever the order of the files.
  house.write("bench/results/c.json", JSON.stringify({ ...run, load: 9, sizes: [] }));
  house.write(
    "bench/results/b.json",
    JSON.stringify({
      ...run,
      load: 0.7,
      sizes: [
        {
          name: "8 × 2",
          losses: [
            {
              loss: "huber",
              rows: [
                { engine: "ours", ratio: 1, ...row },
                { engine: "theirs", ratio: 2.5, ...row, off: 0.01 },
              ],
            },
          ],
        },
      ],
    }),
  );
  expect(house.tool("generate", "--check")).toMatchObject({
    code: 1,
    output: expect.stringContaining('README.md: "bench" is out of date'),
  });
  expect(house.tool("generate").code).toBe(0);
  expect(house.tool("generate", "--check").code).toBe(0);
  expect(house.read("README.md")).toContain(
    "| a step | **0.0123 ms** | quick-js 0.5 ms (0.0247) | – " +
      "| 0.0247 ≤ 0.5 × quick-js<br>0.0137 > 0.01 × slow-js: **not met**<br>≤ 1 × NumPy: not measured |\n" +
      "| not there | – | – | 12.3 µs |  |",
  );
  const losses = house.read("bench/README.md");
  expect(losses).toContain("| 8 × 2 | ours | theirs |\n|---|---:|---:|\n");
  expect(losses).toContain(
    "| `huber` | 1.23 GB/s<br>**0.0123** · 0.02 · 1.5 | 1.23 GB/s<br>**0.0123** · 0.02 · 1.5<br>× 2.5 |",
  );
  expect(losses).toContain("The load was 0.7 when it began");
  expect(losses).toContain("in float64: ours 3e−7, theirs 1e−2.");
});

test("totals read a report of nothing as nothing", () => {
  expect(describeTotals(readTotals({ testResults: [] }))).toBe("0 passed, 0 failed");
});
