import { flag } from "../../base/parameters.ts";
import { add, mul, type Node, sub } from "../../graph/index.ts";
import { defineOptimizer } from "./define.ts";
import { decay, learningRate } from "./parameters.ts";

/** v ← momentum · v − rate · g and w ← w + v, or with Nesterov's look-ahead w ← w + momentum · v − rate · g. As in Keras. */
export const sgd = defineOptimizer({
  name: "sgd",
  aliases: ["stochasticGradientDescent", "gradientDescent"],
  summary: "Gradient descent, with momentum if asked.",
  reference:
    "Sutskever, Martens, Dahl, Hinton (2013), On the importance of initialization and momentum in deep learning",
  parameters: {
    learningRate: learningRate(0.01),
    momentum: decay(0, "how much of the last step is kept"),
    nesterov: flag(false, "look one step ahead"),
  },
  slots: ({ momentum }) => (momentum === 0 ? [] : [{ name: "momentum", initial: 0 }]),
  update({ parameter, gradient, slots, learningRate: rate }, { momentum, nesterov }) {
    const step = mul(gradient, rate);
    if (momentum === 0) return { parameter: sub(parameter, step), slots: {} };
    const velocity = sub(mul(slots.momentum as Node, momentum), step);
    const move = nesterov ? sub(mul(velocity, momentum), step) : velocity;
    return { parameter: add(parameter, move), slots: { momentum: velocity } };
  },
});
