import { InvalidArgumentError } from "../../base/errors.ts";
import type { Callback } from "../contract.ts";
import { Monitor, type MonitorOptions, requireNumber } from "./monitor.ts";
import { fillPath } from "./pathTemplate.ts";

/** What `modelCheckpoint` takes besides the path. */
export interface ModelCheckpointOptions extends Omit<MonitorOptions, "minDelta"> {
  /** Save only after epochs that improve `monitor`; an epoch that did not measure it is saved. Default false. */
  readonly saveBestOnly?: boolean;
  /** The value that the first save must beat. */
  readonly initialValueThreshold?: number;
}

/**
 * Saves the model after epochs. `path` may hold fields: `"model-{epoch:02d}-{valLoss:.3f}.safetensors"` (epochs from 1).
 * As Keras's ModelCheckpoint.
 * @throws InvalidArgumentError; UnknownNameError (when training begins) for a column that the run does not have.
 */
export function modelCheckpoint(path: string, options: ModelCheckpointOptions = {}): Callback {
  const { saveBestOnly = false, initialValueThreshold } = options;
  if (typeof path !== "string" || path === "") {
    throw new InvalidArgumentError("model-checkpoint/path", {
      received: `the path is ${JSON.stringify(path)}`,
      expected: "it must say where to save",
      hint: `Pass e.g. modelCheckpoint("model.safetensors").`,
    });
  }
  if (initialValueThreshold !== undefined) {
    requireNumber("modelCheckpoint", "initialValueThreshold", initialValueThreshold);
  }
  const monitor = new Monitor("modelCheckpoint", options);
  let best = initialValueThreshold;
  return {
    name: "modelCheckpoint",
    onTrainBegin(context) {
      if (saveBestOnly) monitor.begin(context);
      best = initialValueThreshold;
    },
    async onEpochEnd(epoch, logs, context) {
      const now = monitor.value(logs);
      if (saveBestOnly && now !== undefined) {
        if (!monitor.improves(now, best)) return;
        best = now;
      }
      await context.save(fillPath(path, epoch, logs));
    },
  };
}
