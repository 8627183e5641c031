/**
 * Gradient accumulation: an optimizer that is called at every batch and updates at every k-th, with the mean of the k
 * gradients. Bias corrections count updates; a schedule is read at the batch, so it goes k times as fast. As in Keras.
 */
import { add, div, equal, floor, mul, type Node, sub, where } from "../../graph/index.ts";
import type { Optimizer } from "../contract.ts";

const slot = "accumulatedGradient";

/** Number of the update (from 1) that a batch (from 1) belongs to, and whether the batch completes it. */
function place(batch: Node, every: number): { update: Node; complete: Node } {
  const before = floor(div(sub(batch, 1), every));
  return { update: add(before, 1), complete: equal(sub(batch, mul(before, every)), every) };
}

type Nodes = Readonly<Record<string, Node>>;

function pick(condition: Node, next: Nodes, held: Nodes): Record<string, Node> {
  return Object.fromEntries(
    Object.entries(next).map(([name, node]) => [name, where(condition, node, held[name] as Node)]),
  );
}

export function accumulating(inner: Optimizer, every: number): Optimizer {
  const { updateGlobals } = inner;
  return {
    ...inner,
    slots: [...inner.slots, { name: slot, initial: 0 }],
    update(inputs) {
      const { update, complete } = place(inputs.step, every);
      const total = add(inputs.slots[slot] as Node, inputs.gradient);
      const next = inner.update({ ...inputs, gradient: div(total, every), step: update });
      return {
        parameter: where(complete, next.parameter, inputs.parameter),
        slots: { ...pick(complete, next.slots, inputs.slots), [slot]: where(complete, 0, total) },
      };
    },
    ...(updateGlobals && {
      updateGlobals({ globals, step }) {
        const { update, complete } = place(step, every);
        return pick(complete, updateGlobals({ globals, step: update }), globals);
      },
    }),
  };
}
