/** Faults of the graph language and of the rewrites that keep digits. */
/** @import { Fault } from "../lib/faults.mjs" */

const src = "packages/surprisal/src/graph";
const ops = ["packages/surprisal/test/graph/ops.test.ts"];
const rules = ["packages/surprisal/test/graph/stabilise.test.ts"];

/** @type {readonly Fault[]} */
export const faults = [
  {
    name: "the gradient of a difference has the wrong sign",
    file: `${src}/ops/binary.ts`,
    find: "(b, _, g) => [g, b.neg(g)]",
    replace: "(b, _, g) => [b.neg(g), g]",
    tests: ops,
  },
  {
    name: "a node that is used twice keeps only one part of its gradient",
    file: `${src}/gradient.ts`,
    find: "known === undefined ? part : add(known, part)",
    replace: "part",
    tests: ops,
  },
  {
    name: "at a tie the gradient of maximum goes to the second operand",
    file: `${src}/ops/binary.ts`,
    find: "b.less(x as Node, y as Node);\n  return [b.where(second, 0, g)",
    replace: "b.lessEqual(x as Node, y as Node);\n  return [b.where(second, 0, g)",
    tests: ops,
  },
  {
    name: "a product with a transposed operand has the gradient of one that is not",
    file: `${src}/ops/contract.ts`,
    find: "{ transposeA: true, transposeB: transposeA }",
    replace: "{ transposeA: true, transposeB: !transposeA }",
    tests: ops,
  },
  {
    name: "1 − p at the largest logit is formed by subtraction",
    file: `${src}/ops/softmax.ts`,
    find: "const complement = b.div(made.rest, b.add(1, made.rest));",
    replace: "const complement = b.sub(1, p);",
    tests: ["packages/surprisal/test/graph/softmaxFamily.test.ts"],
  },
  {
    name: "the gradient of softmax is not shifted by that of the largest logit",
    file: `${src}/ops/softmax.ts`,
    find: "const shift = b.where(made.isTop, 0, b.sub(g as Node, atTop));",
    replace: "const shift = b.add(g as Node, b.mul(0, atTop));",
    tests: ["packages/surprisal/test/graph/softmaxFamily.test.ts"],
  },
  {
    name: "stabilise: log(1 − sigmoid x) becomes logSigmoid x, not of −x",
    file: `${src}/stabilise/rules.ts`,
    find: "return x === undefined ? undefined : b.logSigmoid(b.neg(x));",
    replace: "return x === undefined ? undefined : b.logSigmoid(x);",
    tests: rules,
  },
  {
    name: "stabilise: 1 − exp x loses its sign",
    file: `${src}/stabilise/rules.ts`,
    find: "b.neg(b.expm1(x))",
    replace: "b.expm1(x)",
    tests: rules,
  },
  {
    name: "stabilise: a sum over another axis is taken for a softmax",
    file: `${src}/stabilise/rules.ts`,
    find: "node.attrs.axes.length === 1 && node.attrs.axes[0] === last ?",
    replace: "node.attrs.axes.length === 1 && node.attrs.axes[0] <= last ?",
    tests: ["packages/surprisal/test/graph/softmaxFamily.test.ts"],
  },
];
