/** How much each sample counts: weights, masks and ignored labels, aligned with the unreduced losses. */
import type { FloatDType } from "../base/dtype.ts";
import { InvalidArgumentError } from "../base/errors.ts";
import type { Shape } from "../base/shape.ts";
import { and, broadcastTo, cast, equal, type Node, not, reshape } from "../graph/index.ts";
import type { LossInputs } from "./contract.ts";
import { alignWeights } from "./domain.ts";

export interface Samples {
  readonly sampleWeight: Node | undefined;
  /** Neither masked nor ignored. */
  readonly active: Node | undefined;
  /** Active and of a weight other than 0. */
  readonly counts: Node | undefined;
}

const both = (a: Node | undefined, b: Node | undefined) => (a && b ? and(a, b) : (a ?? b));

/** @throws InvalidArgumentError for weights or a mask where no sample has a loss of its own: the axes of the losses are none. */
export function requireLosses(
  name: string,
  lossAxes: string,
  { sampleWeight, mask }: { readonly sampleWeight?: unknown; readonly mask?: unknown },
): void {
  if (lossAxes !== "" || (sampleWeight === undefined && mask === undefined)) return;
  throw new InvalidArgumentError("loss/no-weights", {
    received: `${name} was given weights or a mask`,
    expected: "it is one value for a whole batch, in which no sample has a loss of its own",
    hint: "Leave the samples out of the batch, or use a loss with one value a sample.",
  });
}

/** @param valid bool: where the label is not ignored. */
export function alignSamples(
  inputs: LossInputs,
  lossShape: Shape,
  dtype: FloatDType,
  valid: Node | undefined,
): Samples {
  const aligned = (what: "sampleWeight" | "mask") => {
    const given = inputs[what];
    return given && broadcastTo(reshape(given, alignWeights(what, given.shape, lossShape)), lossShape);
  };
  const mask = aligned("mask");
  const weight = aligned("sampleWeight");
  const sampleWeight = weight && cast(weight, dtype);
  const active = both(valid, mask);
  return { sampleWeight, active, counts: both(active, sampleWeight && not(equal(sampleWeight, 0))) };
}

/** A condition on samples, broadcast over the entries that each has in an array. */
export function overEntries(condition: Node, shape: Shape): Node {
  const ones = new Array<number>(shape.length - condition.shape.length).fill(1);
  return broadcastTo(reshape(condition, [...condition.shape, ...ones]), shape);
}
