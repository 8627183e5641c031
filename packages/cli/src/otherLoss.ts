/** A fitted model's predictions held against another loss than its own. */
import { type losses, type Model, tensor } from "surprisal";
import { chooseLoss } from "./lossChoice.ts";
import type { TargetCoder } from "./target.ts";
import type { Rows } from "./training.ts";

export interface OtherLoss {
  /** As it is shown: the loss's name, or the formula. */
  readonly name: string;
  /** What its values are counted in, where that is not clear. */
  readonly unit?: string;
  /** What the model is evaluated on. */
  rows(x: Rows["x"], codes: Float64Array): Rows;
  /** The figure, where it is not the model's own `loss` on those rows. */
  loss?(predictions: Float64Array, codes: Float64Array): number;
}

/**
 * Compiles the model with the loss that is asked for.
 * @throws UnknownNameError for a loss that does not exist, InvalidArgumentError for one that does not suit the task.
 */
export function otherLoss(model: Model, target: TargetCoder, asked: string): OtherLoss {
  const { task, encoder } = target.config;
  const choice = chooseLoss(task, asked);
  const rows = (x: Rows["x"], codes: Float64Array) => ({ x, y: target.encode(codes, choice.oneHot) });
  // Amounts as they are, which the model's own scale would make negative.
  if (task === "regression" && !choice.scale) {
    const column = (values: Float64Array) => tensor(values, { shape: [values.length, 1] });
    const loss = choice.loss as losses.ConfiguredLoss;
    return {
      name: choice.name,
      rows,
      loss: (predictions, codes) => loss.evaluate(column(codes), column(predictions)).value,
    };
  }
  model.compile({ optimizer: "sgd", loss: choice.loss });
  const standardised = task === "regression" && encoder !== null;
  return { name: choice.name, ...(standardised && { unit: "standard deviations of the target" }), rows };
}
