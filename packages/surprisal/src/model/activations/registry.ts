import type { Activation } from "../contract.ts";
import { type NamedWritten, registryOf } from "../named.ts";
import * as all from "./index.ts";

/** The names of activations. */
export type ActivationName = keyof typeof all;
/** What may be written where an activation is asked for. */
export type ActivationLike = NamedWritten<Activation, ActivationName>;

/** Activations by name. */
export const activationRegistry = registryOf<Activation, typeof all>("activation", all);
