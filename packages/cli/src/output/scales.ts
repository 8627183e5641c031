/** What a drawing of a curve needs to know first: which numbers its axes show, and where their ticks are. */
import type { LossCurve } from "surprisal";

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** Steps of 1, 2 or 5 times a power of ten, about so many. */
export function ticksOf(low: number, high: number, about: number): number[] {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) as number);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first;
  return Array.from({ length: count + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)) + 0);
}

/** Numbers as axes show them. */
export const tickText = (x: number): string => String(x).replace("-", "−");

/**
 * The heights that are shown: all of them, but for a few that run away, as −log p does at 0, which would flatten the rest.
 * @param about how many ticks.
 */
export function heights(values: readonly number[], about: number): Scale {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const room = (at(0.95) - at(0.05)) / 2;
  let [low, high] = room > 0 ? [Math.max(at(0), at(0.05) - room), Math.min(at(1), at(0.95) + room)] : [at(0), at(1)];
  // A level line has room on both sides, and 0 in sight.
  if (high - low < 1e-9 * Math.max(1, Math.abs(high))) [low, high] = [Math.min(0, low) - 1, Math.max(0, high) + 1];
  const pad = (high - low) * 0.05;
  return { low: low - pad, high: high + pad, ticks: ticksOf(low - pad, high + pad, about) };
}

export interface Panel {
  readonly title: "value" | "gradient";
  readonly ys: readonly number[];
}

export const panelsOf = ({ points }: LossCurve): readonly Panel[] => [
  { title: "value", ys: points.map(({ value }) => value) },
  { title: "gradient", ys: points.map(({ gradient }) => gradient) },
];

/** Runs of points that a line may join: all finite, and no kink between two of them, where a gradient jumps. */
export function segments({ points, kinks }: LossCurve, { title, ys }: Panel): (readonly [x: number, y: number])[][] {
  const runs: (readonly [number, number])[][] = [[]];
  points.forEach(({ x }, i) => {
    const y = ys[i] as number;
    const before = points[i - 1]?.x ?? x;
    const jumps = title === "gradient" && kinks.some((kink) => before <= kink && kink <= x && before < x);
    if (!Number.isFinite(y) || jumps) runs.push([]);
    if (Number.isFinite(y)) runs.at(-1)?.push([x, y]);
  });
  return runs.filter((run) => run.length > 0);
}
