import type { Regularizer } from "../contract.ts";
import { definer } from "../named.ts";

/** Declares a regularizer: a scalar penalty as a function of a node. */
export const defineRegularizer = definer<Regularizer>();
