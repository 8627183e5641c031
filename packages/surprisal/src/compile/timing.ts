/** How long a run takes: repeated until the clock can tell, and again until chance shows. */
import { InvalidArgumentError } from "../base/errors.ts";

/** How long to measure, and by which clock. */
export interface TimingOptions {
  /** Milliseconds that go by. Default: `performance.now`. */
  readonly now?: () => number;
  /** Milliseconds spent on each thing that is measured. Default 20. */
  readonly milliseconds?: number;
}

/** Seconds that one run took: the fastest, the one in the middle and the slowest of several rounds. */
export interface Timing {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  /** Runs in a round; a round's time is divided by it. */
  readonly runs: number;
}

const defaultMilliseconds = 20;
/** A round takes this share of the time at least, so that the ticks of a coarse clock do not matter. */
const rounds = 8;
const fewestRounds = 3;
/** A clock that stands still must end, too. */
const mostRuns = 2 ** 16;

/** Times a program that is done when it returns. @throws InvalidArgumentError for a time that is none. */
export function timeRuns(run: () => void, options: TimingOptions = {}): Timing {
  const { now = () => performance.now(), milliseconds = defaultMilliseconds } = options;
  if (!(milliseconds >= 0 && milliseconds < Infinity)) {
    throw new InvalidArgumentError("timing/milliseconds", {
      received: `milliseconds is ${String(milliseconds)}`,
      expected: "it is how long each thing is measured: a finite number, 0 or more",
      hint: `Leave it out for ${defaultMilliseconds}.`,
    });
  }
  const round = (runs: number): number => {
    const start = now();
    for (let i = 0; i < runs; i++) run();
    return now() - start;
  };
  // The first runs are not counted: engines compile what is called often.
  let runs = 1;
  let spent = round(runs);
  while (spent < milliseconds / rounds && runs < mostRuns) {
    runs *= 2;
    spent = round(runs);
  }
  const times: number[] = [];
  let total = 0;
  while (times.length < fewestRounds || (total < milliseconds && times.length < rounds)) {
    const time = round(runs);
    times.push(time);
    total += time;
  }
  times.sort((a, b) => a - b);
  const seconds = (at: number) => (times[at] as number) / runs / 1000;
  return { min: seconds(0), median: seconds(times.length >> 1), max: seconds(times.length - 1), runs };
}
