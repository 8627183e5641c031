import { number } from "../../base/parameters.ts";
import { add, div, maximum, minimum, mul, type Node, pow, sqrt, square, sub } from "../../graph/index.ts";
import { defineOptimizer } from "./define.ts";
import { learningRate } from "./parameters.ts";

const strength = (about: string) => number(0, about, { min: 0 });

/** a ↦ a^−learningRatePower; the usual power −0.5 is a square root. */
const root = (accumulator: Node, learningRatePower: number): Node =>
  learningRatePower === -0.5 ? sqrt(accumulator) : pow(accumulator, -learningRatePower);

/**
 * Follow the regularised leader. With a' = a + g² and s(a) = a^−learningRatePower:
 * z ← z + g + 2 l2Shrinkage w − (s(a') − s(a))/rate · w, w ← (clip(z, ±l1) − z) / (s(a')/rate + 2 l2 + beta/rate). As in Keras.
 */
export const ftrl = defineOptimizer({
  name: "ftrl",
  aliases: ["followTheRegularizedLeader"],
  summary: "Follow the regularised leader: sparse weights through an L1 threshold.",
  reference: "McMahan et al. (2013), Ad click prediction: a view from the trenches",
  parameters: {
    learningRate: learningRate(0.001),
    learningRatePower: number(-0.5, "how fast rates fall: at most 0", { max: 0 }),
    initialAccumulatorValue: number(0.1, "what the sum of squares starts from", { min: 0 }),
    l1RegularizationStrength: strength("the L1 threshold"),
    l2RegularizationStrength: strength("the L2 penalty"),
    l2ShrinkageRegularizationStrength: strength("an L2 penalty on the size of steps only"),
    beta: strength("added to the L2 penalty over twice the rate"),
  },
  slots: ({ initialAccumulatorValue }) => [
    { name: "accumulator", initial: initialAccumulatorValue },
    { name: "linear", initial: 0 },
  ],
  update({ parameter, gradient, slots, learningRate: rate }, values) {
    const { learningRatePower, l1RegularizationStrength: l1, l2RegularizationStrength: l2, beta } = values;
    const held = slots.accumulator as Node;
    const accumulator = add(held, square(gradient));
    const after = root(accumulator, learningRatePower);
    const pulled = add(gradient, mul(parameter, 2 * values.l2ShrinkageRegularizationStrength));
    const sigma = div(sub(after, root(held, learningRatePower)), rate);
    const linear = add(slots.linear as Node, sub(pulled, mul(sigma, parameter)));
    const quadratic = add(div(add(after, beta), rate), 2 * l2);
    const clipped = maximum(minimum(linear, l1), -l1);
    return { parameter: div(sub(clipped, linear), quadratic), slots: { accumulator, linear } };
  },
});
