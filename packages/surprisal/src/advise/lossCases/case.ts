/** A row of the table behind `chooseLoss`. */
import type { Circumstances, LossTask, TargetForm } from "../lossDescription.ts";

/** A loss that was not chosen. */
export interface ConsideredLoss {
  readonly loss: string;
  /** A sentence: what speaks against it here, or when it would be the one. */
  readonly because: string;
}

/** A number of units, or what there is one of. */
export type OutputUnits =
  | number
  | "one a class"
  | "one a label"
  | "one a number"
  | "one an item"
  | "one less than classes";

/** The question with its gaps filled. */
export interface Described extends Circumstances {
  readonly task: LossTask;
  readonly targets: TargetForm;
}

export interface Advice {
  readonly loss: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly activation: string;
  readonly units: OutputUnits;
  readonly metrics: readonly string[];
  readonly why: readonly string[];
  readonly considered: readonly ConsideredLoss[];
}

export interface LossCase {
  readonly task: LossTask;
  /** When the case applies; always, where it is absent. */
  when?(described: Described): boolean;
  advise(described: Described): Advice;
}
