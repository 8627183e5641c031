/** Parameters of every loss: they default to what the loss's page says, and their ranges end where their words say. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses.ts";

const all = losses.list().map((loss) => ({
  name: loss.name,
  params: Object.entries((loss.definition.params ?? {}) as losses.Params),
}));
const withParams = all.filter(({ params }) => params.length > 0);
const page = (name: string) => new URL(`../../../../docs/losses/${name}.md`, import.meta.url);

/** Numbers just inside and just outside of a range, by its words. */
const ends: readonly [
  words: RegExp,
  inside: (a: number, b: number) => number[],
  outside: (a: number, b: number) => number[],
][] = [
  [/^a number above (\S+)/, (a) => [a + 1e-9, 1e9], (a) => [a, a - 1e-9, -1, Number.POSITIVE_INFINITY, Number.NaN]],
  [/^a number from (\S+) up$/, (a) => [a, a + 1e-9, 1e9], (a) => [a - 1e-9, Number.POSITIVE_INFINITY, Number.NaN]],
  [/^a number from (\S+) to (\S+)$/, (a, b) => [a, b, (a + b) / 2], (a, b) => [a - 1e-9, b + 1e-9, Number.NaN]],
  [/^a number between (\S+) and (\S+), both excluded$/, (a, b) => [a + 1e-9, b - 1e-9], (a, b) => [a, b, Number.NaN]],
  [/^a whole number from (\S+) up$/, (a) => [a, a + 1], (a) => [a - 1, a + 0.5, Number.NaN]],
  [/^a whole number from (\S+) to (\S+)$/, (a, b) => [a, b], (a, b) => [a - 1, b + 1, a + 0.5, Number.NaN]],
  [/^a finite number/, () => [-1e9, 0, 1e9], () => [Number.POSITIVE_INFINITY, Number.NaN]],
  [/^1 or 2$/, () => [1, 2], () => [0, 1.5, 3]],
  [/^an angle in radians from 0 to π\/2$/, () => [0, Math.PI / 2], () => [-1e-9, Math.PI / 2 + 1e-9]],
];

test("losses and the parameters among them that are numbers", () => {
  expect(withParams.length).toBeGreaterThanOrEqual(110);
  const numbers = withParams.flatMap(({ params }) => params.filter(([, param]) => param.kind === "number"));
  expect(numbers.length).toBeGreaterThanOrEqual(120);
});

describe.each(withParams)("$name", ({ name, params }) => {
  test("defaults to what its page says", () => {
    expect(existsSync(page(name)), "`npm run generate` makes the page").toBe(true);
    const section = readFileSync(page(name), "utf8")
      .split("\n## ")
      .find((part) => part.startsWith("Parameters"));
    const rows = [...(section ?? "").matchAll(/^\| `(\w+)` \| (none|`(.*?)`) \|/gm)];
    expect(
      rows.map(([, param, none, value]) => [param, none === "none" ? undefined : JSON.parse(value as string)]),
    ).toEqual(params.map(([param, { default: usual }]) => [param, usual]));
  });

  test("takes what its words say, and nothing next to it", () => {
    for (const [param, { kind, range, default: usual, accepts }] of params) {
      if (usual !== undefined) expect(accepts(usual), param).toBe(true);
      if (kind === "number") {
        const [words, inside, outside] = ends.find(([pattern]) => pattern.test(range)) ?? [/./, () => [], () => []];
        const [a, b] = (words.exec(range) ?? []).slice(1).map((word) => Number(word.replace(",", "")));
        const [accepted, refused] = [inside, outside].map((of) => of(a ?? 0, b ?? 0)) as [number[], number[]];
        // biome-ignore format: the two belong together
        expect([accepted.length, refused.length].map((n) => n > 0), `${param}: ${range}`).toEqual([true, true]);
        expect(
          accepted.filter((x) => !accepts(x)),
          `${param}: ${range}`,
        ).toEqual([]);
        expect(
          refused.filter((x) => accepts(x)),
          `${param}: ${range}`,
        ).toEqual([]);
        expect(accepts("1"), param).toBe(false);
      }
      if (kind === "flag") expect([true, false, 1, "true"].map(accepts), param).toEqual([true, true, false, false]);
      if (kind === "choice") {
        const words = [...range.matchAll(/"(\w+)"/g)].map(([, word]) => word);
        expect(words.length).toBeGreaterThan(1);
        expect([...words.map(accepts), accepts("other"), accepts(0)], param).toEqual([
          ...words.map(() => true),
          false,
          false,
        ]);
      }
      if (kind === "vector")
        expect([[1], [-1, 0], [], [Number.NaN], "1"].slice(1).map(accepts), param).toEqual([
          false,
          false,
          false,
          false,
        ]);
    }
  });
});
