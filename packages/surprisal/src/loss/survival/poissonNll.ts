import { exp, sub, weighted } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { nonNegative } from "../domain.ts";
import { flag } from "../params.ts";
import { poissonCost } from "./counts.ts";

/**
 * Negative log-likelihood of a count under the Poisson rate e^z, z = yPred; averaged over the last axis. `full` adds log y!, in a form
 * in which large counts do not cancel. `poisson` is the same for predicted rates.
 */
export const poissonNll = defineLoss({
  name: "poissonNll",
  aliases: ["poissonNllLoss", "poissonLogRate"],
  task: "count",
  summary: "For counts: what a count costs a model that put out the logarithm of its rate.",
  formula: String.raw`\ell = e^z - y z \; [\, + \log y! \,]`,
  compat: [
    {
      framework: "pytorch",
      name: "torch.nn.PoissonNLLLoss",
      arguments: { full: "full" },
      differs: "With full, PyTorch adds Stirling's approximation of log y! for y > 1. For log_input=False use poisson.",
    },
  ],
  yTrue: nonNegative,
  params: { full: flag(false, "whether log y!, which no prediction changes, is added") },
  value: (yTrue, yPred, { full }) => (full ? poissonCost(yTrue, yPred) : sub(exp(yPred), weighted(yTrue, yPred))),
  textbook(y: number, z: number, { full }) {
    let logFactorialOfY = 0;
    for (let k = 2; k <= y; k++) logFactorialOfY += Math.log(k);
    return Math.exp(z) - y * z + (full ? logFactorialOfY : 0);
  },
  examples: [
    { yTrue: 2, yPred: 0, loss: 1 },
    { yTrue: 0, yPred: 0, params: { full: true }, loss: 1 },
    { yTrue: 3, yPred: 0, params: { full: true }, loss: 1 + Math.log(6) },
  ],
  traits: { smooth: true, convex: true },
});
