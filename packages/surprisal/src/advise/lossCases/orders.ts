/** Losses of order: steps of a scale, lists to be sorted, times until something happens. */
import type { Advice, Described, LossCase } from "./case.ts";

const ordinal = ({ classes }: Described): Advice => ({
  loss: "corn",
  activation: "linear",
  units: classes === undefined ? "one less than classes" : classes - 1,
  metrics: [],
  why: [
    "Each unit answers whether a row is beyond one step, given that it is beyond the step before; their product gives every class its probability, in order.",
    "To be off by two steps costs more than to be off by one.",
  ],
  considered: [
    { loss: "sparseCategoricalCrossentropy", because: "It knows no order: every wrong class is as wrong." },
    { loss: "meanSquaredError", because: "It takes all steps for equally long." },
    {
      loss: "coral",
      because: "One score with a threshold a step: fewer weights, all steps alike; it needs an output of its own.",
    },
    {
      loss: "cumulativeLink",
      because: "The classical model with thresholds to be learnt; it needs an output of its own.",
    },
  ],
});

const ranking = ({ classes }: Described): Advice => ({
  loss: "listNet",
  activation: "linear",
  units: classes ?? "one an item",
  metrics: [],
  why: [
    "Only the order within a list counts: scores have no scale of their own, so the output has no bounds.",
    "Relevances and scores become distributions over the list's items, held against each other by cross-entropy.",
  ],
  considered: [
    { loss: "rankNet", because: "It compares all pairs, and counts a swap at the top like one at the bottom." },
    {
      loss: "approxNdcg",
      because: "It follows the figure that rankings are judged by, but is hard to train from scratch.",
    },
    { loss: "listMle", because: "For a complete order; ties have none." },
    {
      loss: "meanSquaredError",
      because: "It learns the relevances, and spends its strength on lists that are in order already.",
    },
  ],
});

const survival = (): Advice => ({
  loss: "coxPartialLikelihood",
  activation: "linear",
  units: 1,
  metrics: [],
  why: [
    "Rows that had not come to an end when last seen say that it takes longer, and a loss must take that: each row brings its time and whether it ended.",
    "Only the order of the times counts, so nothing need be known of how they are distributed.",
  ],
  considered: [
    { loss: "meanSquaredError", because: "It would take the last look for the end." },
    { loss: "aft", because: "It predicts the time itself, if its distribution is known." },
    { loss: "weibullNll", because: "The same with a Weibull distribution, of which both numbers are predicted." },
    { loss: "discreteTimeHazard", because: "For times in steps (months, say): one unit a step." },
  ],
});

export const orderCases: readonly LossCase[] = [
  { task: "ordinal", advise: ordinal },
  { task: "ranking", advise: ranking },
  { task: "survival", advise: survival },
];
