import type { Callback, CallbackContext, Terminal } from "../contract.ts";
import type { Logs } from "../history.ts";

/** What `progress` takes. */
export interface ProgressOptions {
  /** Where to write. Default: the model's terminal (standard error); nothing where there is none. */
  readonly stream?: Terminal;
}

const barWidth = 20;
/** Redrawing more often than this is more than eyes can use. */
const redrawEvery = 100;

/** `valAccuracy` → `val accuracy`. */
const words = (column: string) => column.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);

function digits(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(3) : value.toFixed(4);
}

const values = (logs: Logs) => Object.entries(logs).map(([column, value]) => `${words(column)} ${digits(value)}`);

function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/**
 * One line an epoch: how far, loss, metrics, time. On a terminal the line grows while the epoch runs; elsewhere each epoch's line is
 * written once. The clock is used for the time shown, nothing else.
 */
export function progress({ stream }: ProgressOptions = {}): Callback {
  let begun = 0;
  let drawn = 0;
  let epoch = 0;
  const terminalOf = (context: CallbackContext) => stream ?? context.terminal;

  const line = (batches: number, logs: Logs, { epochs, stepsPerEpoch }: CallbackContext) => {
    const done = Math.round((barWidth * batches) / Math.max(1, stepsPerEpoch));
    const bar = "━".repeat(done) + "─".repeat(barWidth - done);
    const counted = `epoch ${String(epoch + 1).padStart(String(epochs).length)}/${epochs}`;
    return [`${counted} ${bar}`, ...values(logs), clock(performance.now() - begun)].join("  ");
  };
  const redraw = (terminal: Terminal, text: string, end: string) => {
    const room = Math.max(20, (terminal.columns ?? 80) - 1);
    terminal.write(terminal.isTTY ? `\r\u001b[2K${text.slice(0, room)}${end}` : `${text}${end}`);
  };
  return {
    name: "progress",
    showsProgress: true,
    onTrainBegin() {
      begun = performance.now();
      drawn = begun;
    },
    onEpochBegin(number) {
      epoch = number;
    },
    async onPause(batch, read, context) {
      const terminal = terminalOf(context);
      if (terminal?.isTTY !== true || performance.now() - drawn < redrawEvery) return;
      redraw(terminal, line(batch + 1, await read(), context), "");
      drawn = performance.now();
    },
    onEpochEnd(_, logs, context) {
      const terminal = terminalOf(context);
      if (terminal !== undefined) redraw(terminal, line(context.stepsPerEpoch, logs, context), "\n");
    },
  };
}
