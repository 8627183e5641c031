/** What is found out about a loss by evaluating it: its slopes at kinks, and whether its values are nats. */
import { SurprisalError } from "../base/errors.ts";
import type { Loss } from "../loss/contract.ts";
import { describe } from "./lossArrays.ts";
import { type CurveKind, evaluateRows, type KinkSlopes, kinksOn, planCurve } from "./lossAxis.ts";

/** The gradient on both sides of each kink that the definition declares, and the one that is taken there. */
export function kinkSlopes(loss: string | Loss): KinkSlopes[] {
  const described = describe(loss);
  const plan = planCurve(described);
  return plan === undefined ? [] : kinksOn(described, plan, plan.yTrue).map(({ x: _, ...slopes }) => slopes);
}

/**
 * `"nats"` for a loss that costs a certain outcome −log p where it was given probability p, which is found by evaluating it; undefined for
 * every other loss, whose values have no unit, or that of the target.
 */
export function lossUnit(loss: string | Loss): "nats" | undefined {
  const described = describe(loss);
  // Of two classes, the logit of the true one against 0 is that of its probability.
  const plan = planCurve(described, 2);
  const at = plan && places[plan.kind];
  if (plan === undefined || at === undefined) return undefined;
  const costs = [0.5, 1, 3];
  try {
    const { values } = evaluateRows(
      described,
      plan,
      costs.map((cost) => at(Math.exp(-cost))),
      plan.yTrue,
    );
    return values.every((value, i) => Math.abs(value - (costs[i] as number)) < 1e-9) ? "nats" : undefined;
  } catch (error) {
    if (error instanceof SurprisalError) return undefined;
    throw error;
  }
}

/** Where a probability lies on an axis. */
const places: Partial<Record<CurveKind, (p: number) => number>> = {
  probability: (p) => p,
  logProbability: Math.log,
  logit: (p) => Math.log(p) - Math.log1p(-p),
  margin: (p) => Math.log(p) - Math.log1p(-p),
  // A formula takes any target; the prediction for a target of 1 may yet be its probability.
  residual: (p) => p - 1,
};
