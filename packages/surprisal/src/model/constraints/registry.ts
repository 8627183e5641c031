import type { Constraint } from "../contract.ts";
import { type NamedWritten, registryOf } from "../named.ts";
import * as all from "./index.ts";

/** The names of constraints. */
export type ConstraintName = keyof typeof all;
/** What may be written where a constraint is asked for. */
export type ConstraintLike = NamedWritten<Constraint, ConstraintName>;

/** Constraints by name. */
export const constraintRegistry = registryOf<Constraint, typeof all>("constraint", all);
