import { NumericError } from "../../base/errors.ts";
import type { Callback } from "../contract.ts";

/** What `terminateOnNaN` takes. */
export interface TerminateOnNaNOptions {
  /** Throw a NumericError instead of ending quietly. Default false. */
  readonly raiseError?: boolean;
}

/**
 * Ends training after the batch that made the loss NaN or infinite, and says why: which input rows, layer, weight and step. The epoch
 * is still measured and recorded. Needs memory for one copy of weights and optimizer state. As Keras's TerminateOnNaN, with the reason
 * in `history.end`.
 */
export function terminateOnNaN({ raiseError = false }: TerminateOnNaNOptions = {}): Callback {
  return {
    name: "terminateOnNaN",
    explains: true,
    async onBatchEnd(_, logs, context) {
      const loss = logs.loss as number;
      if (Number.isFinite(loss)) return;
      const reason = await context.explainNonFinite();
      if (raiseError) {
        throw new NumericError("train/not-finite", {
          received: `the loss became ${loss}`,
          expected: `it must stay finite; first wrong: ${reason}`,
          hint: "Lower the learning rate, clip gradients (clipNorm), or scale the inputs.",
        });
      }
      context.stop(`the loss became ${loss}; first wrong: ${reason}`);
    },
  };
}
