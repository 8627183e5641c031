/** Chains of elementwise ops over operands that lie anywhere, of every dtype. */
import { type DType, isFloat } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import { CaseBuilder, type Generator } from "./case.ts";
import { fitting } from "./draw.ts";

const dims = [0, 1, 1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31, 33, 63, 64, 65, 127, 257, 1009];

type Step = (x: g.Node, other: () => g.Node) => g.Node;

/** Exact on small whole numbers, and clamped so that they stay small. */
const exact: Readonly<Record<string, Step>> = {
  add: (x, other) => g.add(x, other()),
  sub: (x, other) => g.sub(other(), x),
  mul: (x, other) => g.mul(g.maximum(g.minimum(x, 50), -50), g.maximum(g.minimum(other(), 50), -50)),
  maximum: (x, other) => g.maximum(x, other()),
  minimum: (x, other) => g.minimum(other(), x),
  neg: (x) => g.neg(x),
  abs: (x) => (isFloat(x.dtype) ? g.abs(x) : g.maximum(x, g.neg(x))),
  less: (x, other) => g.where(g.less(x, other()), x, 3),
  lessEqual: (x, other) => g.where(g.lessEqual(other(), x), 2, x),
  equal: (x, other) => g.where(g.or(g.equal(x, other()), g.less(x, -4)), g.neg(x), x),
  both: (x, other) => g.where(g.and(g.not(g.less(x, 0)), g.less(x, other())), x, 1),
  counted: (x) => g.add(x, g.cast(g.less(x, 1), x.dtype)),
  position: (x) => (x.shape.length === 0 ? x : g.sub(x, g.cast(g.iota(x.shape.length - 1, x.shape), x.dtype))),
};

/** For floats alone. */
const floats: Readonly<Record<string, Step>> = {
  half: (x) => g.floor(g.mul(x, 0.5)),
  sign: (x) => g.sign(x),
  "through the other precision": (x) =>
    g.cast(g.add(g.cast(x, x.dtype === "float32" ? "float64" : "float32"), 1), x.dtype),
  root: (x) => g.sqrt(g.mul(g.maximum(g.minimum(x, 9), -9), g.maximum(g.minimum(x, 9), -9))),
};

/** These round: for cases whose answers are near. */
const rounding: Readonly<Record<string, Step>> = {
  tanh: (x) => g.tanh(x),
  sigmoid: (x) => g.sigmoid(x),
  softplus: (x) => g.softplus(x),
  exp: (x) => g.exp(g.minimum(x, 2)),
  expm1: (x) => g.expm1(g.minimum(x, 2)),
  log: (x) => g.log(g.add(0.5, g.abs(x))),
  log1p: (x) => g.log1p(g.abs(x)),
  erf: (x) => g.erf(x),
  atan: (x) => g.atan(x),
  div: (x, other) => g.div(x, g.add(1, g.abs(other()))),
  pow: (x, other) => g.pow(g.add(0.5, g.abs(x)), g.minimum(other(), 2)),
  xlogy: (x, other) => g.xlogy(x, g.add(0.5, g.abs(other()))),
};

const continuous = ["add", "sub", "mul", "maximum", "minimum", "neg", "abs"] as const;

export const elementwise: Generator = {
  name: "elementwise",
  share: 20,
  make(draw) {
    const b = new CaseBuilder(draw, draw.chance(0.65) ? "whole" : "real", false);
    const dtype: DType =
      b.kind === "real" ? draw.dtype("float32", "float64") : draw.dtype("float32", "float64", "int32");
    const shape = fitting(draw, dims, draw.below(5), 3000);
    const special = b.kind === "whole" && isFloat(dtype) && draw.chance(0.25);
    b.say(dtype, `[${shape.join(", ")}]`, ...(special ? ["with NaN and infinities"] : []));
    const steps: Readonly<Record<string, Step>> =
      b.kind === "real"
        ? { ...Object.fromEntries(continuous.map((name) => [name, exact[name] as Step])), ...rounding }
        : { ...exact, ...(isFloat(dtype) && floats) };
    const nodes = [b.operand(dtype, shape, special)];
    const other = () => (draw.chance(0.5) ? draw.pick(nodes) : b.operand(dtype, shape, special));
    for (let left = 1 + draw.below(9); left > 0; left--) {
      const name = draw.pick(Object.keys(steps));
      b.say(name);
      nodes.push((steps[name] as Step)(nodes.at(-1) as g.Node, other));
    }
    const last = nodes.at(-1) as g.Node;
    const outputs = [last];
    if (draw.chance(0.3)) outputs.push(draw.pick(nodes.slice(1)));
    if (b.kind === "whole" && draw.chance(0.3)) outputs.push(g.less(last, 0));
    if (b.kind === "whole" && !special && draw.chance(0.2))
      outputs.push(g.cast(last, draw.dtype("int32", "float32", "float64", "bool")));
    if (draw.chance(0.2)) outputs.push(g.transpose(last));
    if (draw.chance(0.15)) {
      const state = b.input(dtype, shape);
      b.say("into its own state");
      b.writeInto(outputs.length, state);
      outputs.push(g.sub(state, last));
    }
    return b.finish(outputs);
  },
};
