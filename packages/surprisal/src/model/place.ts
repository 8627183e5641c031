/** Says in an error which layer it is about. */
import { DTypeError, InvalidArgumentError, ShapeError, SurprisalError, UnknownNameError } from "../base/errors.ts";

/** Those whose constructor takes code, parts and options. */
const kinds = [InvalidArgumentError, ShapeError, DTypeError, UnknownNameError, SurprisalError] as const;

/** Runs `f`; a typed error from it is thrown again with `place` in front of its message, and the same class and code. */
export function inPlace<T>(place: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    const kind = kinds.find((candidate) => (error as object | undefined)?.constructor === candidate);
    if (kind === undefined) throw error;
    const { code, received, expected, hint } = error as SurprisalError;
    throw new kind(code, { received: `${place}: ${received}`, expected, hint }, { cause: error });
  }
}
