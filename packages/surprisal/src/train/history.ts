/** What a training run leaves behind: plain arrays by name. */
import type { Warning } from "../base/warning.ts";

/** One epoch's numbers: `loss`, `accuracy`, `valLoss`, `valAccuracy`, `learningRate` … */
export type Logs = Readonly<Record<string, number>>;

/** How a run ended. */
export interface RunEnd {
  /** `completed`: all epochs; `stopped`: a callback ended it; `aborted`: the caller's signal; `failed`: an error. */
  readonly how: "completed" | "stopped" | "aborted" | "failed";
  /** In words: the reason a callback gave, or what the error said. */
  readonly reason: string;
}

/** Columns by name (`epoch`, `loss`, `valLoss`, metrics in camelCase), one entry an epoch; and how the run ended. */
export type History = { readonly [name: string]: number[] } & {
  readonly epoch: number[];
  readonly loss: number[];
  /** Set by `fit` when the run is over. Not enumerable: a loop over the record sees columns only. */
  readonly end?: RunEnd;
  /** What was seen at the start and is probably not meant. Not enumerable either. */
  readonly warnings: readonly Warning[];
};

/** A history without epochs. */
export function emptyHistory(warnings: readonly Warning[] = []): History {
  const history = { epoch: [], loss: [] };
  return Object.defineProperty(history, "warnings", {
    value: Object.freeze([...warnings]),
    enumerable: false,
  }) as never;
}

/** Adds an epoch's row. A column that is first met now starts now: `valLoss` holds validated epochs only, as in Keras. */
export function record(history: History, epoch: number, logs: Logs): void {
  history.epoch.push(epoch);
  const columns = history as Record<string, number[]>;
  for (const [name, value] of Object.entries(logs)) {
    columns[name] ??= [];
    columns[name].push(value);
  }
}

/** Notes how the run ended. */
export function endHistory(history: History, end: RunEnd): void {
  Object.defineProperty(history, "end", { value: Object.freeze(end), enumerable: false, configurable: true });
}
