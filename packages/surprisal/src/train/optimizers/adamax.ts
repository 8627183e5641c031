import { abs, add, div, maximum, mul, type Node, sub } from "../../graph/index.ts";
import { towards } from "./average.ts";
import { defineOptimizer } from "./define.ts";
import { decay, epsilon, learningRate } from "./parameters.ts";
import { oneMinusPower } from "./powers.ts";

/** Adam with the infinity norm: u ← max(β₂ · u, |g|), w ← w − rate · m / ((1−β₁ᵗ) · (u + ε)). As in Keras. */
export const adamax = defineOptimizer({
  name: "adamax",
  summary: "Adam with the largest recent gradient in place of the average square.",
  reference: "Kingma & Ba (2015), Adam: a method for stochastic optimization, section 7",
  parameters: {
    learningRate: learningRate(0.001),
    beta1: decay(0.9, "how much of the average gradient is kept"),
    beta2: decay(0.999, "how fast the largest gradient is forgotten"),
    epsilon: epsilon(),
  },
  slots: () => [
    { name: "momentum", initial: 0 },
    { name: "norm", initial: 0 },
  ],
  update({ parameter, gradient, slots, learningRate: rate, step }, { beta1, beta2, epsilon }) {
    const momentum = towards(slots.momentum as Node, gradient, beta1);
    const norm = maximum(mul(slots.norm as Node, beta2), abs(gradient));
    const divisor = mul(add(norm, epsilon), oneMinusPower(beta1, step));
    return { parameter: sub(parameter, div(mul(momentum, rate), divisor)), slots: { momentum, norm } };
  },
});
