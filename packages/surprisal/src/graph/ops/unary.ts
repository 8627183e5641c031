/** Elementwise functions of one float operand. Each gradient keeps relative accuracy in the tails. */

import type { Node, OpRecord } from "../node.ts";
import * as special from "../special.ts";
import { evaluateElementwise, type NoAttributes, requireDType, unaryFloat } from "./record.ts";

export const neg: OpRecord<NoAttributes> = {
  name: "neg",
  kind: "elementwise",
  scalar: (x) => -x,
  infer: ([x]) => ({ dtype: (x as Node).dtype, shape: (x as Node).shape }),
  evaluate: evaluateElementwise,
  gradient: (b, _, g) => [b.neg(g)],
};

/** d|x| = sign x, 0 at 0. */
export const abs = unaryFloat("abs", Math.abs, (b, { inputs: [x] }, g) => [b.mul(g, b.sign(x as Node))]);
export const sign = unaryFloat("sign", Math.sign, () => [undefined]);
export const floor = unaryFloat("floor", Math.floor, () => [undefined]);

/** d√x = 1/(2√x); infinite at 0 unless nothing flows there. */
export const sqrt = unaryFloat("sqrt", Math.sqrt, (b, node, g) => [b.div(g, b.mul(2, node))]);
export const exp = unaryFloat("exp", Math.exp, (b, node, g) => [b.mul(g, node)]);
export const expm1 = unaryFloat("expm1", Math.expm1, (b, { inputs: [x] }, g) => [b.mul(g, b.exp(x as Node))]);
export const log = unaryFloat("log", Math.log, (b, { inputs: [x] }, g) => [b.div(g, x as Node)]);
export const log1p = unaryFloat("log1p", Math.log1p, (b, { inputs: [x] }, g) => [b.div(g, b.add(1, x as Node))]);

/** log(1 − eˣ), x ≤ 0; d = −1/expm1(−x). */
export const log1mexp = unaryFloat("log1mexp", special.log1mexp, (b, { inputs: [x] }, g) => [
  b.neg(b.div(g, b.expm1(b.neg(x as Node)))),
]);

/** d tanh x = sech² x = 4 σ(2x) σ(−2x), which does not cancel as 1 − tanh² x does. */
export const tanh = unaryFloat("tanh", Math.tanh, (b, { inputs: [x] }, g) => {
  const twice = b.mul(2, x as Node);
  return [b.mul(g, b.mul(4, b.mul(b.sigmoid(twice), b.sigmoid(b.neg(twice)))))];
});

/** dσ = σ(x) σ(−x): 1 − σ(x) is never formed by subtraction. */
export const sigmoid = unaryFloat("sigmoid", special.sigmoid, (b, node, g) => [
  b.mul(g, b.mul(node, b.sigmoid(b.neg(node.inputs[0] as Node)))),
]);

/** log σ(x) = −softplus(−x); d = σ(−x). */
export const logSigmoid = unaryFloat(
  "logSigmoid",
  (x) => -special.softplus(-x),
  (b, { inputs: [x] }, g) => [b.mul(g, b.sigmoid(b.neg(x as Node)))],
);

/** log(1 + eˣ); d = σ(x). */
export const softplus = unaryFloat("softplus", special.softplus, (b, { inputs: [x] }, g) => [
  b.mul(g, b.sigmoid(x as Node)),
]);

/** d erf x = 2/√π exp(−x²). */
export const erf = unaryFloat("erf", special.erf, (b, { inputs: [x] }, g) => [
  b.mul(g, b.mul(2 / Math.sqrt(Math.PI), b.exp(b.neg(b.mul(x as Node, x as Node))))),
]);

/** d atan x = 1/(1 + x²). */
export const atan = unaryFloat("atan", Math.atan, (b, { inputs: [x] }, g) => [
  b.div(g, b.add(1, b.mul(x as Node, x as Node))),
]);

/** Passes the value and no gradient. */
export const stopGradient: OpRecord<NoAttributes> = {
  ...unaryFloat(
    "stopGradient",
    (x) => x,
    () => [undefined],
  ),
  infer: ([x]) => ({ dtype: (x as Node).dtype, shape: (x as Node).shape }),
};

export const not: OpRecord<NoAttributes> = {
  name: "not",
  kind: "elementwise",
  scalar: (x) => (x === 0 ? 1 : 0),
  infer([x]) {
    requireDType("not", x as Node, "bool");
    return { dtype: "bool", shape: (x as Node).shape };
  },
  evaluate: evaluateElementwise,
  gradient: () => [undefined],
};
