/** Errors in formulas: what is wrong, and a caret under the place. */
import { InvalidArgumentError } from "../../base/errors.ts";
import type { Span } from "./tree.ts";

/** So much of a long formula is shown on each side of the place. */
const around = 40;

/** The text with carets under the place, indented, on two lines. */
export function pointAt(text: string, { start, end }: Span): string {
  const line = text.replace(/\s/g, " ");
  const from = Math.max(0, start - around);
  const to = Math.min(line.length, Math.max(end, start + 1) + around);
  const before = from > 0 ? "…" : "";
  const after = to < line.length ? "…" : "";
  const carets = "^".repeat(Math.max(1, Math.min(end, to) - start));
  return `  ${before}${line.slice(from, to)}${after}\n  ${" ".repeat(before.length + start - from)}${carets}`;
}

/** Written like other errors; the hint ends in the formula with the place marked. */
export function formulaError(
  code: string,
  text: string,
  span: Span,
  parts: { readonly received: string; readonly expected: string; readonly hint: string },
): InvalidArgumentError {
  return new InvalidArgumentError(`formula/${code}`, {
    received: parts.received,
    expected: parts.expected,
    hint: `${parts.hint}\n${pointAt(text, span)}`,
  });
}
