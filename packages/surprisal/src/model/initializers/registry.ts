import type { Initializer } from "../contract.ts";
import { type NamedWritten, registryOf } from "../named.ts";
import * as all from "./index.ts";

/** The names of initializers. */
export type InitializerName = keyof typeof all;
/** What may be written where an initializer is asked for. */
export type InitializerLike = NamedWritten<Initializer, InitializerName>;

/** Initializers by name. */
export const initializerRegistry = registryOf<Initializer, typeof all>("initializer", all);
