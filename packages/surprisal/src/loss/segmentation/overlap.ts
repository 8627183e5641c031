/**
 * What the losses of overlaps share: sums over the pixels of a class, of a sample, or of a whole batch, and a ratio of them that is written as
 * the part that is wrong over the whole, so that nothing cancels where a prediction is nearly right.
 */
import { add, div, equal, mean, mul, type Node, neg, sigmoid, sub, sum, where } from "../../graph/index.ts";
import type { ArraySpec } from "../arrays.ts";
import { complements, naiveShares as naiveRow, shares } from "../classification/shares.ts";
import type { Compat } from "../compat.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import type { Reference, Traits } from "../definition.ts";
import { type Domain, logits, probabilities, unitInterval } from "../domain.ts";
import { choice, flag, nonNegative, type Params, type ParamValues } from "../params.ts";

/** Targets of a pixel: 0 and 1, or shares. */
const mask: Domain = {
  ...unitInterval,
  hint: "Code what belongs to a class as 1 and the rest as 0, or pass one-hot rows (toCategorical) or shares.",
};
/** Pixels of a sample, each with its classes. */
export const pixels = {
  yTrue: { axes: "N P C", domain: mask, doc: "one mask a class, the pixels of a sample on one axis" },
  yPred: {
    axes: "N P C",
    domain: ({ fromLogits }: { readonly fromLogits: boolean }) => (fromLogits ? logits : probabilities),
    doc: "probabilities or logits of the same shape",
  },
} satisfies Record<string, ArraySpec>;

export const overlapParams = {
  fromLogits: flag(false, "whether yPred holds logits instead of probabilities"),
  activation: choice(["softmax", "sigmoid"], "what makes probabilities of logits: over the classes, or each by itself"),
  per: choice(
    ["sampleClass", "sample", "batchClass", "batch"],
    "what overlaps are taken of: each class of each sample, whole samples, each class of the batch, the whole batch",
  ),
  smooth: nonNegative(0, "added above and below: softens the loss of small masks and of empty ones"),
};
type OverlapParams = typeof overlapParams;

/** Predicted shares p and 1 − p, each with its digits. */
export function sharesOf(
  yPred: Node,
  { fromLogits, activation }: { readonly fromLogits: boolean; readonly activation: "softmax" | "sigmoid" },
): { readonly p: Node; readonly rest: Node } {
  if (fromLogits && activation === "sigmoid") return { p: sigmoid(yPred), rest: sigmoid(neg(yPred)) };
  return { p: shares(yPred, { fromLogits }), rest: complements(yPred, { fromLogits }) };
}

/** Sums over what one overlap is taken of. */
export type Total = (x: Node) => Node;
/** How overlaps are summed, and how those of the classes become one. */
const groups: Readonly<Record<"sampleClass" | "sample" | "batchClass" | "batch", { total: Total; join: Total }>> = {
  sampleClass: { total: (x) => sum(x, [1]), join: (x) => mean(x, [-1]) },
  sample: { total: (x) => sum(x, [1, 2]), join: (x) => x },
  batchClass: { total: (x) => sum(x, [0, 1]), join: (x) => mean(x, [-1]) },
  batch: { total: (x) => sum(x), join: (x) => x },
};
export const overlapAxes = { sampleClass: "N", sample: "N", batchClass: "", batch: "" } as const;

/** The wrong part of a group and the whole that it is of; smooth is added to the whole. */
export interface Parts {
  readonly wrong: Node;
  readonly whole: Node;
}

/** wrong / (whole + smooth), 0 where there is nothing at all. */
export function shareOfWrong({ wrong, whole }: Parts, smooth: number): Node {
  const all = smooth === 0 ? whole : add(whole, smooth);
  const none = equal(all, 0);
  return where(none, 0, div(wrong, where(none, 1, all)));
}

/** y (1 − p) + p (1 − y), summed: what is missing and what is too much. */
export const differing = (y: Node, p: Node, rest: Node, total: Total): Node =>
  total(add(mul(y, rest), mul(p, sub(1, y))));

interface Overlap<P extends Params> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly formula: string;
  readonly references: readonly Reference[];
  readonly compat?: readonly Compat[];
  readonly params: P;
  readonly traits?: Traits;
  parts(y: Node, p: Node, rest: Node, total: Total, params: ParamValues<P>): Parts;
  /** What is made of the share of wrong; the share itself when left out. */
  finish?(share: Node, params: ParamValues<P>): Node;
  /** The loss of masks that share nothing, with smooth 0. */
  readonly apart: number;
  /** The loss of one group in textbook form. */
  naive(y: readonly number[], p: readonly number[], params: ParamValues<P & OverlapParams>): number;
}

/** A loss of overlaps: everything but the ratio is the same in all of them. */
export function defineOverlap<const P extends Params>({ parts, finish, naive, params, apart, ...said }: Overlap<P>) {
  return defineArrayLoss({
    ...said,
    task: "segmentation",
    ...pixels,
    losses: ({ per }: ParamValues<OverlapParams>) => overlapAxes[per],
    params: { ...overlapParams, ...params },
    value(yTrue: Node, yPred: Node, given: ParamValues<P & OverlapParams>) {
      const { per, smooth } = given as unknown as ParamValues<OverlapParams>;
      const { total, join } = groups[per];
      const { p, rest } = sharesOf(yPred, given as unknown as ParamValues<OverlapParams>);
      const share = shareOfWrong(parts(yTrue, p, rest, total, given), smooth);
      return join(finish === undefined ? share : finish(share, given));
    },
    textbook(y: number[][][], x: number[][][], given: ParamValues<P & OverlapParams>) {
      const settings = given as unknown as ParamValues<OverlapParams>;
      return naiveGroups(y, naiveShares(x, settings), settings.per, (a, b) => naive(a, b, given));
    },
    examples: [
      {
        yTrue: [[[1], [0]]],
        yPred: [[[1], [0]]],
        loss: 0,
      },
      {
        yTrue: [[[1], [0]]],
        yPred: [[[0], [1]]],
        options: { per: "batch", smooth: 0 },
        loss: apart,
      },
    ],
  });
}

/** Probabilities in textbook form. */
export function naiveShares(
  x: readonly (readonly (readonly number[])[])[],
  { fromLogits, activation }: { readonly fromLogits: boolean; readonly activation: string },
): number[][][] {
  return x.map((sample) =>
    sample.map((row) => {
      if (fromLogits && activation === "sigmoid") return row.map((z) => 1 / (1 + Math.exp(-z)));
      return naiveRow(row, { fromLogits });
    }),
  );
}

/** A function of the targets and shares of each group, and the mean over the classes where groups are classes. */
export function naiveGroups(
  y: number[][][],
  p: number[][][],
  per: keyof typeof groups,
  of: (y: readonly number[], p: readonly number[]) => number,
): number[] {
  const classes = Array.from({ length: y[0]?.[0]?.length ?? 0 }, (_, c) => c);
  const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const column = (samples: number[][][], c: number) => samples.flatMap((s) => s.map((row) => row[c] as number));
  const byClass = (a: number[][][], b: number[][][]) => average(classes.map((c) => of(column(a, c), column(b, c))));
  if (per === "batch") return [of(y.flat(2), p.flat(2))];
  if (per === "batchClass") return [byClass(y, p)];
  return y.map((sample, n) =>
    per === "sample" ? of(sample.flat(), (p[n] as number[][]).flat()) : byClass([sample], [p[n] as number[][]]),
  );
}
/** Dice as the share of wrong: what is missing and too much, over both masks. */
export const diceParts = (y: Node, p: Node, rest: Node, total: Total): Parts => ({
  wrong: differing(y, p, rest, total),
  whole: add(total(p), total(y)),
});
/** Dice in textbook form. */
export function naiveDice(y: readonly number[], p: readonly number[], smooth: number): number {
  const whole = naiveSum(p) + naiveSum(y) + smooth;
  return whole === 0 ? 0 : 1 - (2 * naiveSum(p, y) + smooth) / whole;
}
/** Σ a b in textbook form. */
export const naiveSum = (a: readonly number[], b: readonly number[] = a.map(() => 1)): number =>
  a.reduce((total, x, i) => total + x * (b[i] as number), 0);
