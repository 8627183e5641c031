import type { Activation, OutputRange } from "../contract.ts";
import { definer } from "../named.ts";

/** No bound on either side. */
export const anyNumber: OutputRange = { low: -Infinity, high: Infinity };
/** From 0 up. */
export const upFromZero: OutputRange = { low: 0, high: Infinity };

/** Declares an activation: name, aliases, parameters, the function of a node and the range of its results. NaN in gives NaN out, always. */
export const defineActivation = definer<Activation>();
