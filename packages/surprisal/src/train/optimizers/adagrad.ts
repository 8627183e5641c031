import { number } from "../../base/parameters.ts";
import { add, div, mul, type Node, sqrt, square, sub } from "../../graph/index.ts";
import { defineOptimizer } from "./define.ts";
import { epsilon, learningRate } from "./parameters.ts";

/** a ← a + g², w ← w − rate · g / √(a + ε). As in Keras: ε inside the root, a starts at 0.1. */
export const adagrad = defineOptimizer({
  name: "adagrad",
  summary: "Steps divided by the root of the sum of squared gradients.",
  reference:
    "Duchi, Hazan, Singer (2011), Adaptive subgradient methods for online learning and stochastic optimization",
  parameters: {
    learningRate: learningRate(0.001),
    initialAccumulatorValue: number(0.1, "what the sum of squares starts from", { min: 0 }),
    epsilon: epsilon(),
  },
  slots: ({ initialAccumulatorValue }) => [{ name: "accumulator", initial: initialAccumulatorValue }],
  update({ parameter, gradient, slots, learningRate: rate }, { epsilon }) {
    const accumulator = add(slots.accumulator as Node, square(gradient));
    const step = div(mul(gradient, rate), sqrt(add(accumulator, epsilon)));
    return { parameter: sub(parameter, step), slots: { accumulator } };
  },
});
