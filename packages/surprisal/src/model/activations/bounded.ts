/** Activations with bounds: sigmoids, tanh and their straight-line stand-ins. */
import { number } from "../../base/parameters.ts";
import {
  abs,
  add,
  div,
  logSigmoid as logSigmoidOp,
  maximum,
  minimum,
  mul,
  type Node,
  sigmoid as sigmoidOp,
  sub,
  tanh as tanhOp,
} from "../../graph/index.ts";
import { anyNumber, defineActivation } from "./define.ts";

const unit = { low: 0, high: 1 } as const;
const signedUnit = { low: -1, high: 1 } as const;

const clip = (x: Node, low: number, high: number): Node => minimum(maximum(x, low), high);

/** 1 / (1 + e⁻ˣ). */
export const sigmoid = defineActivation({
  name: "sigmoid",
  aliases: ["logistic"],
  parameters: {},
  make: () => ({ apply: sigmoidOp, output: unit }),
});

/** log σ(x). */
export const logSigmoid = defineActivation({
  name: "logSigmoid",
  parameters: {},
  make: () => ({ apply: logSigmoidOp, output: { low: -Infinity, high: 0 } }),
});

/** The hyperbolic tangent. */
export const tanh = defineActivation({
  name: "tanh",
  parameters: {},
  make: () => ({ apply: tanhOp, output: signedUnit }),
});

const ramp = (x: Node): Node => clip(add(div(x, 6), 0.5), 0, 1);

/** x/6 + ½, cut to [0, 1]. */
export const hardSigmoid = defineActivation({
  name: "hardSigmoid",
  parameters: {},
  make: () => ({ apply: ramp, output: unit }),
});

/** x · hardSigmoid(x) (Howard et al. 2019). */
export const hardSilu = defineActivation({
  name: "hardSilu",
  aliases: ["hardSwish"],
  parameters: {},
  // The parabola x(x + 3)/6 is lowest at −3/2.
  make: () => ({ apply: (x) => mul(x, ramp(x)), output: { low: -0.375, high: Infinity } }),
});

/** x, cut to [−1, 1]. */
export const hardTanh = defineActivation({
  name: "hardTanh",
  parameters: {},
  make: () => ({ apply: (x) => clip(x, -1, 1), output: signedUnit }),
});

/** x / (1 + |x|). */
export const softsign = defineActivation({
  name: "softsign",
  parameters: {},
  make: () => ({ apply: (x) => div(x, add(1, abs(x))), output: signedUnit }),
});

/** 0 up to −1, (x + 1)/2 between, 1 from 1 on. */
export const sparseSigmoid = defineActivation({
  name: "sparseSigmoid",
  parameters: {},
  make: () => ({ apply: (x) => clip(mul(0.5, add(x, 1)), 0, 1), output: unit }),
});

/** x − tanh x. */
export const tanhShrink = defineActivation({
  name: "tanhShrink",
  parameters: {},
  make: () => ({ apply: (x) => sub(x, tanhOp(x)), output: anyNumber }),
});

/** x − λ above λ, x + λ below −λ, 0 between. */
export const softShrink = defineActivation({
  name: "softShrink",
  parameters: { threshold: number(0.5, "λ", { min: 0 }) },
  shorthand: "threshold",
  make: ({ threshold }) => ({ apply: (x) => sub(x, clip(x, -threshold, threshold)), output: anyNumber }),
});
