/** Pieces that losses of a residual share. */
import { add, constant, lessEqual, mul, type Node, square, sub, where } from "../../graph/index.ts";
import { magnitude } from "../special.ts";

/** e²/2 where |e| ≤ delta, else delta (|e| − delta/2). */
export function huberOf(residual: Node, delta: number): Node {
  const size = magnitude(residual);
  const inside = lessEqual(size, delta);
  // Each branch sees only its own residuals, so neither overflows for the other.
  const parabola = mul(0.5, square(where(inside, residual, 0)));
  const line = mul(delta, sub(where(inside, delta / 2, size), delta / 2));
  return add(parabola, line);
}

/** One of two numbers for each residual: for those up to 0 (predictions that are not too high), and for those above. */
export function bySide(residual: Node, upTo: number, above: number): Node {
  const high = constant(above, residual.dtype, residual.shape);
  return upTo === above ? high : where(lessEqual(residual, 0), upTo, high);
}

/** Beyond this many units √(1 + u²) is |u|, and u² may overflow. */
export const farUnits = 2 ** 40;
