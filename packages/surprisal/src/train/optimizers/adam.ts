import { flag } from "../../base/parameters.ts";
import { add, div, maximum, mul, type Node, sqrt, square, sub } from "../../graph/index.ts";
import { towards } from "./average.ts";
import { defineOptimizer } from "./define.ts";
import { decay, epsilon, learningRate } from "./parameters.ts";
import { oneMinusPower } from "./powers.ts";

/**
 * m, v: moving averages of g and g². w ← w − rate · √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε): as in Keras, ε is added before the bias
 * correction ("ε̂" of the paper's section 2; PyTorch adds it after). AMSGrad divides by the largest v so far.
 */
export const adam = defineOptimizer({
  name: "adam",
  summary: "Steps scaled by moving averages of the gradient and of its square.",
  reference: "Kingma & Ba (2015), Adam: a method for stochastic optimization; Reddi et al. (2018) for AMSGrad",
  parameters: {
    learningRate: learningRate(0.001),
    beta1: decay(0.9, "how much of the average gradient is kept"),
    beta2: decay(0.999, "how much of the average squared gradient is kept"),
    epsilon: epsilon(),
    amsgrad: flag(false, "divide by the largest average so far"),
  },
  slots: ({ amsgrad }) => [
    { name: "momentum", initial: 0 },
    { name: "velocity", initial: 0 },
    ...(amsgrad ? [{ name: "largestVelocity", initial: 0 }] : []),
  ],
  update({ parameter, gradient, slots, learningRate: rate, step }, { beta1, beta2, epsilon, amsgrad }) {
    const momentum = towards(slots.momentum as Node, gradient, beta1);
    const velocity = towards(slots.velocity as Node, square(gradient), beta2);
    const largest = amsgrad ? maximum(slots.largestVelocity as Node, velocity) : velocity;
    const corrected = div(mul(rate, sqrt(oneMinusPower(beta2, step))), oneMinusPower(beta1, step));
    return {
      parameter: sub(parameter, div(mul(momentum, corrected), add(sqrt(largest), epsilon))),
      slots: { momentum, velocity, ...(amsgrad && { largestVelocity: largest }) },
    };
  },
});
