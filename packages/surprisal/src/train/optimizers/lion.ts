import { mul, type Node, sign, sub } from "../../graph/index.ts";
import { blend } from "./average.ts";
import { defineOptimizer } from "./define.ts";
import { decay, learningRate } from "./parameters.ts";

/** w ← w − rate · sign(β₁ m + (1−β₁) g), then m ← β₂ m + (1−β₂) g. As in Keras. */
export const lion = defineOptimizer({
  name: "lion",
  summary: "Steps of one size in the direction of a moving average's sign.",
  reference: "Chen et al. (2023), Symbolic discovery of optimization algorithms",
  parameters: {
    learningRate: learningRate(0.001),
    beta1: decay(0.9, "how much of the average counts for the step"),
    beta2: decay(0.99, "how much of the average is kept"),
  },
  slots: () => [{ name: "momentum", initial: 0 }],
  update({ parameter, gradient, slots, learningRate: rate }, { beta1, beta2 }) {
    const held = slots.momentum as Node;
    return {
      parameter: sub(parameter, mul(sign(blend(held, gradient, beta1)), rate)),
      slots: { momentum: blend(held, gradient, beta2) },
    };
  },
});
