/** Activations that pass large inputs on and hold small ones back. */
import { flag, number, optionalNumber, requiredNumber } from "../../base/parameters.ts";
import {
  abs,
  add,
  div,
  erf,
  exp,
  expm1,
  greater,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  type Node,
  sigmoid,
  softplus as softplusOp,
  sqrt,
  square,
  sub,
  tanh,
  where,
} from "../../graph/index.ts";
import { anyNumber, defineActivation, upFromZero } from "./define.ts";

/** The input itself. */
export const linear = defineActivation({
  name: "linear",
  aliases: ["identity", "none"],
  parameters: {},
  make: () => ({ apply: (x) => x, output: anyNumber }),
});

/** max(x, 0), with Keras's variations: x from `threshold` on, cut at `maxValue`; below it, negativeSlope · (x − threshold). */
export const relu = defineActivation({
  name: "relu",
  parameters: {
    negativeSlope: number(0, "slope below the threshold"),
    maxValue: optionalNumber("the largest result", { min: 0 }),
    threshold: number(0, "where the input is passed on"),
  },
  make: ({ negativeSlope, maxValue, threshold }) => ({
    output: {
      // Below the threshold: 0 without a slope, any size with one.
      low: negativeSlope > 0 ? -Infinity : Math.min(0, threshold, maxValue ?? 0),
      high: negativeSlope < 0 ? Infinity : Math.max(0, maxValue ?? Infinity),
    },
    apply(x) {
      const cut = (y: Node) => (maxValue === undefined ? y : minimum(y, maxValue));
      if (negativeSlope === 0 && threshold === 0) return cut(maximum(0, x));
      return where(less(x, threshold), mul(negativeSlope, sub(x, threshold)), cut(x));
    },
  }),
});

/** min(max(x, 0), 6). */
export const relu6 = defineActivation({
  name: "relu6",
  parameters: {},
  make: () => ({ apply: (x) => minimum(maximum(0, x), 6), output: { low: 0, high: 6 } }),
});

/** x above 0, negativeSlope · x below. */
export const leakyRelu = defineActivation({
  name: "leakyRelu",
  parameters: { negativeSlope: number(0.2, "slope below 0") },
  shorthand: "negativeSlope",
  make: ({ negativeSlope }) => ({
    apply: (x) => where(less(x, 0), mul(negativeSlope, x), x),
    output: negativeSlope > 0 ? anyNumber : upFromZero,
  }),
});

/** x above 0, scale · alpha · (e^(x/stretch) − 1) below; the exponential only sees inputs that are not positive. */
function exponentialBelow(x: Node, alpha: number, scale = 1, stretch = 1): Node {
  const positive = greater(x, 0);
  const below = where(positive, 0, x);
  return where(
    positive,
    scale === 1 ? x : mul(scale, x),
    mul(scale * alpha, expm1(stretch === 1 ? below : div(below, stretch))),
  );
}

/** x above 0, alpha · (eˣ − 1) below (Clevert et al. 2016). */
export const elu = defineActivation({
  name: "elu",
  parameters: { alpha: number(1, "minus the limit on the left") },
  shorthand: "alpha",
  make: ({ alpha }) => ({
    apply: (x) => exponentialBelow(x, alpha),
    output: { low: Math.min(0, -alpha), high: Infinity },
  }),
});

/** ELU with the two constants that keep mean 0 and variance 1 (Klambauer et al. 2017). */
export const selu = defineActivation({
  name: "selu",
  parameters: {},
  make: () => ({
    apply: (x) => exponentialBelow(x, 1.6732632423543772, 1.0507009873554805),
    output: { low: -1.6732632423543772 * 1.0507009873554805, high: Infinity },
  }),
});

/** x above 0, alpha · (e^(x/alpha) − 1) below: ELU with a continuous slope (Barron 2017). */
export const celu = defineActivation({
  name: "celu",
  parameters: { alpha: number(1, "minus the limit on the left", { min: 0, open: true }) },
  shorthand: "alpha",
  make: ({ alpha }) => ({
    apply: (x) => exponentialBelow(x, alpha, 1, alpha),
    output: { low: -alpha, high: Infinity },
  }),
});

/** Where σ(2u) is 0 or 1 in any dtype; cutting here changes no value, and keeps x³ finite. */
const saturated = 30;

/** Below this 1 + erf(x/√2) is 0 in float64; an erf that is one unit off −1 would be multiplied by x. */
const negligible = -9;

/** x Φ(x) (Hendrycks & Gimpel 2016), or the approximation by tanh: ½ x (1 + tanh u) = x σ(2u), u = √(2/π)(x + 0.044715 x³). */
export const gelu = defineActivation({
  name: "gelu",
  parameters: {
    approximate: flag(false, "use the formula with tanh"),
  },
  make: ({ approximate }) => ({
    // Lowest at x = −0.7518 (−0.7525 by the approximation).
    output: { low: approximate ? -0.17004076 : -0.16997121, high: Infinity },
    apply(x) {
      if (!approximate) {
        const inside = maximum(x, negligible);
        return where(less(x, negligible), 0, mul(inside, mul(0.5, add(1, erf(mul(Math.SQRT1_2, inside))))));
      }
      const c = minimum(maximum(x, -saturated), saturated);
      return mul(x, sigmoid(mul(2 * Math.sqrt(2 / Math.PI), mul(c, add(1, mul(0.044715, square(c)))))));
    },
  }),
});

/** x σ(x). */
export const silu = defineActivation({
  name: "silu",
  aliases: ["swish"],
  parameters: {},
  // Lowest at −1.2785.
  make: () => ({ apply: (x) => mul(x, sigmoid(x)), output: { low: -0.27846455, high: Infinity } }),
});

/** x tanh(softplus x) (Misra 2019). */
export const mish = defineActivation({
  name: "mish",
  parameters: {},
  // Lowest at −1.1924.
  make: () => ({ apply: (x) => mul(x, tanh(softplusOp(x))), output: { low: -0.30884342, high: Infinity } }),
});

/** log(1 + eˣ). */
export const softplus = defineActivation({
  name: "softplus",
  parameters: {},
  make: () => ({ apply: softplusOp, output: upFromZero }),
});

/** (x + √(x² + b)) / 2; on the left as (b/2) / (√(x² + b) − x), which does not cancel. */
export const squareplus = defineActivation({
  name: "squareplus",
  parameters: { b: number(4, "how round the corner is", { min: 0, open: true }) },
  shorthand: "b",
  make: ({ b }) => ({
    output: upFromZero,
    apply(x) {
      const root = sqrt(add(square(x), b));
      return where(less(x, 0), div(b / 2, sub(root, minimum(x, 0))), mul(0.5, add(x, root)));
    },
  }),
});

/** 0 up to −1, (x + 1)²/4 between, x from 1 on. */
export const sparsePlus = defineActivation({
  name: "sparsePlus",
  parameters: {},
  make: () => ({
    output: upFromZero,
    apply: (x) => where(lessEqual(x, -1), 0, where(less(x, 1), mul(0.25, square(add(minimum(x, 1), 1))), x)),
  }),
});

/** eˣ. */
export const exponential = defineActivation({
  name: "exponential",
  aliases: ["exp"],
  parameters: {},
  make: () => ({ apply: exp, output: upFromZero }),
});

/** 0 where |x| ≤ λ, x elsewhere. */
export const hardShrink = defineActivation({
  name: "hardShrink",
  parameters: { threshold: number(0.5, "λ", { min: 0 }) },
  shorthand: "threshold",
  make: ({ threshold }) => ({ apply: (x) => where(lessEqual(abs(x), threshold), 0, x), output: anyNumber }),
});

/** x above the threshold, `defaultValue` elsewhere. */
export const threshold = defineActivation({
  name: "threshold",
  parameters: {
    threshold: requiredNumber("where the input is passed on"),
    defaultValue: requiredNumber("the result elsewhere"),
  },
  make: (values) => ({
    apply: (x) => where(lessEqual(x, values.threshold), values.defaultValue, x),
    output: { low: Math.min(values.threshold, values.defaultValue), high: Infinity },
  }),
});
