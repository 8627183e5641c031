/**
 * The one error hierarchy. Every error has a stable `code` and a message of three parts: what came, what was expected and
 * what to try. Messages read "<received>, but <expected>. <hint>".
 */
import { suggestNames } from "./nearest.ts";

/** The three parts of every message. Written as parts of a sentence: `received`, "but" `expected`; `hint` is a sentence. */
export interface ErrorParts {
  readonly received: string;
  readonly expected: string;
  readonly hint: string;
}

/** Base of every error this library throws on purpose. */
export class SurprisalError extends Error {
  /** Stable, kebab-case, with the place before a slash: `"make-classification/too-many-clusters"`. */
  readonly code: string;
  readonly received: string;
  readonly expected: string;
  readonly hint: string;

  constructor(code: string, parts: ErrorParts, options?: ErrorOptions) {
    super(`${parts.received}, but ${parts.expected}. ${parts.hint}`, options);
    this.code = code;
    this.received = parts.received;
    this.expected = parts.expected;
    this.hint = parts.hint;
  }

  override get name(): string {
    return "SurprisalError";
  }

  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  /** The shape that `--json` prints. */
  toJSON(): { code: string; message: string; received: string; expected: string; hint: string } {
    return {
      code: this.code,
      message: this.message,
      received: this.received,
      expected: this.expected,
      hint: this.hint,
    };
  }
}

/** An argument outside what the function takes. */
export class InvalidArgumentError extends SurprisalError {
  override get name(): string {
    return "InvalidArgumentError";
  }
}

/** Sizes or ranks that do not fit together. */
export class ShapeError extends SurprisalError {
  override get name(): string {
    return "ShapeError";
  }
}

/** An element type that the operation does not take. */
export class DTypeError extends SurprisalError {
  override get name(): string {
    return "DTypeError";
  }
}

/** A name that is not in a registry; the hint lists the nearest ones. */
export class UnknownNameError extends SurprisalError {
  override get name(): string {
    return "UnknownNameError";
  }
}

/** Where in a table the trouble is. Rows count from 1, the header not included. */
export interface DataLocation {
  readonly file?: string;
  readonly line?: number;
  readonly row?: number;
  readonly column?: string | number;
}

/** Data that cannot be read, or is not what the model expects. */
export class DataError extends SurprisalError {
  readonly location: DataLocation;

  constructor(code: string, parts: ErrorParts, location: DataLocation = {}, options?: ErrorOptions) {
    super(code, parts, options);
    this.location = location;
  }

  override get name(): string {
    return "DataError";
  }
}

/** A model file that is refused, before anything in it is used. */
export class ModelFileError extends SurprisalError {
  override get name(): string {
    return "ModelFileError";
  }
}

/** A number became NaN or infinite. */
export class NumericError extends SurprisalError {
  override get name(): string {
    return "NumericError";
  }
}

/** The caller's `AbortSignal` fired. */
export class AbortError extends SurprisalError {
  override get name(): string {
    return "AbortError";
  }
}

/**
 * Builds the error for a name that a registry does not hold. `kind` is the singular noun: `"loss"`. Aliases may be suggested,
 * but are not listed.
 */
export function unknownName(
  kind: string,
  name: unknown,
  known: readonly string[],
  aliases: readonly string[] = [],
): UnknownNameError {
  return new UnknownNameError(`${kind.replaceAll(" ", "-")}/unknown-name`, {
    received: `"${String(name)}" was given as ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`,
    expected: "no such name is known",
    hint: suggestNames(String(name), known, aliases),
  });
}
