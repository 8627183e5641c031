/**
 * Moving averages of the weights, kept in a slot. Until the second update the average is the weight itself. As in Keras,
 * where `fit` leaves the averages in the weights when it ends.
 */
import { div, equal, floor, less, mul, type Node, sub, where } from "../../graph/index.ts";
import type { Optimizer } from "../contract.ts";
import { blend } from "./average.ts";

const slot = "average";

export interface EmaOptions {
  readonly momentum: number;
  readonly overwriteFrequency: number | undefined;
  /** Batches an update takes. */
  readonly batchesPerUpdate: number;
}

export function averaging(inner: Optimizer, { momentum, overwriteFrequency, batchesPerUpdate }: EmaOptions): Optimizer {
  return {
    ...inner,
    slots: [...inner.slots, { name: slot, initial: 0 }],
    averageSlot: slot,
    update(inputs) {
      const next = inner.update(inputs);
      const updatesBefore = floor(div(sub(inputs.step, 1), batchesPerUpdate));
      const average = where(
        less(updatesBefore, 1),
        next.parameter,
        blend(inputs.slots[slot] as Node, next.parameter, momentum),
      );
      const slots = { ...next.slots, [slot]: average };
      if (overwriteFrequency === undefined) return { parameter: next.parameter, slots };
      const update = sub(updatesBefore, -1);
      const overwrite = equal(mul(floor(div(update, overwriteFrequency)), overwriteFrequency), update);
      return { parameter: where(overwrite, average, next.parameter), slots };
    },
  };
}
