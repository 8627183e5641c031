/** Each rule before and after, and textbook formulas at logits where they lose every digit. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  build as b,
  broadcastTo,
  constant,
  evaluateFloat64,
  gradient,
  input,
  type Node,
  stabilise,
  stabiliseRules,
  verify,
  weighted,
} from "../../src/graph/index.ts";
import { logAddExp, logCosh } from "../../src/graph/stabilise/hyperbolic.ts";
import { Real } from "./real.ts";

const shape = [2, 3];
const x = input("x", "float64", shape);
const y = input("y", "float64", shape);
const c = input("c", "bool", shape);
const row = input("row", "bool", [2, 1]);
const total = (z: Node) => broadcastTo(b.sum(z, [1], { keepDims: true }), shape);
const rowwise = b.broadcastTo(row, shape);

/** The parts of a normalised row, as the rule writes them. */
function normalised(): [Node, Node] {
  const top = b.equal(b.iota(1, shape), b.argmax(x, { keepDims: true }));
  const rest = b.sum(b.where(top, 0, x), [1], { keepDims: true });
  const largest = b.max(x, { keepDims: true });
  const sum = b.add(largest, rest);
  const tiny = b.less(x, b.mul(sum, 2 ** -60));
  const share = b.where(tiny, y, 0);
  const low = b.sub(b.xlogy(share, b.where(tiny, x, 1)), b.mul(share, b.log(sum)));
  const middle = b.xlogy(b.where(b.or(top, tiny), 0, y), b.div(b.where(b.or(top, tiny), 1, x), sum));
  return [
    b.xlogy(y, b.div(x, total(x))),
    b.add(low, b.sub(middle, b.xlog1py(b.where(top, y, 0), b.div(rest, largest)))),
  ];
}

const logisticCost = (t: Node, z: Node) =>
  b.add(weighted(b.sub(1, t), b.softplus(z)), weighted(t, b.softplus(b.neg(z))));

/** A graph and what it becomes, for every rule. The operands in `positive` are above 0, those in `negative` below. */
const examples: Readonly<Record<string, { pair: [Node, Node]; sign?: "positive" | "negative" }>> = {
  logistic: { pair: [b.div(1, b.add(1, b.exp(x))), b.sigmoid(b.neg(x))] },
  "logistic-ratio": { pair: [b.div(b.exp(x), b.add(b.exp(x), 1)), b.sigmoid(x)] },
  "logistic-share": { pair: [b.div(y, b.add(1, b.exp(x))), b.mul(y, b.sigmoid(b.neg(x)))] },
  "softmax-ratio": { pair: [b.div(b.exp(x), total(b.exp(x))), b.softmax(x)] },
  "softmax-normalised": { pair: [b.div(b.softmax(x), total(b.softmax(x))), b.softmax(x)] },
  "normalised-where": {
    pair: [
      b.div(b.where(rowwise, b.softmax(x), 0.5), total(b.where(rowwise, b.softmax(x), 0.5))),
      b.where(rowwise, b.softmax(x), 1 / 3),
    ],
  },
  "neg-neg": { pair: [b.neg(b.neg(x)), x] },
  "log-exp": { pair: [b.log(b.exp(x)), x] },
  "log-sigmoid": { pair: [b.log(b.sigmoid(x)), b.logSigmoid(x)] },
  "log-softmax": { pair: [b.log(b.softmax(x)), b.logSoftmax(x)] },
  "log-sum-exp": { pair: [b.log(b.sum(b.exp(x), [1], { keepDims: true })), b.logSumExp(x, { keepDims: true })] },
  "exp-logSoftmax": { pair: [b.exp(b.logSoftmax(x)), b.softmax(x)] },
  "exp-logSigmoid": { pair: [b.exp(b.logSigmoid(x)), b.sigmoid(x)] },
  "complement-sigmoid": { pair: [b.sub(1, b.sigmoid(x)), b.sigmoid(b.neg(x))] },
  "complement-exp": { pair: [b.sub(1, b.exp(x)), b.neg(b.expm1(x))] },
  "complement-tanh": { pair: [b.sub(1, b.tanh(x)), b.mul(2, b.sigmoid(b.mul(-2, x)))] },
  "sqrt-minus-one": {
    pair: [b.sub(b.sqrt(b.add(1, x)), 1), b.div(x, b.add(b.sqrt(b.add(1, x)), 1))],
    sign: "positive",
  },
  "exp-minus-one": { pair: [b.sub(b.exp(x), 1), b.expm1(x)] },
  "log-one-plus": { pair: [b.log(b.add(1, x)), b.log1p(x)], sign: "positive" },
  "log-one-minus": { pair: [b.log(b.sub(1, x)), b.log1p(b.neg(x))], sign: "negative" },
  "log-minus-expm1": { pair: [b.log(b.neg(b.expm1(x))), b.log1mexp(x)], sign: "negative" },
  "log1p-exp": { pair: [b.log1p(b.exp(x)), b.softplus(x)] },
  "log1p-expm1": { pair: [b.log1p(b.expm1(x)), x] },
  "log1p-minus-exp": { pair: [b.log1p(b.neg(b.exp(x))), b.log1mexp(x)], sign: "negative" },
  "log1p-minus-sigmoid": { pair: [b.log1p(b.neg(b.sigmoid(x))), b.logSigmoid(b.neg(x))] },
  "log-cosh": { pair: [b.log(b.div(b.add(b.exp(x), b.exp(b.neg(x))), 2)), logCosh(x)] },
  "log-add-exp": { pair: [b.log(b.add(b.exp(x), b.exp(y))), logAddExp(x, y)] },
  "logits-minus-log-sum": {
    pair: [b.sub(x, b.broadcastTo(b.logSumExp(x, { keepDims: true }), shape)), b.logSoftmax(x)],
  },
  "softplus-minus-product": { pair: [b.sub(b.softplus(x), b.mul(y, x)), logisticCost(y, x)] },
  "product-plus-softplus": {
    pair: [b.add(b.mul(b.sub(1, y), x), b.softplus(b.neg(x))), logisticCost(y, x)],
  },
  "relu-plus-softplus": { pair: [b.add(b.maximum(x, 0), b.softplus(b.neg(b.abs(x)))), b.softplus(x)] },
  "zero-log-zero": { pair: [b.mul(y, b.log(x)), b.xlogy(y, x)], sign: "positive" },
  "zero-log-sum": {
    pair: [b.mul(y, b.sub(b.log(x), x)), b.sub(b.xlogy(y, x), b.mul(y, x))],
    sign: "positive",
  },
  "xlogy-of-known": { pair: [b.xlogy(y, b.softmax(x)), weighted(y, b.logSoftmax(x))] },
  "xlogy-of-normalised": { pair: normalised(), sign: "positive" },
  "log-of-where": {
    pair: [b.log(b.where(c, b.sigmoid(x), 0.5)), b.where(c, b.logSigmoid(x), Math.log(0.5))],
  },
  "log-of-quotient": { pair: [b.log(b.div(b.softmax(x), y)), b.sub(b.logSoftmax(x), b.log(y))] },
  "log-of-view": {
    pair: [b.log(b.slice(b.softmax(x), [0, 1], [2, 1])), b.slice(b.logSoftmax(x), [0, 1], [2, 1])],
  },
};

/** Shapes of a rule beside the first. */
const furtherExamples: readonly (readonly [string, Node, Node])[] = [
  [
    "log-of-where",
    b.log1p(b.neg(b.where(c, b.sigmoid(x), 0.25))),
    b.where(c, b.logSigmoid(b.neg(x)), Math.log1p(-0.25)),
  ],
  ["log-cosh", b.log(b.mul(0.5, b.add(b.exp(b.sub(x, y)), b.exp(b.sub(y, x))))), logCosh(b.sub(x, y))],
  ["logits-minus-log-sum", b.sub(b.broadcastTo(b.logSumExp(x, { keepDims: true }), shape), x), b.neg(b.logSoftmax(x))],
  ["relu-plus-softplus", b.add(b.softplus(b.neg(b.abs(x))), b.sub(b.maximum(x, 0), y)), b.sub(b.softplus(x), y)],
  ["zero-log-zero", b.mul(b.log1p(x), y), b.xlog1py(y, x)],
  ["zero-log-sum", b.mul(b.neg(b.log(x)), y), b.neg(b.xlogy(y, x))],
  ["zero-log-sum", b.mul(y, b.add(x, b.log1p(x))), b.add(b.mul(y, x), b.xlog1py(y, x))],
  ["xlogy-of-known", b.xlog1py(y, b.neg(b.sigmoid(x))), weighted(y, b.logSigmoid(b.neg(x)))],
  ["xlogy-of-known", b.xlogy(y, b.exp(x)), weighted(y, x)],
  ["log-of-quotient", b.log(b.div(y, b.exp(x))), b.sub(b.log(y), x)],
  ["log-of-view", b.log(b.reshape(b.sigmoid(x), [6])), b.reshape(b.logSigmoid(x), [6])],
  ["log-of-view", b.log(b.transpose(b.softmax(x))), b.transpose(b.logSoftmax(x))],
  ["log-of-view", b.log(b.broadcastTo(b.sigmoid(x), [4, 2, 3])), b.broadcastTo(b.logSigmoid(x), [4, 2, 3])],
];

function values(node: Node, sign?: "positive" | "negative"): Float64Array {
  const base = [0.5, 1.25, 0.125, 2, 0.75, 1];
  const bindings = new Map<Node, ArrayLike<number>>([
    [x, base.map((v, i) => (sign === "positive" ? v : sign === "negative" ? -v : i % 2 === 0 ? v : -v))],
    [y, [1, 0, 0.5, 2, 0.25, 0.0625]],
    [c, [1, 0, 1, 1, 0, 0]],
    [row, [1, 0]],
  ]);
  return evaluateFloat64([node], bindings)[0] as Float64Array;
}

describe("rules", () => {
  test("every rule has an example, and every example a rule", () => {
    expect(stabiliseRules.map((rule) => rule.name)).toEqual(Object.keys(examples));
    expect(stabiliseRules.length).toBe(38);
  });

  const all = [
    ...Object.entries(examples).map(([name, { pair, sign }]) => ({ name, before: pair[0], after: pair[1], sign })),
    ...furtherExamples.map(([name, before, after]) => ({ name, before, after, sign: "positive" as const })),
  ];
  test.each(all)("$name", ({ name, before, after, sign }) => {
    const fired: string[] = [];
    const [got] = stabilise([before], (rule) => fired.push(rule.name)) as [Node];
    verify([got]);
    expect(fired).toContain(name);
    // Nodes are shared, so equal graphs are the same object.
    expect(got).toBe(after);
    const raw = values(before, sign);
    values(after, sign).forEach((v, i) => {
      expect(Math.abs(v - (raw[i] as number)) <= 1e-14 * Math.abs(v) || v === raw[i], `${v} for ${raw[i]}`).toBe(true);
    });
  });

  test("what is stable stays as it is", () => {
    for (const { pair } of Object.values(examples)) {
      const once = stabilise([pair[0]]);
      expect(stabilise(once)).toEqual(once);
    }
  });
});

/** A formula as a graph on a row of logits, and the same as a function of exact numbers. */
interface Formula {
  readonly text: string;
  readonly graph: (z: Node) => Node;
  readonly exact: (z: readonly Real[]) => Real;
}

const width = 3;
const unit = Real.of(1);
const pick = (z: Node, i: number) => b.slice(z, [0, i], [1, 1]);
const at = (z: readonly Real[], i: number) => z[i] as Real;
const sumOf = (parts: readonly Real[]) => parts.reduce((a, part) => a.add(part));
const column = fc.integer({ min: 0, max: width - 1 });

/** Probabilities of one logit, written in the ways of textbooks. */
const ofOne = column.chain((i) =>
  fc.constantFrom<Formula>(
    {
      text: `sigmoid(z${i})`,
      graph: (z) => b.sigmoid(pick(z, i)),
      exact: (z) => unit.div(unit.add(at(z, i).neg().exp())),
    },
    {
      text: `1/(1 + exp(-z${i}))`,
      graph: (z) => b.div(1, b.add(1, b.exp(b.neg(pick(z, i))))),
      exact: (z) => unit.div(unit.add(at(z, i).neg().exp())),
    },
    {
      text: `exp(z${i})/(1 + exp(z${i}))`,
      graph: (z) => b.div(b.exp(pick(z, i)), b.add(b.exp(pick(z, i)), 1)),
      exact: (z) =>
        at(z, i)
          .exp()
          .div(unit.add(at(z, i).exp())),
    },
  ),
);
const complement = (p: Formula): Formula => ({
  text: `(1 - ${p.text})`,
  graph: (z) => b.sub(1, p.graph(z)),
  exact: (z) => unit.sub(p.exact(z)),
});
const ofAll = column.chain((i) =>
  fc.constantFrom<Formula>(
    {
      text: `softmax(z)[${i}]`,
      graph: (z) => pick(b.softmax(z), i),
      exact: (z) =>
        at(z, i)
          .exp()
          .div(sumOf(z.map((v) => v.exp()))),
    },
    {
      text: `(exp(z)/sum(exp(z)))[${i}]`,
      graph: (z) => pick(b.div(b.exp(z), b.broadcastTo(b.sum(b.exp(z), [1], { keepDims: true }), z.shape)), i),
      exact: (z) =>
        at(z, i)
          .exp()
          .div(sumOf(z.map((v) => v.exp()))),
    },
  ),
);
const probability = fc.oneof(
  ofOne,
  ofOne.map(complement),
  ofOne.map((p) => complement(complement(p))),
  ofAll,
);

/** Costs: never negative, so that a sum of them does not cancel. */
const cost = fc.oneof(
  probability.map(
    (p): Formula => ({
      text: `-log(${p.text})`,
      graph: (z) => b.neg(b.log(p.graph(z))),
      exact: (z) => p.exact(z).log().neg(),
    }),
  ),
  ofOne.map(
    (p): Formula => ({
      text: `-log(1 - ${p.text})`,
      graph: (z) => b.neg(b.log(b.sub(1, p.graph(z)))),
      exact: (z) => unit.sub(p.exact(z)).log().neg(),
    }),
  ),
  column.map(
    (i): Formula => ({
      text: `log(1 + exp(z${i}))`,
      graph: (z) => b.log(b.add(1, b.exp(pick(z, i)))),
      exact: (z) => unit.add(at(z, i).exp()).log(),
    }),
  ),
  fc.tuple(probability, fc.constantFrom(0, 0.25, 1)).map(
    ([p, share]): Formula => ({
      text: `-${share}*log(${p.text})`,
      graph: (z) => b.neg(b.mul(b.constant(share, "float64", [1, 1]), b.log(p.graph(z)))),
      exact: (z) => Real.of(share).mul(p.exact(z).log()).neg(),
    }),
  ),
  fc.tuple(ofOne, fc.constantFrom(0, 0.25, 1)).map(
    ([p, label]): Formula => ({
      text: `-(${label}*log(${p.text}) + (1 - ${label})*log(1 - ${p.text}))`,
      graph: (z) => {
        const target = b.constant(label, "float64", [1, 1]);
        return b.neg(b.add(b.mul(target, b.log(p.graph(z))), b.mul(b.sub(1, target), b.log(b.sub(1, p.graph(z))))));
      },
      exact: (z) =>
        Real.of(label)
          .mul(p.exact(z).log())
          .add(Real.of(1 - label).mul(unit.sub(p.exact(z)).log()))
          .neg(),
    }),
  ),
);
const formula = fc.array(cost, { minLength: 1, maxLength: 3 }).map(
  (parts): Formula => ({
    text: parts.map((part) => part.text).join(" + "),
    graph: (z) => parts.map((part) => part.graph(z)).reduce((a, part) => b.add(a, part)),
    exact: (z) => sumOf(parts.map((part) => part.exact(z))),
  }),
);
const magnitude = fc.constantFrom(1, 8, 40, 300, 680);
const logits = fc
  .tuple(
    fc.array(fc.integer({ min: -1024, max: 1024 }), { minLength: width, maxLength: width }),
    fc.array(magnitude, { minLength: width, maxLength: width }),
  )
  .map(([steps, sizes]) => steps.map((step, i) => (step / 1024) * (sizes[i] as number)));

describe("textbook formulas against 1,600 binary places", () => {
  const runs = 400;

  test("exact arithmetic is exact", () => {
    expect(Real.of(1).exp().toNumber()).toBe(Math.E);
    expect(Real.of(2).log().toNumber()).toBe(Math.LN2);
    expect(Real.of(-700).exp().log().toNumber()).toBe(-700);
    expect(Real.of(0.3).div(Real.of(-7)).toNumber()).toBe(0.3 / -7);
    const p = Real.of(-650).exp();
    expect(unit.sub(unit.sub(p)).toNumber() / Math.exp(-650)).toBeCloseTo(1, 12);
  });

  test("values and gradients keep their digits where the raw formula has none", () => {
    let checked = 0;
    let rawWrong = 0;
    let rawGradientWrong = 0;
    fc.assert(
      fc.property(formula, logits, ({ text, graph, exact }, at) => {
        const z = input("z", "float64", [1, width]);
        const raw = graph(z);
        const [stable] = stabilise([raw]) as [Node];
        const bindings = new Map([[z, at]]);
        const slopes = (node: Node) => gradient(node, [z], constant(1, "float64", node.shape))[0] as Node;
        const got = evaluateFloat64([stable, slopes(stable), raw, slopes(raw)], bindings) as Float64Array[];
        const point = at.map(Real.of);
        const truth = exact(point).toNumber();
        const relative = (value: number, wanted: number) =>
          value === wanted ? 0 : Math.abs(value - wanted) / Math.max(Math.abs(wanted), Number.MIN_VALUE);
        const message = `${text} at ${at}`;
        expect(relative(got[0]?.[0] as number, truth), `${message}: ${got[0]?.[0]} for ${truth}`).toBeLessThan(1e-13);
        checked++;
        if (!(relative(got[2]?.[0] as number, truth) < 1e-3)) rawWrong++;

        const derivatives = point.map((_, i) => {
          const moved = (step: Real) => exact(point.map((v, j) => (i === j ? v.add(step) : v)));
          return moved(Real.step).sub(moved(Real.step.neg())).div(Real.step.add(Real.step)).toNumber();
        });
        // Terms of a gradient may have both signs; what they lose is measured against the largest that a term can be.
        const lost = text.includes("0.25") || text.includes(" + -") || text.split("log").length > 2;
        derivatives.forEach((wanted, i) => {
          const slope = got[1]?.[i] as number;
          const bound = lost ? 1e-13 * Math.max(1, Math.abs(wanted)) : 1e-12 * Math.abs(wanted);
          expect(Math.abs(slope - wanted), `${message}, slope ${i}: ${slope} for ${wanted}`).toBeLessThanOrEqual(bound);
          if (!(relative(got[3]?.[i] as number, wanted) < 1e-3)) rawGradientWrong++;
        });
      }),
      { seed: 20261, numRuns: runs },
    );
    expect(checked).toBe(runs);
    // The raw formulas do fail at these logits, else this test would prove nothing.
    expect(rawWrong).toBeGreaterThan(runs / 5);
    expect(rawGradientWrong).toBeGreaterThan(runs / 5);
  });
});
