import type { Initializer } from "../contract.ts";
import { definer } from "../named.ts";

/** Declares an initializer: values for a shape from a stream of uniform numbers, with the same bits in every engine. */
export const defineInitializer = definer<Initializer>();
