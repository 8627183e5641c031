/** The language of formulas: what it means, what it refuses and where it points, and how a formula is saved. */
import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses.ts";

const { formulaLoss } = losses;
const value = (formula: string, y: number, p: number, parameters?: Record<string, number>) =>
  formulaLoss(formula, parameters).evaluate([y], [p]).value;

describe("what a formula means", () => {
  const y = 2;
  const p = 0.75;
  const meanings: readonly (readonly [string, number])[] = [
    ["p", p],
    ["1.5e1 + .5 + 2. - p", 15 + 0.5 + 2 - p],
    ["y - p - 1", y - p - 1],
    ["y / p / 2", y / p / 2],
    ["y + p * 2", y + p * 2],
    ["-p^2", -(p ** 2)],
    ["2^p^2", 2 ** (p ** 2)],
    ["p**-1", 1 / p],
    ["p^-2", p ** -2],
    ["p^0.5", Math.sqrt(p)],
    ["p^3 + p^4 + p^5 + p^0", p ** 3 + p ** 4 + p ** 5 + 1],
    ["e^p", Math.exp(p)],
    ["--p - +p", 0],
    ["(p)", p],
    ["p > 0.5 ? y : p", y],
    ["p > 1 ? y : p > 0.7 ? 5 : 6", 5],
    ["where(p >= 0.75 && y != 2, 1, 3)", 3],
    ["where(p >= 0.75 || y != 2, 1, 3)", 1],
    ["where(!(p < 0.5), 1, 3)", 1],
    ["where(p <= 0.75, 1, 3)", 1],
    ["(y > p) * p + (y == p)", p],
    ["log(p) + ln(p) + log1p(p)", 2 * Math.log(p) + Math.log1p(p)],
    ["exp(p) + expm1(p)", Math.exp(p) + Math.expm1(p)],
    ["sqrt(p) + square(p) + pow(p, y)", Math.sqrt(p) + p * p + p ** y],
    ["abs(-p) + sign(-p) + floor(p + 1)", p - 1 + 1],
    ["tanh(p) + cosh(p)", Math.tanh(p) + Math.cosh(p)],
    ["erf(p)", 0.7111556336535151],
    ["atan(p) + arctan(0)", Math.atan(p)],
    ["sigmoid(p) - logistic(p) + log_sigmoid(p) + logSigmoid(p)", -2 * Math.log1p(Math.exp(-p))],
    ["softplus(p) + relu(-p) + relu(p)", Math.log1p(Math.exp(p)) + p],
    ["max(p, y, 1) + min(p, y, 1) + maximum(p, 0)", y + p + p],
    ["clip(y, 0, 1) + clip(-p, -0.5, 1)", 0.5],
    ["pi*p", Math.PI * p],
    ["yTrue*yPred", y * p],
    ["y − p·2 × 1 ÷ 4", y - p / 2],
    ["where(p ≤ 1, 1, 0) + where(p ≥ 1, 1, 0) + (p ≠ 1)", 2],
    ["2 + 3*4 - exp(0) + max(1, 2) + 0*p", 15],
    ["sigmoid(0) + softplus(0) + erf(0) + 0*p", 0.5 + Math.LN2],
  ];
  test.each(meanings)("%s", (formula, wanted) => {
    expect(value(formula.replaceAll("yPred", formula.includes("yTrue") ? "yPred" : "p"), y, p)).toBeCloseTo(wanted, 13);
  });

  test("q, z, p and yPred are one thing", () => {
    for (const name of ["q", "z", "p", "yPred"]) expect(value(`(y - ${name})^2`, 1, 3)).toBe(4);
  });

  test("over the classes", () => {
    const of = (formula: string) => {
      const { perSample } = formulaLoss(formula).evaluate(
        [
          [1, 0, 0],
          [0, 0, 2],
        ],
        [
          [1, 2, 4],
          [-1, 0, 3],
        ],
      );
      expect(perSample.shape).toEqual([2]);
      return Array.from(perSample.data);
    };
    expect(of("sum(y*p)")).toEqual([1, 6]);
    expect(of("mean(p)")).toEqual([7 / 3, 2 / 3]);
    expect(of("max(p) + min(p)")).toEqual([5, 2]);
    expect(of("sum((p - mean(p))^2*0 + p)")).toEqual([7, 2]);
    expect(of("max(p) > 3 ? sum(p) : -sum(p)")).toEqual([7, -2]);
    const logSum = (row: number[]) => Math.log(row.map(Math.exp).reduce((a, b) => a + b));
    expect(of("logsumexp(z)")[0]).toBeCloseTo(logSum([1, 2, 4]), 14);
    expect(of("sum(softmax(z))")).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)]);
    expect(of("-sum(y*log_softmax(z))")[1]).toBeCloseTo(-2 * (3 - logSum([-1, 0, 3])), 14);
    // Elementwise: averaged over the last axis, as Keras does.
    expect(of("(y - p)^2")).toEqual([20 / 3, 2 / 3]);
    expect(of("p - max(p)")).toEqual([-5 / 3, -7 / 3]);
  });

  test("one output can be summed, too", () => {
    const loss = formulaLoss("sum((y - p)^2)");
    loss.checkTargets([1, 2], [2, 1], [2, 1]);
    expect(loss.evaluate([[1], [2]], [[3], [3]]).value).toBe(2.5);
  });

  test("parameters have defaults, are options, and may be named like a prediction", () => {
    const pinball = formulaLoss("max(q*(y - p), (q - 1)*(y - p))", { q: 0.9 });
    expect(pinball.evaluate([2], [1]).value).toBe(0.9);
    expect(pinball({ q: 0.5 }).evaluate([2], [1]).value).toBe(0.5);
    expect(pinball.evaluate([2], [1], { q: 0.25 }).value).toBe(0.25);
    expect(() => pinball({ r: 1 })).toThrow(/"r" was given as a formulaLoss option/);
    expect(() => pinball({ q: Number.NaN })).toThrow(/a finite number/);
    expect(() => pinball({ formula: "p" })).toThrow(/one of/);
  });

  test("what a condition leaves out reaches no gradient", () => {
    for (const formula of [
      "y > 0 ? y*log(y/p) : 0*p",
      "where(p > 0, sqrt(p), 0)",
      "p == 0 ? 0 : 1/p",
      "where(p > 0, log(p), p)",
    ]) {
      const { value: loss, gradient } = formulaLoss(formula).evaluate([0], [0]);
      expect([formula, loss, Number.isFinite(gradient.data[0])]).toEqual([formula, 0, true]);
    }
  });

  test("predictions that the logarithms cannot take are refused", () => {
    const bce = formulaLoss("-(y*log(p) + (1 - y)*log(1 - p))");
    expect(() => bce.evaluate([0.5], [1.5])).toThrow(/row 1 of yPred holds 1.5.*0 to 1/);
    expect(() => formulaLoss("-(y*log(p) + (1 - y)*log1p(-p))").evaluate([1], [-0.5])).toThrow(/holds -0.5/);
    expect(() => formulaLoss("p - y*log(p)").evaluate([1], [-2])).toThrow(/holds -2.*from 0 up/);
    expect(formulaLoss("p - y*log(p)").evaluate([0], [2]).value).toBe(2);
    expect(formulaLoss("where(p > 0, log(p), 0)").evaluate([0], [-2]).value).toBe(0);
    expect(() => bce.evaluate([Number.NaN], [0.5])).toThrow(/holds NaN/);
  });
});

describe("what is refused, and where", () => {
  /** Formula, message, and where the carets stand. */
  const wrong: readonly (readonly [string, RegExp, number, number])[] = [
    ["y*lgo(p)", /calls "lgo".*Did you mean "log"/s, 2, 3],
    ["-(y*log(prob))", /uses "prob".*no such name.*\{ prob: 1 \}/s, 8, 4],
    ["log*p", /"log".*needs its operands.*Write log\(…\)/s, 0, 3],
    ["p(y - 1)", /calls "p".*Write p\*\(…\)/s, 0, 1],
    ["2y - p", /goes on with "y".*Products are written with \*/s, 1, 1],
    ["y p", /goes on with "p"/, 2, 1],
    ["(y - p", /"\)" is missing.*"\(" opened/s, 0, 1],
    ["max(y - p", /"max\(" opened/, 0, 4],
    ["(y - p))", /no parenthesis is open/, 7, 1],
    ["y**", /ends here.*Complete what stands before it/s, 3, 1],
    ["y + * p", /has "\*" here/, 4, 1],
    ["", /Write one, such as \(y - p\)\^2/, 0, 1],
    ["y = p", /holds "=".*Compare with ==/s, 2, 1],
    ["y # p", /holds "#"/, 2, 1],
    ["process.exit(1) + p", /holds "."/, 7, 1],
    ["log()", /log has 0 operands.*takes 1\b/s, 0, 5],
    ["log(p, 2)", /log has 2 operands/, 0, 9],
    ["where(y, 1, p)", /where needs a condition/, 6, 1],
    ["!p", /needs a condition/, 1, 1],
    ["y && p > 0 ? 1 : p", /needs a condition/, 0, 1],
    ["0 < p < 1 ? p : y", /second comparison.*a < x && x < b/s, 6, 1],
    ["y > p", /is a condition.*a loss is a number/s, 0, 5],
    ["p + z", /both "p" and "z"/, 4, 1],
    ["y^2", /does not use the prediction/, 0, 3],
    ["sum(sum(p))", /one number a row already/, 0, 11],
    ["p + softmax(2)", /applied to a plain number/, 4, 10],
    ["p ? 1 : 0", /needs a condition/, 0, 1],
    ["y > 0 ? p", /":" is missing/, 6, 1],
    ["constructor(p)", /calls "constructor"/, 0, 11],
    ["__proto__ + p", /uses "__proto__"/, 0, 9],
  ];
  test.each(wrong)("%s", (formula, message, at, length) => {
    const error = caught(() => formulaLoss(formula));
    expect(error.name).toBe("InvalidArgumentError");
    expect(error.code).toMatch(/^formula\/[a-z-]+$/);
    expect(error.message).toMatch(message);
    const [shown, carets] = error.message.split("\n").slice(-2) as [string, string];
    expect(shown).toBe(`  ${formula}`);
    expect(carets).toBe(`  ${" ".repeat(at)}${"^".repeat(length)}`);
  });
  test("so many", () => expect(wrong.length).toBe(30));

  test("a long formula is shown around the place only", () => {
    const error = caught(() => formulaLoss(`${"p + ".repeat(50)}oops${" + p".repeat(50)}`));
    const [shown, carets] = error.message.split("\n").slice(-2) as [string, string];
    expect(shown.length).toBeLessThan(100);
    expect(shown.slice(carets.indexOf("^"), carets.length)).toBe("oops");
  });

  test("limits on length and depth", () => {
    expect(() => formulaLoss(`p${" ".repeat(4000)}`)).toThrow(/4001 characters.*4000 are the most/s);
    for (const deep of [
      `${"(".repeat(1900)}p${")".repeat(1900)}`,
      `${"-".repeat(3000)}p`,
      `${"exp(".repeat(700)}p${")".repeat(700)}`,
      `p${"^p".repeat(1900)}`,
      `p${"+p".repeat(1900)}`,
      `${"p>0?".repeat(700)}p`,
    ]) {
      expect(() => formulaLoss(deep)).toThrow(/nested more than 100 deep/);
    }
    expect(formulaLoss(`${"(".repeat(90)}p${")".repeat(90)}`).evaluate([1], [3]).value).toBe(3);
    expect(formulaLoss(`p${" + p".repeat(90)}`).evaluate([1], [1]).value).toBe(91);
  });

  test("parameters", () => {
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{ y: 1 }, /called "y".*means something already/s],
      [{ formula: 1 }, /called "formula"/],
      [{ reduction: 1 }, /called "reduction"/],
      [{ logSumExp: 1 }, /called "logSumExp"/],
      [{ log_sum_exp: 1 }, /called "log_sum_exp"/],
      [{ "a b": 1 }, /called "a b".*letters, digits/s],
      [JSON.parse('{"__proto__": 1}'), /called "__proto__"/],
      [{ t: "1" }, /"t" is "1".*a finite number/s],
      [{ t: Number.POSITIVE_INFINITY }, /a finite number/],
      [[1], /an object of numbers/],
      [null, /an object of numbers/],
    ];
    for (const [given, message] of refused) expect(() => formulaLoss("p", given as never)).toThrow(message);
    for (const text of [undefined, null, 3, {}, ["p"]]) {
      expect(() => formulaLoss(text as never)).toThrow(/as a formula, but it is a text/);
    }
  });
});

describe("saved as text", () => {
  const loss = formulaLoss("max(t*(y - p), (t - 1)*(y - p))", { t: 0.9 });

  test("there and back", () => {
    const config = loss({ t: 0.25, reduction: "sum" }).toConfig();
    expect(config).toEqual({
      name: "formulaLoss",
      params: { formula: "max(t*(y - p), (t - 1)*(y - p))", t: 0.25, reduction: "sum" },
    });
    const read = losses.fromConfig(JSON.parse(JSON.stringify(config)));
    expect(read.toConfig()).toEqual(config);
    expect(read.evaluate([2, 0], [1, 4]).value).toBe(0.25 + 3);
    expect(losses.get(loss)).toBe(loss);
    // It is no loss by name, for it is none without a formula.
    expect(() => losses.get("formulaLoss")).toThrow(/no such name/);
  });

  test("hostile configurations are refused", () => {
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{}, /nothing was given as a formula/],
      [{ formula: 1 }, /a number was given as a formula/],
      [{ formula: "globalThis" }, /uses "globalThis"/],
      [{ formula: "p", t: "process" }, /a finite number/],
      [{ formula: "p", reduction: "all" }, /no such name/],
      [{ formula: "p".repeat(1e5) }, /4000 are the most/],
      [JSON.parse('{"formula": "p", "__proto__": 3}'), /called "__proto__"/],
    ];
    for (const [params, message] of refused) {
      expect(() => losses.fromConfig({ name: "formulaLoss", params })).toThrow(message);
    }
  });

  test("a loss of one's own of that name goes first", () => {
    const own = losses.defineLoss({ name: "formulaLoss", value: (_, p) => p });
    expect(losses.fromConfig(own.toConfig(), [own]).definition).toBe(own.definition);
  });
});

function caught(run: () => unknown): { name: string; code: string; message: string } {
  try {
    run();
  } catch (error) {
    return error as never;
  }
  throw new Error("nothing was thrown");
}
