/** Limits on gradients. Norms are taken in float64, so that large float32 gradients do not overflow into a lost update. */
import { add, cast, div, maximum, minimum, mul, type Node, sqrt, square, sum } from "../../graph/index.ts";

const squares = (gradient: Node): Node => sum(square(cast(gradient, "float64")));

/** limit / max(norm, limit): 1 while the norm is within the limit. */
const factor = (squaredNorm: Node, limit: number): Node => div(limit, maximum(sqrt(squaredNorm), limit));

/** Scales one gradient down to the norm `limit`. */
export const clipByNorm = (gradient: Node, limit: number): Node =>
  mul(gradient, cast(factor(squares(gradient), limit), gradient.dtype));

/** Cuts every element to [−limit, limit]. */
export const clipByValue = (gradient: Node, limit: number): Node => maximum(minimum(gradient, limit), -limit);

/** Scales all gradients by one factor, so that their norm taken together is at most `limit`. */
export function clipByGlobalNorm(gradients: readonly Node[], limit: number): Node[] {
  if (gradients.length === 0) return [];
  const scale = factor(
    gradients.map(squares).reduce((total, part) => add(total, part)),
    limit,
  );
  return gradients.map((gradient) => mul(gradient, cast(scale, gradient.dtype)));
}
