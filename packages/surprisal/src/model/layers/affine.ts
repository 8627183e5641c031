/** What normalisations begin and end with: taking off the mean, then a scale and a shift. */
import { flag } from "../../base/parameters.ts";
import type { Shape } from "../../base/shape.ts";
import { add, mean, mul, type Node, reshape, sub } from "../../graph/index.ts";
import { constraintRegistry } from "../constraints/registry.ts";
import type { Constraint, Initializer, Regularizer, WeightSpec } from "../contract.ts";
import { initializerRegistry } from "../initializers/registry.ts";
import { optionalPart, part } from "../named.ts";
import { regularizerRegistry } from "../regularizers/registry.ts";
import { weight } from "./define.ts";

export const affineParameters = {
  center: flag(true, "add the weight beta"),
  scale: flag(true, "multiply by the weight gamma"),
  betaInitializer: part(initializerRegistry, "zeros", "first values of beta"),
  gammaInitializer: part(initializerRegistry, "ones", "first values of gamma"),
  betaRegularizer: optionalPart(regularizerRegistry, "penalty on beta"),
  gammaRegularizer: optionalPart(regularizerRegistry, "penalty on gamma"),
  betaConstraint: optionalPart(constraintRegistry, "projection of beta after each update"),
  gammaConstraint: optionalPart(constraintRegistry, "projection of gamma after each update"),
};

interface AffineConfig {
  readonly center: boolean;
  readonly scale: boolean;
  readonly betaInitializer: Initializer;
  readonly gammaInitializer: Initializer;
  readonly betaRegularizer: Regularizer | undefined;
  readonly gammaRegularizer: Regularizer | undefined;
  readonly betaConstraint: Constraint | undefined;
  readonly gammaConstraint: Constraint | undefined;
}

/** `gamma`, then `beta`, as far as they are wanted. */
export function affineWeights(shape: Shape, c: AffineConfig): WeightSpec[] {
  const gamma = weight("gamma", shape, c.gammaInitializer, {
    regularizer: c.gammaRegularizer,
    constraint: c.gammaConstraint,
  });
  const beta = weight("beta", shape, c.betaInitializer, {
    regularizer: c.betaRegularizer,
    constraint: c.betaConstraint,
  });
  return [...(c.scale ? [gamma] : []), ...(c.center ? [beta] : [])];
}

/**
 * x less its mean over these axes, which are kept, and that mean. The rounding of the mean would shift every value alike, by
 * up to half a unit of the mean: as much as the values themselves where x has a large offset. The mean of what is left is that
 * error, so taking it off as well leaves values that are right to their own size (the corrected two-pass algorithm, Chan,
 * Golub & LeVeque 1983).
 */
export function centre(x: Node, over: readonly number[]): { centred: Node; average: Node } {
  const average = mean(x, over, { keepDims: true });
  const first = sub(x, average);
  const error = mean(first, over, { keepDims: true });
  return { centred: sub(first, error), average: add(average, error) };
}

/** x · gamma + beta, each seen in the shape that broadcasts against x; an absent one does nothing. */
export function affine(x: Node, gamma: Node | undefined, beta: Node | undefined, shape: Shape): Node {
  const scaled = gamma === undefined ? x : mul(x, reshape(gamma, shape));
  return beta === undefined ? scaled : add(scaled, reshape(beta, shape));
}
