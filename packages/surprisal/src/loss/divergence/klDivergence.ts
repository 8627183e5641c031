import type { LossOptions } from "../configured.ts";
import type { ConfiguredLoss, LossFunction } from "../define.ts";
import { type Distribution, divergenceOf, type EntropyOptions } from "./distributions.ts";
import { klLoss } from "./kl.ts";

type KlParams = typeof klLoss extends LossFunction<infer P> ? P : never;

/** A loss like the others, and with two distributions a function of them: `klDivergence([0.5, 0.5], [0.9, 0.1], { base: 2 })`. */
export interface KlDivergence extends LossFunction<KlParams> {
  (options?: LossOptions<KlParams>): ConfiguredLoss<KlParams>;
  (p: Distribution, q: Distribution, options?: EntropyOptions): number;
}

function call(first?: Distribution | LossOptions<KlParams>, q?: Distribution, options?: EntropyOptions) {
  if (q === undefined) return klLoss(first as LossOptions<KlParams> | undefined);
  return divergenceOf(first as Distribution, q, options);
}

const { length: _, prototype: __, ...members } = Object.getOwnPropertyDescriptors(klLoss) as PropertyDescriptorMap;
/** KL(yTrue ‖ yPred) = Σ yTrue · log(yTrue / yPred) over the classes, at least 0 for distributions; 0 · log 0 is 0. As a loss, or as a function of two
 * distributions. */
export const klDivergence = Object.defineProperties(call, members) as unknown as KlDivergence;
