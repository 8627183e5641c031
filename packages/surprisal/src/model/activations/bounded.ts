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
import { defineActivation } from "./define.ts";

const clip = (x: Node, low: number, high: number): Node => minimum(maximum(x, low), high);

/** 1 / (1 + e⁻ˣ). */
export const sigmoid = defineActivation({
  name: "sigmoid",
  aliases: ["logistic"],
  parameters: {},
  make: () => ({ apply: sigmoidOp }),
});

/** log σ(x). */
export const logSigmoid = defineActivation({
  name: "logSigmoid",
  parameters: {},
  make: () => ({ apply: logSigmoidOp }),
});

/** The hyperbolic tangent. */
export const tanh = defineActivation({ name: "tanh", parameters: {}, make: () => ({ apply: tanhOp }) });

const ramp = (x: Node): Node => clip(add(div(x, 6), 0.5), 0, 1);

/** x/6 + ½, cut to [0, 1]. */
export const hardSigmoid = defineActivation({
  name: "hardSigmoid",
  parameters: {},
  make: () => ({ apply: ramp }),
});

/** x · hardSigmoid(x) (Howard et al. 2019). */
export const hardSilu = defineActivation({
  name: "hardSilu",
  aliases: ["hardSwish"],
  parameters: {},
  make: () => ({ apply: (x) => mul(x, ramp(x)) }),
});

/** x, cut to [−1, 1]. */
export const hardTanh = defineActivation({
  name: "hardTanh",
  parameters: {},
  make: () => ({ apply: (x) => clip(x, -1, 1) }),
});

/** x / (1 + |x|). */
export const softsign = defineActivation({
  name: "softsign",
  parameters: {},
  make: () => ({ apply: (x) => div(x, add(1, abs(x))) }),
});

/** 0 up to −1, (x + 1)/2 between, 1 from 1 on. */
export const sparseSigmoid = defineActivation({
  name: "sparseSigmoid",
  parameters: {},
  make: () => ({ apply: (x) => clip(mul(0.5, add(x, 1)), 0, 1) }),
});

/** x − tanh x. */
export const tanhShrink = defineActivation({
  name: "tanhShrink",
  parameters: {},
  make: () => ({ apply: (x) => sub(x, tanhOp(x)) }),
});

/** x − λ above λ, x + λ below −λ, 0 between. */
export const softShrink = defineActivation({
  name: "softShrink",
  parameters: { threshold: number(0.5, "λ", { min: 0 }) },
  shorthand: "threshold",
  make: ({ threshold }) => ({ apply: (x) => sub(x, clip(x, -threshold, threshold)) }),
});
