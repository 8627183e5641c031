import { add, div, mul, type Node, sqrt, square, sub } from "../../graph/index.ts";
import { towards } from "./average.ts";
import { defineOptimizer } from "./define.ts";
import { decay, epsilon, learningRate } from "./parameters.ts";
import { oneMinusPower, power } from "./powers.ts";

/** β₁ · (1 − 0.96ᵗ / 2): how much momentum counts at update t. */
const momentumAt = (beta1: number, step: Node): Node => mul(sub(1, mul(power(0.96, step), 0.5)), beta1);

/**
 * Adam with Nesterov momentum on a schedule μₜ. m̂ = μₜ₊₁ m / (1 − Πμ up to t+1) + (1−μₜ) g / (1 − Πμ up to t), v̂ = v / (1−β₂ᵗ),
 * w ← w − rate · m̂ / (√v̂ + ε). As in Keras, whose schedule counts updates (PyTorch's runs 250 times slower).
 */
export const nadam = defineOptimizer({
  name: "nadam",
  summary: "Adam with Nesterov momentum.",
  reference: "Dozat (2016), Incorporating Nesterov momentum into Adam",
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
  globals: [{ name: "momentumProduct", initial: 1 }],
  update({ parameter, gradient, slots, globals, learningRate: rate, step }, { beta1, beta2, epsilon }) {
    const now = momentumAt(beta1, step);
    const next = momentumAt(beta1, add(step, 1));
    const product = mul(globals.momentumProduct as Node, now);
    const momentum = towards(slots.momentum as Node, gradient, beta1);
    const velocity = towards(slots.velocity as Node, square(gradient), beta2);
    const ahead = add(
      mul(momentum, div(next, sub(1, mul(product, next)))),
      mul(gradient, div(sub(1, now), sub(1, product))),
    );
    const size = add(sqrt(div(velocity, oneMinusPower(beta2, step))), epsilon);
    return { parameter: sub(parameter, div(mul(ahead, rate), size)), slots: { momentum, velocity } };
  },
  updateGlobals: ({ globals, step }, { beta1 }) => ({
    momentumProduct: mul(globals.momentumProduct as Node, momentumAt(beta1, step)),
  }),
});
