/** What the commands that explain losses are made of: typed numbers, formulas as text, scales, drawings. */
import { explainLoss, type LossCurve, lossCurve, losses } from "surprisal";
import { describe, expect, test } from "vitest";
import { finite, formulaParameters, lossOptions, readArray, readPair } from "../src/numbers.ts";
import { curvePlot } from "../src/output/curvePlot.ts";
import { curveSvg } from "../src/output/curveSvg.ts";
import { lossLines } from "../src/output/lossPage.ts";
import { paint } from "../src/output/paint.ts";
import { heights, panelsOf, segments, ticksOf, tickText } from "../src/output/scales.ts";
import { plainFormula } from "../src/output/tex.ts";
import { wrapped } from "../src/output/words.ts";
import { errorOf } from "./files.ts";

const curveOf = (name: string, options = {}): LossCurve => lossCurve(name, options) as LossCurve;

test("numbers as they are typed", async () => {
  expect(readArray("--true", "-20")).toEqual([[-20]]);
  expect(readArray("--true", " 0, 1,0 ")).toEqual([[0, 1, 0]]);
  expect(readArray("--true", "0,1;1,0")).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(readArray("--pred", "-inf,inf,1e-3")).toEqual([[-Infinity, Infinity, 0.001]]);
  expect(readArray("--pred", '{"mean": [[3]], "s": [[0]]}')).toEqual({ mean: [[3]], s: [[0]] });
  expect(finite("--true")("-1")).toBe(-1);
  const wrong = ["", "x", "1,,2", "1;", "NaN", "[1", '["a"]', "[null]"].map((text) => () => readArray("--true", text));
  for (const work of [...wrong, () => finite("--true")("inf")]) {
    expect((await errorOf(work)).code).toBe("cli/numbers");
  }
});

test("parameters as they are typed, by the kind that the loss declares", async () => {
  const read = (loss: { definition: { params?: object } }, ...texts: string[]) => {
    const pair = readPair("--param", "delta=2");
    let given = new Map<string, string>();
    for (const text of texts) given = pair(text, given);
    return lossOptions(loss.definition.params as never, given);
  };
  expect(read(losses.huber, "delta=2")).toEqual({ delta: 2 });
  expect(read(losses.binaryCrossentropy, "fromLogits=true", "posWeight=3", "classWeight=1,2")).toEqual({
    fromLogits: true,
    posWeight: 3,
    classWeight: [1, 2],
  });
  expect(read(losses.binaryCrossentropy, "posWeight=3,4")).toEqual({ posWeight: [3, 4] });
  expect(read(losses.categoricalCrossentropy, "classWeight=2")).toEqual({ classWeight: [2] });
  expect(read(losses.categoricalHinge, "rule=others")).toEqual({ rule: "others" });
  for (const text of ["delta=x", "delta=-1", "delta="]) {
    expect((await errorOf(() => losses.huber(read(losses.huber, text)))).code).toBe("loss/option");
  }
  const yes = read(losses.binaryCrossentropy, "fromLogits=yes") as object;
  expect((await errorOf(() => losses.binaryCrossentropy(yes))).code).toBe("loss/option");
  const unknown = await errorOf(() => losses.huber(read(losses.huber, "detla=1") as object));
  expect(unknown.hint).toContain('"delta"');
  expect((await errorOf(() => readPair("--param", "delta=2")("delta"))).hint).toContain("--param delta=2");
  expect(formulaParameters(new Map([["t", "0.9"]]))).toEqual({ t: 0.9 });
  expect((await errorOf(() => formulaParameters(new Map([["t", "x"]])))).code).toBe("cli/numbers");
});

describe("formulas as text", () => {
  test.each([
    [String.raw`\ell = \tfrac12 (\hat y - y)^2`, "ℓ = ½ (ŷ − y)²"],
    [String.raw`\ell = -\bigl[q\, t \log p + (1 - t) \log (1 - p)\bigr]`, "ℓ = −[q t log p + (1 − t) log (1 − p)]"],
    [String.raw`\frac{a + b}{c}`, "(a + b)/c"],
    [String.raw`\sqrt{1 + (e / \delta)^2}`, "√(1 + (e / δ)²)"],
    [
      String.raw`\begin{cases} x & y = 1 \\ \max(0, \gamma - x) & y = -1 \end{cases}`,
      "{ x if y = 1; max(0, γ − x) if y = −1 }",
    ],
    [String.raw`\sum_{j \ne y} f_j`, "Σ_(j ≠ y) fⱼ"],
    [String.raw`e^{-y f}, \quad y \in \{-1, 1\}`, "e^(−y f),   y ∈ {−1, 1}"],
    ["e^{z_c}", "e^(z_c)"],
    [String.raw`\operatorname{softmax}(z)_y`, "softmax(z)_y"],
    [String.raw`\left| \frac{\hat y - y}{y} \right|`, "| (ŷ − y)/y |"],
    [String.raw`\unknown{x}`, String.raw`\unknownx`],
    ["", ""],
    ["}{", "}"],
  ])("%s", (tex, text) => expect(plainFormula(tex)).toBe(text));

  test("every loss's formula is readable", () => {
    let read = 0;
    for (const { name, definition } of losses.list()) {
      const text = plainFormula(definition.formula as string);
      expect(text, name).not.toMatch(/\\|\^\{|_\{|[\u2003\u2060\u2061]| {4}/);
      expect(text, name).toMatch(/ℓ/);
      read++;
    }
    expect(read).toBe(losses.list().length);
    expect(read).toBeGreaterThanOrEqual(54);
  });
});

describe("scales", () => {
  test("ticks are round and inside", () => {
    expect(ticksOf(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf(-3, 3, 6)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    expect(ticksOf(-0.25, 5.1, 4)).toEqual([0, 2, 4]);
    expect(ticksOf(1000, 1100, 4)).toEqual([1000, 1050, 1100]);
    expect([-0.5, 0, 1e-7].map(tickText)).toEqual(["−0.5", "0", "1e−7"]);
  });

  test("a few heights that run away do not flatten the others; infinities do not count", () => {
    const steep = curveOf("bce");
    const { low, high } = heights(
      steep.points.map(({ gradient }) => gradient),
      4,
    );
    expect(low).toBeGreaterThan(-60);
    expect(high).toBeGreaterThan(-1);
    const even = heights([0, 1, 2, 3, 4], 4);
    expect([even.low, even.high]).toEqual([-0.2, 4.2]);
    const level = heights([1, 1, 1], 4);
    expect([level.low <= -1, level.high >= 2, level.ticks.includes(1)]).toEqual([true, true, true]);
    expect(heights([Infinity, Number.NaN], 4).ticks.length).toBeGreaterThan(1);
  });

  test("lines break at infinities, and gradients at kinks", () => {
    const [value, gradient] = panelsOf(curveOf("mae")) as never as Parameters<typeof segments>[1][];
    expect(segments(curveOf("mae"), value as never).map((run) => run.length)).toEqual([201]);
    expect(segments(curveOf("mae"), gradient as never).map((run) => run.length)).toEqual([100, 1, 100]);
    const bce = curveOf("bce");
    expect(segments(bce, panelsOf(bce)[0] as never).map((run) => run.length)).toEqual([200]);
  });
});

describe("drawings", () => {
  const plain = paint(false);
  /** Dots of a panel's lines as [column, row] from the upper left. */
  const dots = (lines: readonly string[]) =>
    lines.flatMap((line, r) =>
      [...line.slice(10)].flatMap((letter, c) => {
        const bits = letter.charCodeAt(0) - 0x2800;
        if (bits <= 0 || bits > 255) return [];
        const places = [0x01, 0x02, 0x04, 0x40].flatMap((bit, y) => [
          [bit, 0, y] as const,
          [bit === 0x40 ? 0x80 : bit << 3, 1, y] as const,
        ]);
        return places.flatMap(([bit, x, y]) => ((bits & bit) === 0 ? [] : [[c * 2 + x, r * 4 + y] as const]));
      }),
    );

  test("braille: a parabola has its bottom in the middle and is the same on both sides", () => {
    const lines = curvePlot(curveOf("halfSquaredError"), 70, plain);
    const from = lines.findIndex((line) => line.trim() === "value") + 1;
    const to = lines.findIndex((line) => line.trim() === "gradient");
    const found = dots(lines.slice(from, to));
    const width = 60 * 2 - 1;
    const lowest = Math.max(...found.map(([, y]) => y));
    const bottom = found.filter(([, y]) => y === lowest).map(([x]) => x);
    expect(Math.abs(bottom.reduce((a, b) => a + b, 0) / bottom.length - width / 2)).toBeLessThan(1);
    const [left, right] = [found.filter(([x]) => x < 50), found.filter(([x]) => x > width - 50)];
    expect(Math.abs(left.length - right.length)).toBeLessThan(6);
    // Half of 9 at ±3, on a scale that ends a little above.
    expect(Math.min(...found.filter(([x]) => x === 0).map(([, y]) => y))).toBeLessThan(4);
  });

  test("braille: within the columns, without trailing room, the same every time", () => {
    for (const name of ["bce", "mae", "hinge", "scce", "poisson"]) {
      for (const columns of [40, 80, 200]) {
        const lines = curvePlot(curveOf(name), columns, plain);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(34, Math.min(84, columns)));
        expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
        expect(curvePlot(curveOf(name), columns, plain)).toEqual(lines);
      }
    }
    const coloured = curvePlot(curveOf("mae"), 80, paint(true)).join("\n");
    expect(coloured).toContain("\u001b[36m");
    expect(coloured).toContain("\u001b[33m");
  });

  test("SVG: well formed, described, for light and dark, the same bytes every time", () => {
    let drawn = 0;
    for (const loss of losses.list()) {
      const curve = lossCurve(loss as losses.Loss);
      if (curve === undefined) continue;
      const svg = curveSvg(curve);
      expect(curveSvg(curve)).toBe(svg);
      expect(svg, loss.name).not.toMatch(/NaN|Infinity|undefined/);
      expect(openTags(svg), loss.name).toEqual([]);
      expect(svg).toContain(`<title id="title">${loss.name}</title>`);
      expect(svg).toMatch(/<desc id="desc">Value and gradient of \w+ for the target .+<\/desc>/);
      expect(svg).toContain("prefers-color-scheme: dark");
      expect(svg.match(/class="line value"/g)?.length).toBeGreaterThanOrEqual(1);
      expect(svg).toContain('class="line gradient"');
      drawn++;
    }
    expect(drawn).toBeGreaterThanOrEqual(54);
    const words = { title: 'a < b & "c"', description: "<script>" };
    expect(curveSvg(curveOf("mae"), words)).toContain("a &lt; b &amp; &quot;c&quot;");
    expect(curveSvg(curveOf("mae"), words)).not.toContain("<script>");
  });

  test("SVG: the ends of a line are where its axes say", () => {
    const svg = curveSvg(curveOf("mse"));
    const path = /class="line value" d="M([^"]+)"/
      .exec(svg)?.[1]
      ?.split("L")
      .map((pair) => pair.split(" ").map(Number));
    const tick = (text: string) => Number(new RegExp(`y="([\\d.]+)">${text}</text>`).exec(svg)?.[1]) - 4;
    expect(path?.length).toBe(201);
    expect([path?.[0]?.[0], path?.at(-1)?.[0]]).toEqual([64, 624]);
    // 9 at both ends, 0 in the middle, on the scale of the ticks at 0 and 8.
    const perUnit = (tick("0") - tick("8")) / 8;
    expect(perUnit).toBeGreaterThan(0);
    expect(path?.[0]?.[1]).toBeCloseTo(tick("0") - 9 * perUnit, 0);
    expect(path?.[100]?.[1]).toBeCloseTo(tick("0"), 0);
  });
});

/** Tags that are not closed, or closed out of turn. */
function openTags(xml: string): string[] {
  const open: string[] = [];
  for (const [, closing, name = "", rest = ""] of xml.matchAll(/<(\/?)([a-zA-Z]+)([^>]*)>/g)) {
    if (closing === "/") {
      if (open.at(-1) !== name) return [...open, `</${name}>`];
      open.pop();
    } else if (!rest.endsWith("/")) open.push(name);
  }
  return open;
}

test("a page of text holds what there is to say, within its columns", () => {
  const lines = lossLines(explainLoss("binaryCrossentropy"), 80, paint(false));
  expect(lines[0]).toBe("binaryCrossentropy   binary");
  expect(Math.max(...lines.filter((line) => !line.startsWith("  ℓ")).map((line) => line.length))).toBeLessThanOrEqual(
    80,
  );
  const text = lines.join("\n");
  for (const part of [
    "ℓ = −[",
    "when to use",
    "yTrue",
    "labelSmoothing = 0; a number from 0 to 1",
    "in nats",
    "bce,",
    "→ 0",
  ]) {
    expect(text).toContain(part);
  }
  expect(text.match(/^parameters/gm)).toHaveLength(1);
  const changed = lossLines(explainLoss(losses.huber({ delta: 2 })), 80, paint(false)).join("\n");
  expect(changed).toContain("delta = 2, by default 1;");
  expect(changed).toContain("by default  ");
  expect(changed).not.toContain("traits");
  for (const { name } of losses.list()) {
    const all = lossLines(explainLoss(name), 80, paint(false)).join("\n");
    expect(all, name).not.toMatch(/undefined|\[object|null/);
  }
});

test("lines are broken between words", () => {
  expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(wrapped("a verylongword b", 4)).toEqual(["a", "verylongword", "b"]);
  expect(wrapped("one two", Number.POSITIVE_INFINITY)).toEqual(["one two"]);
  expect(wrapped("", 9)).toEqual([""]);
});
