import type { Constraint } from "../contract.ts";
import { definer } from "../named.ts";

/** Declares a constraint: what a weight becomes after each update. */
export const defineConstraint = definer<Constraint>();
