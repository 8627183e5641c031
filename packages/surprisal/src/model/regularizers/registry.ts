import type { Regularizer } from "../contract.ts";
import { type NamedWritten, registryOf } from "../named.ts";
import * as all from "./index.ts";

/** The names of regularizers. */
export type RegularizerName = keyof typeof all;
/** What may be written where a regularizer is asked for. */
export type RegularizerLike = NamedWritten<Regularizer, RegularizerName>;

/** Regularizers by name. */
export const regularizerRegistry = registryOf<Regularizer, typeof all>("regularizer", all);
