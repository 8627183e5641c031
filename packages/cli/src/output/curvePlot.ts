/** A curve drawn with braille dots, two across and four down in every character. */
import type { LossCurve } from "surprisal";
import type { Paint } from "./paint.ts";
import { heights, type Panel, panelsOf, segments, ticksOf, tickText } from "./scales.ts";
import { wrapped } from "./words.ts";

/** Bits of a braille character: [row][column]. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/**
 * Value and gradient below one another, with their axes.
 * @param columns of the terminal.
 */
export function curvePlot(curve: LossCurve, columns: number, paint: Paint): string[] {
  const width = Math.max(24, Math.min(columns, 84) - 10);
  const colours = { value: paint.cyan, gradient: paint.yellow } as const;
  return [
    ...panelsOf(curve).flatMap((panel) => [
      `${" ".repeat(9)}${colours[panel.title](panel.title)}`,
      ...panelLines(curve, panel, width, panel.title === "value" ? 10 : 8, paint, colours[panel.title]),
    ]),
    ...axisLines(curve, width),
  ];
}

function panelLines(
  curve: LossCurve,
  panel: Panel,
  width: number,
  height: number,
  paint: Paint,
  colour: (text: string) => string,
): string[] {
  const { low, high, ticks } = heights(panel.ys, 4);
  const { from, to } = curve.axis;
  const [across, down] = [width * 2 - 1, height * 4 - 1];
  const column = (x: number) => ((x - from) / (to - from)) * across;
  const row = (y: number) => ((high - y) / (high - low)) * down;
  const cells = new Uint8Array(width * height);
  const dot = (x: number, y: number) => {
    const [c, r] = [Math.round(x), Math.round(y)];
    if (c < 0 || c > across || r < 0 || r > down) return;
    const cell = (r >> 2) * width + (c >> 1);
    cells[cell] = (cells[cell] as number) | (bits[r & 3]?.[(c & 1) as 0 | 1] as number);
  };
  for (const run of segments(curve, panel)) {
    run.forEach(([x, y], i) => {
      const [c, r] = [column(x), row(y)];
      const [c0, r0] =
        i === 0 ? [c, r] : [column((run[i - 1] as [number, number])[0]), row((run[i - 1] as [number, number])[1])];
      const steps = Math.min(4096, Math.max(1, Math.ceil(Math.max(Math.abs(c - c0), Math.abs(r - r0)))));
      for (let s = 1; s <= steps; s++) dot(c0 + ((c - c0) * s) / steps, r0 + ((r - r0) * s) / steps);
    });
  }
  const labels = new Map(ticks.map((tick) => [Math.round(row(tick)) >> 2, tickText(tick)]));
  return Array.from({ length: height }, (_, r) => {
    const label = labels.get(r);
    const isZero = label === "0";
    const line = Array.from(cells.subarray(r * width, (r + 1) * width), (cell) =>
      cell === 0 ? (isZero ? paint.dim("┈") : " ") : colour(String.fromCharCode(0x2800 + cell)),
    );
    return `${(label ?? "").slice(0, 8).padStart(8)} ${label === undefined ? "│" : "┤"}${line.join("")}`.trimEnd();
  });
}

function axisLines({ axis }: LossCurve, width: number): string[] {
  const at = (x: number) => Math.round(((x - axis.from) / (axis.to - axis.from)) * (width - 1));
  const line = new Array<string>(width).fill("─");
  const words = new Array<string>(width + 8).fill(" ");
  for (const tick of ticksOf(axis.from, axis.to, 6)) {
    line[at(tick)] = "┬";
    const text = tickText(tick);
    const start = Math.max(0, at(tick) - (text.startsWith("−") ? 1 : 0) - ((text.length - 1) >> 1));
    [...text].forEach((letter, i) => {
      words[start + i] = letter;
    });
  }
  const label = wrapped(axis.label, width).map((text) => `          ${text}`);
  return [`         └${line.join("")}`, `          ${words.join("").trimEnd()}`, ...label];
}
