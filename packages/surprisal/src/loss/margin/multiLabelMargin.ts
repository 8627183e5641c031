import {
  add,
  broadcastTo,
  cast,
  div,
  equal,
  iota,
  less,
  max,
  maximum,
  mul,
  type Node,
  neg,
  reshape,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, type Domain, logits } from "../domain.ts";

/** Class numbers, and −1 for the end of the list. */
const labelOrEnd: Domain = {
  ...classIndex,
  name: "labelOrEnd",
  values: "class numbers from 0, and -1 after the last",
  accepts: (x) => x === -1 || classIndex.accepts(x),
  hint: "Fill each row up with -1 to one number a class.",
};

/**
 * (1/C) Σ max(0, 1 − (f_j − f_i)) over the labels j of a row and the other classes i. Each row of yTrue lists the row's class numbers,
 * as many as there are, and −1 after them up to one number a class; what follows the first −1 does not count. A label that is listed
 * twice counts twice.
 */
export const multiLabelMargin = defineArrayLoss({
  name: "multiLabelMargin",
  aliases: ["multiLabelMarginLoss", "multilabelHinge"],
  task: "multilabel",
  summary: "Every label of a row is to score higher, by 1, than every class that is none of its labels.",
  formula: String.raw`\ell = \frac1C \sum_{j \in Y} \sum_{i \notin Y} \max(0, 1 - (f_j - f_i))`,
  references: [{ title: "Weston, Watkins, Support Vector Machines for Multi-Class Pattern Recognition (1999)" }],
  yTrue: { axes: "... C", domain: labelOrEnd, doc: "class numbers, and -1 after the last", classes: "C" },
  yPred: { axes: "... C", domain: logits, doc: "a score for each class", harmless: 0 },
  losses: "...",
  value(yTrue, yPred) {
    const classes = yPred.shape.at(-1) as number;
    const end = neg(max(neg(where(less(yTrue, 0), iota(-1, yTrue.shape), classes)), { keepDims: true }));
    const counts = less(iota(-1, yTrue.shape), broadcastTo(end, yTrue.shape));
    const pairs = [...yPred.shape, classes];
    // Listed numbers along the last axis but one, classes along the last.
    const listed = down(where(counts, yTrue, -1), pairs);
    const times = sum(cast(equal(listed, iota(-1, pairs)), yPred.dtype), [-2]);
    const isLabel = less(0, times);
    const missing = maximum(0, add(1, sub(across(yPred, pairs), down(yPred, pairs))));
    const others = where(across(isLabel, pairs), 0, missing);
    const cost = div(sum(mul(down(times, pairs), others), [-2, -1]), classes);
    const isKnown = less(max(yTrue), classes);
    return where(isKnown, cost, Number.NaN);
  },
  textbook: (y: number[][], f: number[][]) =>
    f.map((row, r) => {
      const list = y[r] as number[];
      const labels = list.slice(0, [...list, -1].indexOf(-1));
      const others = row.filter((_, i) => !labels.includes(i));
      const costs = labels.flatMap((j) => others.map((score) => Math.max(0, 1 - ((row[j] as number) - score))));
      return costs.reduce((a, b) => a + b, 0) / row.length;
    }),
  compat: [{ framework: "pytorch", name: "torch.nn.MultiLabelMarginLoss" }],
  examples: [
    { yTrue: [[0, -1, -1]], yPred: [[2, 0, 1.5]], loss: 0.5 / 3 },
    { yTrue: [[2, 0, -1]], yPred: [[0, 0, 0]], loss: 2 / 3 },
    { yTrue: [[-1, 1, 2]], yPred: [[1, 2, 3]], loss: 0 },
  ],
});

/** A row's numbers down the last axis but one, and along the last. */
const down = (x: Node, shape: readonly number[]) => broadcastTo(reshape(x, [...x.shape, 1]), shape);
const across = (x: Node, shape: readonly number[]) =>
  broadcastTo(reshape(x, [...x.shape.slice(0, -1), 1, x.shape.at(-1) as number]), shape);
