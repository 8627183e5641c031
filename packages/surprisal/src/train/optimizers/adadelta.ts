import { add, div, mul, type Node, sqrt, square, sub } from "../../graph/index.ts";
import { blend } from "./average.ts";
import { defineOptimizer } from "./define.ts";
import { decay, epsilon, learningRate } from "./parameters.ts";

/** d = g · √(u + ε) / √(v + ε) with moving averages v of g² and u of d²; w ← w − rate · d. As in Keras. */
export const adadelta = defineOptimizer({
  name: "adadelta",
  summary: "Steps in the units of the weights, from moving averages of squared gradients and squared steps.",
  reference: "Zeiler (2012), ADADELTA: an adaptive learning rate method",
  parameters: {
    learningRate: learningRate(0.001),
    rho: decay(0.95, "how much of the averages is kept"),
    epsilon: epsilon(),
  },
  slots: () => [
    { name: "accumulatedGradient2", initial: 0 },
    { name: "accumulatedStep2", initial: 0 },
  ],
  update({ parameter, gradient, slots, learningRate: rate }, { rho, epsilon }) {
    const root = (x: Node) => sqrt(add(x, epsilon));
    const steps = slots.accumulatedStep2 as Node;
    const gradients = blend(slots.accumulatedGradient2 as Node, square(gradient), rho);
    const step = div(mul(root(steps), gradient), root(gradients));
    return {
      parameter: sub(parameter, mul(step, rate)),
      slots: { accumulatedGradient2: gradients, accumulatedStep2: blend(steps, square(step), rho) },
    };
  },
});
