import { add, exp, sub, weighted, xlogy } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { logits, nonNegative, rates } from "../domain.ts";
import { flag } from "../params.ts";
import { logFactorial } from "../special.ts";

/** Negative log-likelihood of a count under a Poisson rate, averaged over the last axis. Nothing is added to the rate. */
export const poisson = defineLoss({
  name: "poisson",
  aliases: ["poissonLoss"],
  task: "count",
  summary: "For counts: what a count costs a model that gave it this rate.",
  formula: String.raw`\ell = \hat y - y \log \hat y \; [\, + \log y! \,], \quad \text{or} \quad e^z - y z`,
  yTrue: nonNegative,
  yPred: ({ logInput }) => (logInput ? logits : rates),
  params: {
    logInput: flag(false, "whether yPred is the logarithm of the rate"),
    full: flag(false, "whether log y!, which no prediction changes, is added"),
  },
  value(yTrue, yPred, { logInput, full }) {
    const cost = logInput ? sub(exp(yPred), weighted(yTrue, yPred)) : sub(yPred, xlogy(yTrue, yPred));
    return full ? add(cost, logFactorial(yTrue)) : cost;
  },
  textbook(y: number, p: number, { logInput, full }) {
    let logFactorialOfY = 0;
    for (let k = 2; k <= y; k++) logFactorialOfY += Math.log(k);
    return (logInput ? Math.exp(p) - y * p : p - y * Math.log(p)) + (full ? logFactorialOfY : 0);
  },
  compat: [
    { framework: "keras", name: "keras.losses.Poisson", differs: "1e-7 is added to the rate there." },
    {
      framework: "pytorch",
      name: "torch.nn.PoissonNLLLoss",
      arguments: { log_input: "logInput", full: "full" },
      options: { logInput: true },
      differs: "1e-8 (eps) is added to a rate there, and full takes Stirling's approximation for counts above 1.",
    },
    {
      framework: "scikit-learn",
      name: 'sklearn.ensemble.HistGradientBoostingRegressor(loss="poisson")',
      options: { logInput: true },
    },
  ],
  examples: [
    { yTrue: 0, yPred: 3, loss: 3 },
    { yTrue: 5, yPred: 1, loss: 1 },
    { yTrue: 2, yPred: 0, params: { logInput: true }, loss: 1 },
  ],
  traits: { smooth: true, convex: true },
});
