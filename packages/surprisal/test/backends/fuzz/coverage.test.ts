/** What the seeds of every run cover, so that a family cannot quietly stop trying what it is for. */
import { describe, expect, test } from "vitest";
import type { FuzzCase } from "./case.ts";
import { Draw } from "./draw.ts";
import { generators } from "./generators.ts";

const runs = 2_200;
const hundred = generators.reduce((sum, { share }) => sum + share, 0);
const casesOf = (name: string): FuzzCase[] => {
  const { share, make } = generators.find((generator) => generator.name === name) as (typeof generators)[0];
  return Array.from({ length: Math.ceil((runs * share) / hundred) }, (_, i) => make(new Draw(1 + i)));
};

/** What must occur in titles, and how often at least. */
const wanted: Readonly<Record<string, readonly (readonly [words: RegExp, times: number])[]>> = {
  products: [
    [/^float32 \[\d+, \d+\] × \[\d+, \d+\](?!ᵀ)/, 80],
    [/^float32 \[\d+, \d+\]ᵀ × \[\d+, \d+\](?!ᵀ)/, 80],
    [/^float32 \[\d+, \d+\] × \[\d+, \d+\]ᵀ/, 80],
    [/^float32 \[\d+, \d+\]ᵀ × \[\d+, \d+\]ᵀ/, 80],
    [/^float64/, 150],
    [/\[0, \d+\] ×|, 0\] ×|, 0\](ᵀ| |$)/, 10],
    ...[511, 512, 513, 1023, 1024, 1025].map((k) => [new RegExp(`, ${k}\\]`), 5] as const),
    ...[1, 3, 4, 5, 7, 8, 9, 11, 12, 13].map((m) => [new RegExp(`\\[${m}, \\d+\\]ᵀ? ×`), 8] as const),
    ...["cut", "turned", "repeated", "turned cut", "computed"].map((form) => [new RegExp(form), 100] as const),
    ...["bias", "bias of rows", "relu", "residual", "scale", "mask", "position", "precise", "into its own state"].map(
      (step) => [new RegExp(step), 40] as const,
    ),
  ],
  elementwise: [
    [/^float32/, 80],
    [/^float64/, 80],
    [/^int32/, 50],
    [/NaN/, 20],
    [/\b0[,\]]/, 10],
    [/into its own state/, 30],
    ...["tanh", "erf", "pow", "where it|less", "both", "counted", "through the other"].map(
      (step) => [new RegExp(step), 15] as const,
    ),
  ],
  rows: [
    ...[4095, 4096, 4097, 8191, 8192, 8193].map((length) => [new RegExp(`\\b${length}\\]`), 4] as const),
    [/argmax/, 40],
    [/NaN/, 20],
    [/softmax/, 30],
  ],
  columns: [
    ...[255, 256, 257, 511, 513].map((height) => [new RegExp(`\\[${height}, `), 4] as const),
    [/summed over/, 30],
    [/int32/, 30],
  ],
  indexed: [
    [/gather/, 60],
    [/scatterAdd/, 60],
    [/bool/, 10],
    [/ 0 of| 0 rows/, 5],
  ],
  moves: [
    [/concat/, 20],
    [/pad/, 20],
    [/slice/, 20],
  ],
};

describe.each(generators.map(({ name }) => name))("%s", (name) => {
  const cases = casesOf(name);

  test("try what they are for", () => {
    const few = (wanted[name] ?? []).flatMap(([words, times]) => {
      const found = cases.filter(({ title }) => words.test(title)).length;
      return found < times ? [`${words}: ${found}, not ${times}`] : [];
    });
    expect(few).toEqual([]);
    expect(new Set(cases.map(({ title }) => title)).size).toBeGreaterThan(cases.length * 0.6);
  });

  test("come from their seed alone", () => {
    const { make } = generators.find((generator) => generator.name === name) as (typeof generators)[0];
    const data = (made: FuzzCase) => [made.title, [...made.feeds.values()]];
    expect(data(make(new Draw(41)))).toEqual(data(cases[40] as FuzzCase));
  });
});

test("indexed rows are repeated, and missing", () => {
  const numbers = casesOf("indexed").flatMap(({ feeds }) =>
    [...feeds].filter(([node]) => node.dtype === "int32").map(([, values]) => values),
  );
  expect(numbers.filter((list) => list.some((row) => row < 0 || row > 65)).length).toBeGreaterThan(15);
  expect(numbers.filter((list) => new Set(list).size < list.length).length).toBeGreaterThan(30);
});

test("every family says what it must cover, and the shares make two thousand", () => {
  expect(Object.keys(wanted)).toEqual(generators.map(({ name }) => name));
  expect(generators.reduce((sum, { share }) => sum + Math.ceil((runs * share) / hundred), 0)).toBeGreaterThanOrEqual(
    2000,
  );
});
