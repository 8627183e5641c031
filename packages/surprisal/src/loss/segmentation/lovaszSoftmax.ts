import {
  abs,
  broadcastTo,
  cast,
  div,
  equal,
  iota,
  maximum,
  type Node,
  reshape,
  softmax,
  sum,
  transpose,
  where,
} from "../../graph/index.ts";
import { complements } from "../classification/shares.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits, probabilities } from "../domain.ts";
import { anyOf } from "../embedding/similarities.ts";
import { choice, flag } from "../params.ts";
import { lovaszExtension, naiveLovasz } from "./lovasz.ts";
import { naiveShares } from "./overlap.ts";

/**
 * The mean over classes of the Lovász extension of the Jaccard loss at the errors |[y = c] − p_c|, over all pixels of the batch at once; one value.
 * Compares all pairs of pixels.
 */
export const lovaszSoftmax = defineArrayLoss({
  name: "lovaszSoftmax",
  aliases: ["lovasz"],
  task: "segmentation",
  summary: "Optimises the mean intersection over union of all classes directly.",
  formula: String.raw`\ell = \overline{\overline{\Delta_{J_c}}\bigl(|[y = c] - p_c|\bigr)}^{\,c}`,
  references: [
    {
      title: "Berman, Rannen Triki, Blaschko, The Lovász-Softmax Loss (2018)",
      url: "https://arxiv.org/abs/1705.08790",
    },
  ],
  yTrue: { axes: "N P", domain: classIndex, doc: "the class of each pixel", classes: "C" },
  yPred: {
    axes: "N P C",
    domain: ({ fromLogits }: { readonly fromLogits: boolean }) => (fromLogits ? logits : probabilities),
    doc: "probabilities or logits of each pixel",
  },
  losses: "",
  params: {
    fromLogits: flag(false, "whether yPred holds logits instead of probabilities"),
    classes: choice(["present", "all"], "which classes the mean is over: those in yTrue, or all of them"),
  },
  value(yTrue, yPred, { fromLogits, classes }) {
    const [n, pixels, count] = yPred.shape as [number, number, number];
    const flat = (x: Node): Node => transpose(reshape(x, [n * pixels, count]));
    const rows = reshape(yPred, [n * pixels, count]);
    const shares = transpose(fromLogits ? softmax(rows) : rows);
    const rest = flat(reshape(complements(rows, { fromLogits }), yPred.shape));
    const own = equal(broadcastTo(reshape(yTrue, [1, n * pixels]), shares.shape), iota(0, shares.shape));
    // |[y = c] − p|: 1 − p, with its digits, where the class is the pixel's.
    const costs = lovaszExtension(where(own, rest, abs(shares)), own);
    if (classes === "all") return div(sum(costs), count);
    const there = anyOf(own, costs);
    return div(sum(where(there, costs, 0)), maximum(sum(cast(there, costs.dtype)), 1));
  },
  textbook(y: number[][], x: number[][][], { fromLogits, classes }) {
    const p = naiveShares(x, { fromLogits, activation: "softmax" }).flat();
    const labels = y.flat();
    const costs = (p[0] as number[]).flatMap((_, c) => {
      const own = labels.map((label) => (label === c ? 1 : 0));
      if (classes === "present" && !labels.includes(c)) return [];
      return [
        naiveLovasz(
          own.map((t, i) => Math.abs(t - (p[i]?.[c] as number))),
          own,
        ),
      ];
    });
    return [costs.reduce((a, b) => a + b, 0) / costs.length];
  },
  examples: [
    {
      yTrue: [[0, 1]],
      yPred: [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      loss: 0,
    },
    {
      yTrue: [[0, 1]],
      yPred: [
        [
          [0, 1],
          [1, 0],
        ],
      ],
      loss: 1,
    },
  ],
  traits: { nonNegative: true },
});
