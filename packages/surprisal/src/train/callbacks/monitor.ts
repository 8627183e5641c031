/** Watching one column for its best value: what early stopping, plateau and checkpoint share. */
import { InvalidArgumentError } from "../../base/errors.ts";
import type { CallbackContext } from "../contract.ts";
import type { Logs } from "../history.ts";
import { columnName, kebab, requireColumn } from "./names.ts";

export interface MonitorOptions {
  /** The column to watch. Default `valLoss`. */
  readonly monitor?: string;
  /** Whether less (`min`) or more (`max`) is better. `auto` asks the column: losses less, metrics as they declare. Default `auto`. */
  readonly mode?: "auto" | "min" | "max";
  /** An improvement must be larger than this; its sign does not count. */
  readonly minDelta?: number;
}

export class Monitor {
  readonly column: string;
  readonly #callback: string;
  readonly #mode: "auto" | "min" | "max";
  readonly #minDelta: number;
  #less = true;
  #single = false;

  constructor(callback: string, { monitor = "valLoss", mode = "auto", minDelta = 0 }: MonitorOptions) {
    this.#callback = callback;
    this.column = columnName(monitor);
    this.#mode = mode;
    this.#minDelta = Math.abs(minDelta);
    if (!["auto", "min", "max"].includes(mode)) {
      throw new InvalidArgumentError(`${kebab(callback)}/mode`, {
        received: `mode is ${JSON.stringify(mode)}`,
        expected: `it must be "auto", "min" or "max"`,
        hint: `"min" for losses, "max" for accuracies.`,
      });
    }
    requireNumber(callback, "minDelta", minDelta);
  }

  /** @throws UnknownNameError for a column that the run does not have; InvalidArgumentError when its better way is unknown. */
  begin(context: CallbackContext): void {
    requireColumn(this.#callback, this.column, context);
    const way = this.#mode === "auto" ? context.better(this.column) : this.#mode === "max" ? "higher" : "lower";
    if (way === undefined) {
      throw new InvalidArgumentError(`${kebab(this.#callback)}/mode`, {
        received: `${this.#callback} monitors ${this.column}`,
        expected: "nothing says whether less or more of it is better",
        hint: `Pass mode: "min" or mode: "max".`,
      });
    }
    this.#less = way === "lower";
    this.#single = context.dtype === "float32";
  }

  /** The column's value, absent in an epoch that did not measure it. */
  value(logs: Logs): number | undefined {
    return logs[this.column];
  }

  /** Whether `now` beats `best` by more than minDelta, compared in the run's precision. Anything beats nothing; NaN beats no number. */
  improves(now: number, best: number | undefined): boolean {
    if (best === undefined) return true;
    const round = (x: number) => (this.#single ? Math.fround(x) : x);
    return this.#less ? round(now + this.#minDelta) < round(best) : round(now - this.#minDelta) > round(best);
  }
}

/** @throws InvalidArgumentError for anything but a finite number of at least `least`. */
export function requireNumber(callback: string, name: string, value: unknown, least = Number.NEGATIVE_INFINITY): void {
  if (typeof value === "number" && Number.isFinite(value) && value >= least) return;
  throw new InvalidArgumentError(`${kebab(callback)}/option`, {
    received: `${name} is ${String(value)}`,
    expected: `${callback} takes a finite number${Number.isFinite(least) ? `, ${least} or more` : ""}`,
    hint: `Leave ${name} out for its default.`,
  });
}
