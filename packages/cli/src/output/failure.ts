/** An error as a person or a program reads it. */
import { SurprisalError } from "surprisal";
import type { Paint } from "./paint.ts";

export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** What `--json` prints: `{error: {code, message, expected, received, hint}}`. */
export function errorRecord(error: unknown): { error: ErrorRecord } {
  if (error instanceof SurprisalError) {
    const { code, message, expected, received, hint } = error;
    return { error: { code, message, expected, received, hint } };
  }
  const said = error instanceof Error ? error.message : String(error);
  return {
    error: {
      code: "bug",
      message: `${said}, but this should never happen. Please report it.`,
      expected: "this should never happen",
      received: said,
      hint: "Please report it, with the command and a few rows of the table.",
    },
  };
}

/** Lines for standard error. A bug shows where it happened, a user's mistake what to do. */
export function errorLines(error: unknown, { red, dim, bold }: Paint): string[] {
  if (error instanceof SurprisalError) {
    return [
      `${red(bold("error"))} ${error.received}, but ${error.expected}.`,
      `${error.hint} ${dim(`[${error.code}]`)}`,
    ];
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${red(bold("bug"))} this should never happen; please report it, with the command and a few rows of the table.`,
    stack,
  ];
}
