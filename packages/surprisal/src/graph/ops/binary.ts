/** Elementwise arithmetic of two operands of one dtype and shape. */

import { isFloat } from "../../base/dtype.ts";
import type { Node, OpRecord } from "../node.ts";
import * as special from "../special.ts";
import { evaluateElementwise, type NoAttributes, requireFloat, requireSame } from "./record.ts";

function arithmetic(
  name: string,
  scalar: (a: number, b: number) => number,
  gradient: NonNullable<OpRecord["gradient"]>,
  options: { floatOnly?: boolean } = {},
): OpRecord<NoAttributes> {
  return {
    name,
    kind: "elementwise",
    scalar,
    infer([a, b]) {
      requireSame(name, a as Node, b as Node);
      if (options.floatOnly) requireFloat(name, a as Node);
      return { dtype: (a as Node).dtype, shape: (a as Node).shape };
    },
    evaluate: evaluateElementwise,
    gradient: (build, node, g) => (isFloat(node.dtype) ? gradient(build, node, g) : [undefined, undefined]),
  };
}

export const add = arithmetic(
  "add",
  (a, b) => a + b,
  (_, __, g) => [g, g],
);
export const sub = arithmetic(
  "sub",
  (a, b) => a - b,
  (b, _, g) => [g, b.neg(g)],
);

/** Products of int32 wrap like `Math.imul` only within 2⁵³; indices never get there. */
export const mul = arithmetic(
  "mul",
  (a, b) => a * b,
  (b, { inputs: [x, y] }, g) => [b.mul(g, y as Node), b.mul(g, x as Node)],
);

export const div = arithmetic(
  "div",
  (a, b) => a / b,
  (b, node, g) => {
    const y = node.inputs[1] as Node;
    return [b.div(g, y), b.neg(b.div(b.mul(g, node), y))];
  },
  { floatOnly: true },
);

/** xʸ; d/dx = y xʸ⁻¹ (0 where y is 0), d/dy = xʸ log x (0 where x is 0). */
export const pow = arithmetic(
  "pow",
  (a, b) => (a === 1 || b === 0 ? 1 : a ** b),
  (b, node, g) => {
    const [x, y] = node.inputs as [Node, Node];
    const still = b.equal(y, 0);
    const slope = b.where(still, 0, b.mul(y, b.pow(b.where(still, 1, x), b.where(still, 1, b.sub(y, 1)))));
    return [b.mul(g, slope), b.mul(g, b.xlogy(node, b.where(b.equal(x, 0), 1, x)))];
  },
  { floatOnly: true },
);

/** The first operand takes the gradient at a tie. NaN wins. */
export const maximum = arithmetic("maximum", Math.max, (b, { inputs: [x, y] }, g) => {
  const second = b.less(x as Node, y as Node);
  return [b.where(second, 0, g), b.where(second, g, 0)];
});

export const minimum = arithmetic("minimum", Math.min, (b, { inputs: [x, y] }, g) => {
  const second = b.less(y as Node, x as Node);
  return [b.where(second, 0, g), b.where(second, g, 0)];
});

/** x log y with 0 log 0 = 0, in the value and in the gradient of y. */
export const xlogy = arithmetic(
  "xlogy",
  special.xlogy,
  (b, { inputs: [x, y] }, g) => {
    const none = b.equal(x as Node, 0);
    return [b.mul(g, b.log(y as Node)), b.where(none, 0, b.div(b.mul(g, x as Node), b.where(none, 1, y as Node)))];
  },
  { floatOnly: true },
);

/** x log1p(y) with 0 log 0 = 0. */
export const xlog1py = arithmetic(
  "xlog1py",
  special.xlog1py,
  (b, { inputs: [x, y] }, g) => {
    const none = b.equal(x as Node, 0);
    const denominator = b.where(none, 1, b.add(1, y as Node));
    return [b.mul(g, b.log1p(y as Node)), b.where(none, 0, b.div(b.mul(g, x as Node), denominator))];
  },
  { floatOnly: true },
);
