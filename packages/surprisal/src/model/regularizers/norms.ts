/** Penalties on absolute values and squares. */
import { number } from "../../base/parameters.ts";
import { abs, add, mul, type Node, square, sum } from "../../graph/index.ts";
import { defineRegularizer } from "./define.ts";

const factor = (fallback: number, of: string) => number(fallback, `the factor of ${of}`, { min: 0 });
const absolute = (x: Node, scale: number) => mul(scale, sum(abs(x)));
const squares = (x: Node, scale: number) => mul(scale, sum(square(x)));

/** l1 · Σ|x|. */
export const l1 = defineRegularizer({
  name: "l1",
  parameters: { l1: factor(0.01, "Σ|x|") },
  shorthand: "l1",
  make: (values) => ({ penalty: (x) => absolute(x, values.l1) }),
});

/** l2 · Σx² (Keras's convention: no ½). */
export const l2 = defineRegularizer({
  name: "l2",
  parameters: { l2: factor(0.01, "Σx²") },
  shorthand: "l2",
  make: (values) => ({ penalty: (x) => squares(x, values.l2) }),
});

/** l1 · Σ|x| + l2 · Σx². */
export const l1l2 = defineRegularizer({
  name: "l1l2",
  parameters: { l1: factor(0, "Σ|x|"), l2: factor(0, "Σx²") },
  make: (values) => ({ penalty: (x) => add(absolute(x, values.l1), squares(x, values.l2)) }),
});
