/** Every op record: shape rule, value, gradient and gradient of the gradient by finite differences, decomposition, refusals. */
import { describe, expect, test } from "vitest";
import { isFloat } from "../../src/base/dtype.ts";
import { sizeOf } from "../../src/base/shape.ts";
import type { Tensor } from "../../src/base/tensor.ts";
import { ThreefryStream } from "../../src/base/threefry.ts";
import {
  build as b,
  constant,
  evaluate,
  evaluateFloat64,
  gradient,
  input,
  type Node,
  type OpName,
  ops,
  topological,
  verify,
} from "../../src/graph/index.ts";
import { makeNode } from "../../src/graph/node.ts";
import { type Example, examples, f, type Operand } from "./opExamples.ts";

/** Ops whose float results do not depend on their float operands, or stepwise. */
const flat: ReadonlySet<OpName> = new Set(["sign", "floor", "stopGradient", "constant", "randomUniform"]);

function draw({ shape, dtype = "float64", from = -1, to = 1 }: Operand, random: ThreefryStream): number[] {
  return Array.from({ length: sizeOf(shape) }, () => {
    if (dtype === "bool") return random.below(2);
    return dtype === "int32" ? from + random.below(to - from) : from + (to - from) * random.uniform();
  });
}

function setUp(example: Example, seed: number) {
  const random = new ThreefryStream(seed);
  const nodes = example.operands.map(({ shape, dtype = "float64" }, i) => input(`x${i}`, dtype, shape));
  const values = example.operands.map((operand) => draw(operand, random));
  const node = example.make(...nodes);
  const floats = nodes.filter((x) => isFloat(x.dtype));
  const bindings = (moved?: { x: Node; by: readonly number[]; step: number }) =>
    new Map(
      nodes.map((x, i) => [
        x,
        (values[i] as number[]).map((v, j) => (x === moved?.x ? v + moved.step * (moved.by[j] as number) : v)),
      ]),
    );
  return { random, nodes, values, node, floats, bindings };
}

/** Σ x · weights, with random weights of its own. */
function project(x: Node, random: ThreefryStream): Node {
  const weights = Array.from({ length: sizeOf(x.shape) }, () => random.uniform() - 0.5);
  return b.sum(b.mul(x, constant(weights, "float64", x.shape)));
}

const close = (got: number, wanted: number, within: number) =>
  Math.abs(got - wanted) <= within * Math.max(1, Math.abs(wanted));

/** Compares Σ ∂/∂x · by with a central difference. */
function expectSlope(scalar: Node, x: Node, at: ReturnType<typeof setUp>, within: number): void {
  const by = Array.from({ length: sizeOf(x.shape) }, () => at.random.uniform() - 0.5);
  const step = 1e-5;
  const valueAt = (signed: number) => evaluateFloat64([scalar], at.bindings({ x, by, step: signed }))[0]?.[0] as number;
  const slope = (valueAt(step) - valueAt(-step)) / (2 * step);
  const [g] = gradient(scalar, [x]) as [Node];
  verify([g]);
  const [got] = evaluateFloat64([g], at.bindings()) as [Float64Array];
  const along = got.reduce((total, v, i) => total + v * (by[i] as number), 0);
  expect(close(along, slope, within), `${along} for ${slope}`).toBe(true);
}

test("every op has an example", () => {
  expect(Object.keys(examples).sort()).toEqual(Object.keys(ops).sort());
  expect(Object.keys(ops).length).toBe(60);
});

const cases = (Object.entries(examples) as [OpName, Example][]).map(([name, example]) => {
  const at = setUp(example, 17);
  return { name, example, at, smooth: isFloat(at.node.dtype) && at.floats.length > 0 };
});

describe.each(cases)("$name", ({ name, example, at }) => {
  test("is what its record infers, and prints", () => {
    verify([at.node]);
    expect(topological([at.node]).some((node) => node.op.name === name)).toBe(true);
    const [tensor] = evaluate([at.node], at.bindings()) as [Tensor];
    expect(tensor.shape).toEqual(at.node.shape);
    expect(example.make(...at.nodes)).toBe(at.node);
  });

  test("refuses operands that do not fit, with a typed error", () => {
    for (const call of example.refused ?? []) {
      expect(call).toThrow(/, but .*\. /);
    }
  });
});

const elementwise = cases.filter(({ example }) => example.scalar !== undefined);
test.each(elementwise)("$name has the right values", ({ name, example, at }) => {
  const [got] = evaluateFloat64([at.node], at.bindings()) as [Float64Array];
  got.forEach((value, i) => {
    const wanted = example.scalar?.(...at.values.map((operand) => operand[i] as number)) as number;
    expect(close(value, wanted, name === "erf" ? 1e-8 : 1e-14), `${value} for ${wanted}`).toBe(true);
  });
});

const smooth = cases.filter((one) => one.smooth);
test.each(smooth)("the gradient of $name is its slope", ({ name, at }) => {
  for (const x of at.floats) {
    const scalar = project(at.node, at.random);
    if (flat.has(name))
      expect(evaluateFloat64(gradient(scalar, [x]), at.bindings())[0]?.every((g) => g === 0)).toBe(true);
    else expectSlope(scalar, x, at, 1e-8);
  }
});

const curved = smooth.filter(({ name }) => !flat.has(name));
test.each(curved)("so is the gradient of the gradient of $name (Hessian-vector products)", ({ at }) => {
  // Squared first, so that the second derivative of a linear op is not 0.
  const scalar = project(b.mul(at.node, at.node), at.random);
  for (const x of at.floats) {
    const [slope] = gradient(scalar, [x]) as [Node];
    const along = project(slope, at.random);
    for (const other of at.floats) expectSlope(along, other, at, 1e-7);
  }
});

/** The node of the op itself; what makes an example may have wrapped it. */
const own = (name: OpName, at: ReturnType<typeof setUp>) =>
  topological([at.node]).find((node) => node.op.name === name) as Node;
const decomposed = cases.filter(({ name, at }) => ops[name].decompose?.(b, own(name, at)) !== undefined);
test.each(decomposed)("the decomposition of $name is the same function", ({ name, at }) => {
  const node = own(name, at);
  const simpler = node.op.decompose?.(b, node) as Node;
  verify([simpler]);
  expect(topological([simpler]).some(({ op }) => op === node.op)).toBe(false);
  const [got, wanted] = evaluateFloat64([simpler, node], at.bindings()) as [Float64Array, Float64Array];
  got.forEach((value, i) => {
    expect(close(value, wanted[i] as number, 1e-14)).toBe(true);
  });
});

test("as many cases of each kind as there are", () => {
  expect([elementwise.length, smooth.length, curved.length, decomposed.length]).toEqual([34, 49, 46, 8]);
});

test("as many refusals as there are", () => {
  expect(Object.values(examples).reduce((n, example) => n + (example.refused?.length ?? 0), 0)).toBe(96);
});

describe("conventions", () => {
  const slopeAt = (make: (x: Node) => Node, at: number) => {
    const x = f();
    return evaluateFloat64(gradient(make(x), [x]), new Map([[x, [at]]]))[0]?.[0];
  };

  test("at kinks", () => {
    expect(slopeAt(b.abs, 0)).toBe(0);
    expect(slopeAt((x) => b.maximum(x, 0), 0)).toBe(1);
    expect(slopeAt((x) => b.maximum(0, x), 0)).toBe(0);
    expect(slopeAt((x) => b.pow(x, 0), 0)).toBe(0);
    expect(slopeAt((x) => b.where(b.less(0, x), b.log(b.where(b.less(0, x), x, 1)), 0), 0)).toBe(0);
  });

  test("0 log 0", () => {
    const value = (node: Node) => evaluateFloat64([node], new Map())[0]?.[0];
    const zero = constant(0, "float64");
    expect(value(b.xlogy(zero, zero))).toBe(0);
    expect(value(b.xlogy(zero, constant(Number.NaN, "float64")))).toBeNaN();
    expect(value(b.xlog1py(zero, constant(-1, "float64")))).toBe(0);
  });

  test("the first of equal maxima takes the gradient, NaN is the largest", () => {
    const x = f(4);
    const at = (values: number[]) =>
      evaluateFloat64([...gradient(b.max(x), [x]), b.max(x), b.argmax(x)], new Map([[x, values]]));
    expect(Array.from(at([1, 5, 5, 2])[0] as Float64Array)).toEqual([0, 1, 0, 0]);
    expect(at([1, Number.NaN, 5, 2])[1]?.[0]).toBeNaN();
    expect(at([1, Number.NaN, 5, 2])[2]?.[0]).toBe(1);
  });

  test("tails: nothing cancels where 1 − p is formed", () => {
    const x = f(3);
    const [g] = gradient(b.sum(b.mul(b.logSoftmax(x), constant([1, 0, 0], "float64"))), [x]) as [Node];
    const [got] = evaluateFloat64([g], new Map([[x, [60, 0, 0]]])) as [Float64Array];
    expect((got[0] as number) / (2 * Math.exp(-60))).toBeCloseTo(1, 14);
    expect(slopeAt(b.tanh, 30) as number).toBeCloseTo(4 * Math.exp(-60), 40);
    expect(slopeAt(b.sigmoid, 60) as number).toBeCloseTo(Math.exp(-60), 38);
  });

  test("a gradient of several numbers needs a cotangent", () => {
    expect(() => gradient(f(2), [])).toThrow(/Sum the output first/);
    const x = f(2);
    expect(gradient(b.sum(f(2)), [x])[0]?.shape).toEqual([2]);
  });

  test("a node that contradicts its record is found", () => {
    const x = f(2);
    const wrong = { ...b.exp(x), shape: [3] } as Node;
    expect(() => verify([wrong])).toThrow(/its record infers float64 \[2\]/);
    expect(makeNode(ops.exp, [x], {})).toBe(b.exp(x));
  });
});
