/** What a configured loss takes, read from its definition: the trainer, the advice and the command line ask it. */
import type { Loss } from "./contract.ts";
import { type Domain, logits, real } from "./domain.ts";

/** The numbers that a loss takes. */
export interface Takes {
  readonly yTrue: Domain;
  readonly yPred: Domain;
  /** One number a row comes out, and the last axis of yPred holds classes. */
  readonly overClasses: boolean;
}

interface Described {
  readonly yTrue?: unknown;
  readonly yPred?: unknown;
  readonly axis?: string;
}

/**
 * The domains of targets and predictions at the parameters of this loss; undefined for a loss that does not say (not made by
 * `defineLoss`) or that takes other arrays than one of targets and one of predictions.
 */
export function takesOf(loss: Loss): Takes | undefined {
  const definition = loss.definition as Described | undefined;
  return definition && plainDomains(definition, (loss as { params?: unknown }).params);
}

/** The domains that a definition names, at some parameters; undefined where it is not of one array each. */
export function plainDomains(definition: Described, params: unknown): Takes | undefined {
  const domain = (given: unknown, otherwise: Domain): Domain | undefined => {
    const found: unknown = typeof given === "function" ? given(params) : (given ?? otherwise);
    return typeof (found as Partial<Domain>).accepts === "function" ? (found as Domain) : undefined;
  };
  const yTrue = domain(definition.yTrue, real);
  const yPred = domain(definition.yPred, logits);
  return yTrue && yPred && { yTrue, yPred, overClasses: definition.axis === "class" };
}
