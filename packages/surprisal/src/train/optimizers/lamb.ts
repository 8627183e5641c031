import { add, and, div, greater, mul, type Node, sqrt, square, sub, sum, where } from "../../graph/index.ts";
import { towards } from "./average.ts";
import { defineOptimizer } from "./define.ts";
import { decay, epsilon, learningRate } from "./parameters.ts";
import { oneMinusPower } from "./powers.ts";

/** Adam's step d, scaled to the size of the weight: w ← w − rate · ‖w‖/‖d‖ · d, the ratio 1 where either norm is 0. As in Keras. */
export const lamb = defineOptimizer({
  name: "lamb",
  summary: "Adam's steps scaled to the norm of each weight.",
  reference: "You et al. (2020), Large batch optimization for deep learning: training BERT in 76 minutes",
  parameters: {
    learningRate: learningRate(0.001),
    beta1: decay(0.9, "how much of the average gradient is kept"),
    beta2: decay(0.999, "how much of the average squared gradient is kept"),
    epsilon: epsilon(),
  },
  slots: () => [
    { name: "momentum", initial: 0 },
    { name: "velocity", initial: 0 },
  ],
  update({ parameter, gradient, slots, learningRate: rate, step }, { beta1, beta2, epsilon }) {
    const momentum = towards(slots.momentum as Node, gradient, beta1);
    const velocity = towards(slots.velocity as Node, square(gradient), beta2);
    const size = add(sqrt(div(velocity, oneMinusPower(beta2, step))), epsilon);
    const move = div(div(momentum, oneMinusPower(beta1, step)), size);
    const norm = (x: Node) => sqrt(sum(square(x)));
    const usable = and(greater(norm(parameter), 0), greater(norm(move), 0));
    const ratio = where(usable, div(norm(parameter), where(usable, norm(move), 1)), 1);
    return { parameter: sub(parameter, mul(move, mul(ratio, rate))), slots: { momentum, velocity } };
  },
});
