/** Textbook formulas typed naively, at inputs where they lose every digit as written, against 1,600 binary places. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import * as losses from "../../src/losses.ts";
import { Real } from "../graph/real.ts";
import { roundingDevice } from "./roundingDevice.ts";

const of = Real.of;
const one = of(1);
const two = of(2);
const zero = of(0);
const abs = (x: Real) => (x.bits < 0n ? x.neg() : x);
const larger = (x: Real, y: Real) => (x.bits >= y.bits ? x : y);
const square = (x: Real) => x.mul(x);
const sigmoid = (x: Real) => (x.bits >= 0n ? one.div(one.add(x.neg().exp())) : x.exp().div(one.add(x.exp())));
const softplus = (x: Real) => one.add(x.exp()).log();
const sqrt = (x: Real) => (x.bits === 0n ? x : x.log().div(two).exp());
const power = (x: Real, n: number) => x.log().mul(of(n)).exp();
const sum = (parts: readonly Real[]) => parts.reduce((a, part) => a.add(part));
/** 0 where the weight is 0. */
const times = (weight: Real, cost: () => Real) => (weight.bits === 0n ? zero : weight.mul(cost()));
const bce = (y: Real, z: Real) => times(y, () => softplus(z.neg())).add(times(one.sub(y), () => softplus(z)));
const logSumExp = (z: readonly Real[]) => sum(z.map((x) => x.exp())).log();

interface OfOne {
  readonly formula: string;
  readonly parameters?: Record<string, number>;
  readonly targets: readonly number[];
  readonly predictions: readonly number[];
  readonly exact: (y: Real, z: Real) => Real;
}
interface OfRow {
  readonly formula: string;
  readonly targets: readonly (readonly number[])[];
  readonly exact: (y: readonly Real[], z: readonly Real[]) => Real;
}

const labels = [0, 1];
const signs = [-1, 1];
const far = [-300, -80, -40, -20, -9, -1, -0.125, 0, 0.0078125, 2, 13, 25, 60, 300];
/** Where e^(2z) still fits in a float32. */
const middling = far.filter((z) => Math.abs(z) <= 40);
const inside = [2 ** -100, 2 ** -30, 0.015625, 0.5, 0.875, 1 - 2 ** -12, 1 - 2 ** -24];
const residuals = [-80, -40, -3, -0.5, -(2 ** -10), 2 ** -12, 0.25, 1, 7, 30, 100];

const ofOne: readonly OfOne[] = [
  // Binary cross-entropy, in the ways of textbooks.
  ...[
    "-(y*log(sigmoid(z)) + (1 - y)*log(1 - sigmoid(z)))",
    "-y*log(sigmoid(z)) - (1 - y)*log(sigmoid(-z))",
    "-(y*log(1/(1 + exp(-z))) + (1 - y)*log(1 - 1/(1 + exp(-z))))",
    "-(y*log(exp(z)/(1 + exp(z))) + (1 - y)*log(1 - exp(z)/(1 + exp(z))))",
    "log(1 + exp(z)) - y*z",
    "softplus(z) - z*y",
    "(1 - y)*z + log(1 + exp(-z))",
    "max(z, 0) - y*z + log(1 + exp(-abs(z)))",
    "y*log(1 + exp(-z)) + (1 - y)*log(1 + exp(z))",
    "-log(y == 1 ? sigmoid(z) : 1 - sigmoid(z))",
  ].map((formula) => ({ formula, targets: labels, predictions: far, exact: bce })),
  {
    formula: "-(y*log(p) + (1 - y)*log(1 - p))",
    targets: labels,
    predictions: inside,
    exact: (y, p) =>
      times(y, () => p.log())
        .add(times(one.sub(y), () => one.sub(p).log()))
        .neg(),
  },
  // Logistic and other margin losses.
  ...["log(1 + exp(-y*z))", "-log(sigmoid(y*z))", "-log(1/(1 + exp(-y*z)))", "softplus(-y*z)"].map((formula) => ({
    formula,
    targets: signs,
    predictions: far,
    exact: (y: Real, z: Real) => softplus(y.mul(z).neg()),
  })),
  { formula: "exp(-y*z)", targets: signs, predictions: middling, exact: (y, z) => y.mul(z).neg().exp() },
  {
    formula: "max(0, 1 - y*z)^2",
    targets: signs,
    predictions: far.filter((z) => z !== -1),
    exact: (y, z) => square(larger(zero, one.sub(y.mul(z)))),
  },
  {
    formula: "1 - tanh(y*z)",
    targets: signs,
    predictions: middling,
    exact: (y, z) => two.mul(sigmoid(two.mul(y.mul(z)).neg())),
  },
  {
    formula: "1/(1 + exp(y*z))",
    targets: signs,
    predictions: far.filter((z) => Math.abs(z) <= 80),
    exact: (y, z) => sigmoid(y.mul(z).neg()),
  },
  // Focal loss, with the power as a number and as a parameter.
  ...[
    { formula: "-y*(1 - sigmoid(z))^2*log(sigmoid(z)) - (1 - y)*sigmoid(z)^2*log(1 - sigmoid(z))" },
    {
      formula: "-y*(1 - sigmoid(z))^g*log(sigmoid(z)) - (1 - y)*sigmoid(z)^g*log(1 - sigmoid(z))",
      parameters: { g: 2 },
    },
  ].map((typed) => ({
    ...typed,
    targets: labels,
    predictions: middling,
    exact: (y: Real, z: Real) => {
      const lost = y.bits === 0n ? sigmoid(z) : sigmoid(z.neg());
      return square(lost).mul(bce(y, z));
    },
  })),
  // Functions of a residual.
  ...["log(cosh(p - y))", "log((exp(y - p) + exp(p - y))/2)", "log(0.5*(exp(p - y) + exp(-(p - y))))"].map(
    (formula) => ({
      formula,
      targets: [0],
      predictions: [...residuals, 300],
      exact: (y: Real, p: Real) => {
        const e = p.sub(y);
        return e.exp().add(e.neg().exp()).div(two).log();
      },
    }),
  ),
  { formula: "(y - p)^2", targets: [0, 1], predictions: residuals, exact: (y, p) => square(y.sub(p)) },
  {
    formula: "sqrt(1 + (y - p)^2) - 1",
    targets: [0],
    predictions: residuals,
    exact: (y, p) => sqrt(one.add(square(y.sub(p)))).sub(one),
  },
  {
    formula: "log(1 + (y - p)^2)",
    targets: [0],
    predictions: residuals,
    exact: (y, p) => one.add(square(y.sub(p))).log(),
  },
  {
    formula: "max(t*(y - p), (t - 1)*(y - p))",
    parameters: { t: 0.75 },
    targets: [0],
    predictions: residuals,
    exact: (y, p) => larger(of(0.75).mul(y.sub(p)), of(-0.25).mul(y.sub(p))),
  },
  {
    formula: "abs(y - p) <= d ? (y - p)^2/2 : d*(abs(y - p) - d/2)",
    parameters: { d: 1.5 },
    targets: [0],
    predictions: residuals,
    exact: (y, p) => {
      const e = abs(y.sub(p));
      return e.bits <= of(1.5).bits ? square(e).div(two) : of(1.5).mul(e.sub(of(0.75)));
    },
  },
  // Counts and positive amounts.
  { formula: "exp(z) - y*z", targets: [0], predictions: middling, exact: (_, z) => z.exp() },
  {
    formula: "-log(1 - exp(-p)) + y",
    targets: [0],
    predictions: [2 ** -30, 0.25, 3, 20, 80],
    exact: (_, p) => one.sub(p.neg().exp()).log().neg(),
  },
  {
    formula: "log(exp(z) + exp(-z))",
    targets: [0],
    predictions: far,
    exact: (_, z) => z.exp().add(z.neg().exp()).log(),
  },
  {
    formula: "where(y > 0, y*log(y/p), 0)",
    targets: [0, 0.5],
    predictions: inside.slice(0, 3),
    exact: (y, p) => times(y, () => y.div(p).log()),
  },
  {
    formula: "(1 - sigmoid(z))^1.5",
    targets: [0],
    predictions: middling,
    exact: (_, z) => power(sigmoid(z.neg()), 1.5),
  },
];

const oneHot = [
  [1, 0, 0],
  [0, 1, 0],
];
const rowsOfLogits = [
  [0, 0, 0],
  [1, -2, 0.5],
  [20, 0, -20],
  [-20, 30, 3],
  [100, 0, 1],
  [-60, 60, 59],
  [0, -300, 300],
];
const crossEntropy = (y: readonly Real[], z: readonly Real[]) =>
  sum(y.map((weight, c) => times(weight, () => logSumExp(z).sub(z[c] as Real))));

const ofRow: readonly OfRow[] = [
  ...[
    "-sum(y*log(softmax(z)))",
    "-sum(y*log(exp(z)/sum(exp(z))))",
    "-sum(y*logSoftmax(z))",
    "-sum(y*(z - log(sum(exp(z)))))",
    "sum(y*(logsumexp(z) - z))",
  ].map((formula) => ({ formula, targets: oneHot, exact: crossEntropy })),
  // Of one-hot rows, the divergence is the cross-entropy.
  { formula: "sum(y*log(y/softmax(z)))", targets: oneHot, exact: crossEntropy },
  {
    formula: "-sum(y*(1 - sigmoid(z))^2*log(sigmoid(z)))",
    targets: oneHot,
    exact: (y, z) =>
      sum(y.map((w, c) => times(w, () => square(sigmoid((z[c] as Real).neg())).mul(softplus((z[c] as Real).neg()))))),
  },
  {
    formula: "log(sum(exp(z)))",
    targets: oneHot,
    exact: (_, z) => logSumExp(z),
  },
];

const wasm = wasmDevice();
const arithmetics = [
  { name: "rounding after every operation", device: roundingDevice(), arithmetic: "float32", ulp: 2 ** -23 },
  { name: "WebAssembly float32", device: wasm, arithmetic: "float32", ulp: 2 ** -23 },
  { name: "WebAssembly float64", device: wasm, arithmetic: "float64", ulp: 2 ** -52 },
] as const;
/** Units in the last place, of value and slope. */
const [valueUlps, slopeUlps] = [12, 24];
const tiniest = { float32: 2 ** -126, float64: 2 ** -1022 } as const;

async function check(
  formula: string,
  parameters: Record<string, number> | undefined,
  y: number[][],
  z: number[][],
  truth: (i: number, c: number) => { value: Real; slope: Real } | undefined,
) {
  const loss = losses.formulaLoss(formula, parameters)({ reduction: "sum" });
  let checked = 0;
  for (const { name, device, arithmetic, ulp } of arithmetics) {
    const { perSample, gradient } = await loss.evaluateOn(device, y, z, { dtype: arithmetic, arithmetic });
    const width = z[0]?.length as number;
    for (let i = 0; i < z.length; i++) {
      for (let c = 0; c < width; c++) {
        const wanted = truth(i, c);
        if (wanted === undefined) continue;
        const message = `${formula} in ${name} at y ${y[i]}, prediction ${z[i]}`;
        const near = (got: number, exact: Real, ulps: number, what: string) => {
          const real = exact.toNumber();
          const bound = Math.max(ulps * ulp * Math.abs(real), tiniest[arithmetic]);
          expect(Math.abs(got - real), `${what} of ${message}: ${got} for ${real}`).toBeLessThanOrEqual(bound);
        };
        if (c === 0) near(perSample.data[i] as number, wanted.value, valueUlps, "value");
        near(gradient.data[i * width + c] as number, wanted.slope, slopeUlps, `slope ${c}`);
        checked++;
      }
    }
  }
  return checked;
}

const slopeOf = (f: (x: Real) => Real, at: Real) =>
  f(at.add(Real.step))
    .sub(f(at.sub(Real.step)))
    .div(Real.step.add(Real.step));

describe("typed as in a textbook, right to the last digits", () => {
  test("so many formulas", () => {
    expect(ofOne.length + ofRow.length).toBe(42);
    expect(new Set([...ofOne, ...ofRow].map(({ formula }) => formula)).size).toBe(42);
  });

  test.each(ofOne)("$formula", async ({ formula, parameters, targets, predictions, exact }) => {
    const points = targets.flatMap((y) => predictions.map((z) => [y, z] as const));
    const checked = await check(
      formula,
      parameters,
      points.map(([y]) => [y]),
      points.map(([, z]) => [z]),
      (i) => {
        const [y, z] = (points[i] as readonly [number, number]).map(of) as [Real, Real];
        return { value: exact(y, z), slope: slopeOf((x) => exact(y, x), z) };
      },
    );
    expect(checked).toBe(points.length * arithmetics.length);
    expect(losses.formulaLoss(formula, parameters).warnings).toEqual([]);
  });

  test.each(ofRow)("$formula", async ({ formula, targets, exact }) => {
    const points = targets.flatMap((y) => rowsOfLogits.map((z) => [y, z] as const));
    const checked = await check(
      formula,
      undefined,
      points.map(([y]) => [...y]),
      points.map(([, z]) => [...z]),
      (i, c) => {
        const [y, z] = (points[i] as readonly (readonly number[])[]).map((row) => row.map(of)) as [Real[], Real[]];
        const moved = (x: Real) =>
          exact(
            y,
            z.map((v, k) => (k === c ? x : v)),
          );
        return { value: exact(y, z), slope: slopeOf(moved, z[c] as Real) };
      },
    );
    expect(checked).toBe(points.length * 3 * arithmetics.length);
    expect(losses.formulaLoss(formula).warnings).toEqual([]);
  });
});

describe("what cannot be kept is said", () => {
  const lossy: readonly (readonly [
    formula: string,
    part: string,
    of: "value" | "gradient",
    from: number,
    to: number,
  ])[] = [
    ["logsumexp(z) - sum(y*z)", "logsumexp(z) - sum(y*z)", "value", 20, 60],
    ["(y - sigmoid(z))^2", "(y - sigmoid(z))", "value", 16, 30],
    [
      "abs(y - p) + log(1 + exp(-2*abs(y - p))) - log(2)",
      "abs(y - p) + log(1 + exp(-2*abs(y - p))) - log(2)",
      "value",
      0,
      1,
    ],
    ["3 + log(2 - sigmoid(z)) - 3", "3 + log(2 - sigmoid(z)) - 3", "value", 10, 10],
  ];
  test.each(lossy)("%s", (formula, part, of, from, to) => {
    const { warnings } = losses.formulaLoss(formula);
    const found = warnings.find((warning) => warning.part === part && warning.of === of);
    expect(found, JSON.stringify(warnings)).toBeDefined();
    expect(found?.from).toBeLessThanOrEqual(from);
    expect(found?.to).toBeGreaterThanOrEqual(to);
    expect(found?.message).toContain(part);
    // Found once, and kept.
    const loss = losses.formulaLoss(formula);
    expect(loss.warnings).toBe(loss.warnings);
  });
});
