/** Why a model file is refused. */
import { ModelFileError, SurprisalError } from "../base/errors.ts";

const damaged = "The file is damaged or was altered: copy it again, or save the model again.";

/** The error for a model file. @param hint what to try; by default that of a damaged file */
export function refuseModel(
  code: string,
  received: string,
  expected: string,
  hint = damaged,
  options?: ErrorOptions,
): ModelFileError {
  return new ModelFileError(`model-file/${code}`, { received, expected, hint }, options);
}

/**
 * Runs `read`, which trusts nothing. Whatever it throws comes out as a ModelFileError that says of what it speaks.
 * @param what `"the layers in penguins.safetensors"`
 */
export function readingFrom<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ModelFileError) throw cause;
    if (cause instanceof SurprisalError) {
      throw refuseModel("bad-content", `${what}: ${cause.received}`, cause.expected, cause.hint, { cause });
    }
    // For content that no check foresaw, such as nesting that uses up the stack.
    throw refuseModel(
      "unreadable",
      `${what} cannot be read (${String(cause)})`,
      "it should be a saved model's",
      damaged,
      {
        cause,
      },
    );
  }
}
