/** The line that shows how training goes, on a terminal. */
import cliProgress from "cli-progress";
import type { Callback, Logs } from "surprisal";
import { figure } from "./words.ts";

/** Milliseconds. */
const drawEvery = 100;

/** A callback that draws `epoch 37/200 ━━━ loss 0.0121 … 0:00:01`, on standard error unless told otherwise. */
export function progressLine(stream: NodeJS.WritableStream = process.stderr): Callback {
  let bar: cliProgress.SingleBar | undefined;
  let begun = 0;
  let drawn = 0;
  let epoch = 0;
  const text = (logs: Logs) =>
    Object.entries(logs)
      .map(([name, value]) => `${words(name)} ${figure(value)}`)
      .join("  ");
  return {
    name: "progressLine",
    showsProgress: true,
    onTrainBegin({ epochs }) {
      begun = performance.now();
      bar = new cliProgress.SingleBar({
        stream,
        format: (options, { value, total, progress }, payload: { logs?: string }) => {
          const drawn = cliProgress.Format.BarFormat(progress, options);
          const counted = `epoch ${String(Math.ceil(value)).padStart(String(total).length)}/${total}`;
          return [counted, drawn, payload.logs ?? "", elapsed(performance.now() - begun)].join("  ");
        },
        barCompleteChar: "━",
        barIncompleteChar: "─",
        barsize: 20,
        fps: 12,
        hideCursor: true,
        linewrap: false,
        // Interrupts are the command's own affair: it saves the model first.
        gracefulExit: false,
      });
      bar.start(epochs, 0, { logs: "" });
    },
    onEpochBegin(number) {
      epoch = number;
    },
    /** Within a long epoch: how far it is, and the figures so far. */
    async onPause(batch, read, { stepsPerEpoch }) {
      if (performance.now() - drawn < drawEvery) return;
      drawn = performance.now();
      bar?.update(epoch + (batch + 1) / stepsPerEpoch, { logs: text(await read()) });
    },
    onEpochEnd(number, logs) {
      drawn = performance.now();
      bar?.update(number + 1, { logs: text(logs) });
    },
    onTrainEnd() {
      bar?.stop();
    },
  };
}

/** `valLoss` → `val loss` */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `0:01:05` */
function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
