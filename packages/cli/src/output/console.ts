/** Where a command speaks: words and progress to standard error, results to standard output. */
import { type Paint, paint, wantsColor } from "./paint.ts";

export interface SpeechOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress?: boolean;
  readonly color?: boolean;
}

export interface Console {
  readonly json: boolean;
  /** For words on standard error. */
  readonly paint: Paint;
  /** That a line of results has; where there is no terminal, lines are as long as they are. */
  readonly columns: number;
  /** For results on standard output. */
  readonly resultPaint: Paint;
  /** Whether a progress bar is wanted and somebody sees it. */
  readonly showsProgress: boolean;
  /** A line for a person; nothing with --quiet. */
  say(line: string): void;
  /** What a person should look at: the result may not be what it seems. */
  warn(line: string): void;
  /** A line of the result; nothing with --json. */
  result(line: string): void;
  /** The result as one object; nothing without --json. */
  object(value: unknown): void;
}

export function makeConsole({ json = false, quiet = false, progress = true, color }: SpeechOptions): Console {
  const { stdout, stderr, env } = process;
  const errors = paint(wantsColor(color, env, stderr.isTTY === true));
  return {
    json,
    paint: errors,
    columns: stdout.isTTY === true ? stdout.columns : Number.POSITIVE_INFINITY,
    resultPaint: paint(wantsColor(color, env, stdout.isTTY === true)),
    showsProgress: progress && !quiet && stderr.isTTY === true,
    say(line) {
      if (!quiet) stderr.write(`${line}\n`);
    },
    warn(line) {
      if (!quiet) stderr.write(`${errors.yellow("note")} ${line}\n`);
    },
    result(line) {
      if (!json) stdout.write(`${line}\n`);
    },
    object(value) {
      if (json) stdout.write(`${JSON.stringify(value, finite, 2)}\n`);
    },
  };
}

/** JSON has no NaN: a figure that is none is null, never missing. */
function finite(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? null : value;
}
