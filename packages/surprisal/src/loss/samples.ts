/** How much each sample counts: weights, masks and ignored labels, aligned with the unreduced losses. */
import type { FloatDType } from "../base/dtype.ts";
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
