/** What the trainer needs to know of a loss. */
import type { Node } from "../graph/index.ts";

/** What kind of numbers the targets are; it decides how they are stored. */
export type TargetKind = "classIndex" | "real";

/** A loss on one batch, as nodes. `sum / divisor` is the value; both add up over batches, threads and machines. */
export interface LossGraph {
  /** Unreduced: yPred's shape without its last axis (for losses over a class or feature axis). */
  readonly perSample: Node;
  /** Scalar: Σ mask · sampleWeight · perSample. */
  readonly sum: Node;
  /** Scalar, what the sum is divided by. */
  readonly divisor: Node;
  /** Scalar: sum / divisor, 0 where the divisor is 0. */
  readonly value: Node;
}

/** What may come with targets and predictions. */
export interface LossInputs {
  /** Aligned with perSample. */
  readonly sampleWeight?: Node;
  /** bool, aligned with perSample; masked entries reach neither sum nor (where it counts valid ones) divisor. */
  readonly mask?: Node;
  /** bool, yPred's shape: classes that are out of the question; only for losses that say so. */
  readonly classMask?: Node;
}

/** A configured loss. */
export interface Loss {
  readonly name: string;
  readonly targets: TargetKind;
  /** What the loss says of itself, if it does: the trainer asks whether its targets are classes. */
  readonly definition?: { readonly task?: string };
  /** Checks targets on the host before training (labels in range, finite, domain); throws typed errors naming the row. */
  checkTargets(yTrue: ArrayLike<number>, yTrueShape: readonly number[], yPredShape: readonly number[]): void;
  /** For losses whose targets have axes of their own: the shape that targets are read in. */
  alignTargets?(yTrueShape: readonly number[], yPredShape: readonly number[]): readonly number[];
  graph(yTrue: Node, yPred: Node, inputs?: LossInputs): LossGraph;
  /** Plain data from which `losses.fromConfig` makes the same loss. */
  toConfig(): { readonly name: string; readonly params: Readonly<Record<string, unknown>> };
}
