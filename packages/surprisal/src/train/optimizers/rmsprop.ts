import { flag } from "../../base/parameters.ts";
import { add, div, maximum, mul, type Node, sqrt, square, sub } from "../../graph/index.ts";
import { blend } from "./average.ts";
import { defineOptimizer } from "./define.ts";
import { decay, epsilon, learningRate } from "./parameters.ts";

/**
 * v ← ρ v + (1−ρ) g², step = rate · g / √(v + ε); centered, the variance v − ḡ² stands for v. As in Keras: ε is inside the root
 * (PyTorch has it outside), and momentum gathers whole steps, rate included. The variance is not let below 0, where
 * rounding can put it.
 */
export const rmsprop = defineOptimizer({
  name: "rmsprop",
  summary: "Steps divided by the root of a moving average of squared gradients.",
  reference:
    "Tieleman & Hinton (2012), Lecture 6.5; Graves (2013), Generating sequences with recurrent neural networks, for the centered form",
  parameters: {
    learningRate: learningRate(0.001),
    rho: decay(0.9, "how much of the average squared gradient is kept"),
    momentum: decay(0, "how much of the last step is kept"),
    epsilon: epsilon(),
    centered: flag(false, "divide by the deviation instead of the root mean square"),
  },
  slots: ({ momentum, centered }) => [
    { name: "velocity", initial: 0 },
    ...(momentum > 0 ? [{ name: "momentum", initial: 0 }] : []),
    ...(centered ? [{ name: "averageGradient", initial: 0 }] : []),
  ],
  update({ parameter, gradient, slots, learningRate: rate }, { rho, momentum, epsilon, centered }) {
    const next: Record<string, Node> = { velocity: blend(slots.velocity as Node, square(gradient), rho) };
    let spread = next.velocity as Node;
    if (centered) {
      next.averageGradient = blend(slots.averageGradient as Node, gradient, rho);
      spread = maximum(sub(spread, square(next.averageGradient)), 0);
    }
    let step = div(mul(gradient, rate), sqrt(add(spread, epsilon)));
    if (momentum > 0) step = next.momentum = add(mul(slots.momentum as Node, momentum), step);
    return { parameter: sub(parameter, step), slots: next };
  },
});
