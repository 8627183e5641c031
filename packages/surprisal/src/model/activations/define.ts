import type { Activation } from "../contract.ts";
import { definer } from "../named.ts";

/** Declares an activation: name, aliases, parameters and the function of a node. NaN in gives NaN out, always. */
export const defineActivation = definer<Activation>();
