/** What is allowed and probably not meant: the three parts of an error, without ending anything. */
import type { ErrorParts } from "./errors.ts";

/** Something that was seen and is likely to be wrong. */
export interface Warning extends ErrorParts {
  /** Stable, as an error's. */
  readonly code: string;
  /** "<received>, but <expected>. <hint>" */
  readonly message: string;
}

/** A warning from its parts. */
export function warning(code: string, parts: ErrorParts): Warning {
  return Object.freeze({ code, ...parts, message: `${parts.received}, but ${parts.expected}. ${parts.hint}` });
}

/** Up to four significant digits, as sentences show a number: `0.5514`, `206900`, `5.57e+10`. */
export function figure(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const digits = Number(value.toPrecision(4));
  const size = Math.abs(digits);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? digits.toExponential() : String(digits);
}
