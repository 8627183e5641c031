/** A curve as SVG: value above gradient, readable on light and dark ground, the same bytes for the same curve. */
import type { LossCurve } from "surprisal";
import { heights, type Panel, panelsOf, segments, ticksOf, tickText } from "./scales.ts";

const width = 640;
const left = 64;
const right = 16;
/** Where the panels begin and how high they are. */
const places = { value: [58, 180], gradient: [278, 130] } as const;
const height = 458;

const style = `
.ground { fill: #ffffff } .grid { stroke: #d0d7de } .zero { stroke: #8c959f } .frame { fill: none; stroke: #8c959f }
.value { stroke: #0a5fc2 } .gradient { stroke: #b34700 } .line { fill: none; stroke-width: 2; stroke-linejoin: round }
text { font: 12px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 } .end { text-anchor: end } .mid { text-anchor: middle }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117 } .grid { stroke: #30363d } .zero, .frame { stroke: #6e7681 } .value { stroke: #6cb6ff } .gradient { stroke: #f0883e }
text { fill: #e6edf3 }
}
`;

/** What is said of the picture to who cannot see it; without it, what the curve itself says. */
export interface CurveWords {
  readonly title?: string;
  readonly description?: string;
}

/** The picture of a curve. */
export function curveSvg(
  curve: LossCurve,
  { title = curve.loss, description = describe(curve) }: CurveWords = {},
): string {
  const { axis } = curve;
  const x = (at: number) => left + ((at - axis.from) / (axis.to - axis.from)) * (width - left - right);
  const bottom = places.gradient[0] + places.gradient[1];
  const ticks = ticksOf(axis.from, axis.to, 8);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${xml(title)}</title>`,
    `<desc id="desc">${xml(description)}</desc>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="title" x="${left}" y="20">${xml(title)}</text>`,
    ...panelsOf(curve).flatMap((panel) => drawPanel(curve, panel, x, ticks)),
    ...ticks.map((tick) => `<text class="mid" x="${n(x(tick))}" y="${bottom + 18}">${tickText(tick)}</text>`),
    `<text class="mid" x="${n((left + width - right) / 2)}" y="${bottom + 38}">${xml(axis.label)}</text>`,
    `</svg>`,
  ].join("\n")}\n`;
}

function drawPanel(curve: LossCurve, panel: Panel, x: (at: number) => number, columns: readonly number[]): string[] {
  const { title, ys } = panel;
  const [top, tall] = places[title];
  const { low, high, ticks } = heights(ys, title === "value" ? 5 : 4);
  const y = (at: number) => top + ((high - at) / (high - low)) * tall;
  const clip = `clip-${title}`;
  const across = `x1="${left}" x2="${width - right}"`;
  const paths = segments(curve, panel).map((run) => {
    // Far outside the panel a line is only a direction.
    const near = (at: number) => Math.max(top - 4 * tall, Math.min(top + 5 * tall, y(at)));
    return run.length === 1
      ? `<circle class="${title}" cx="${n(x(run[0]?.[0] as number))}" cy="${n(near(run[0]?.[1] as number))}" r="1.5"/>`
      : `<path class="line ${title}" d="M${run.map(([px, py]) => `${n(x(px))} ${n(near(py))}`).join("L")}"/>`;
  });
  return [
    `<clipPath id="${clip}"><rect x="${left}" y="${top}" width="${width - left - right}" height="${tall}"/></clipPath>`,
    ...columns.map(
      (tick) => `<line class="grid" x1="${n(x(tick))}" x2="${n(x(tick))}" y1="${top}" y2="${top + tall}"/>`,
    ),
    ...ticks.flatMap((tick) => [
      `<line class="${tick === 0 ? "zero" : "grid"}" ${across} y1="${n(y(tick))}" y2="${n(y(tick))}"/>`,
      `<text class="end" x="${left - 8}" y="${n(y(tick) + 4)}">${tickText(tick)}</text>`,
    ]),
    `<g clip-path="url(#${clip})">`,
    ...paths,
    `</g>`,
    `<rect class="frame" x="${left}" y="${top}" width="${width - left - right}" height="${tall}"/>`,
    `<text class="title" x="${left}" y="${top - 7}">${title}</text>`,
  ];
}

function describe({ loss, axis, yTrue }: LossCurve): string {
  const target = Array.isArray(yTrue) ? `[${yTrue.join(", ")}]` : yTrue;
  return `Value and gradient of ${loss} for the target ${target}, along the ${axis.label} from ${axis.from} to ${axis.to}.`;
}

/** Tenths of a pixel are enough, and do not tell one processor from another. */
const n = (x: number): string => String(Math.round(x * 10) / 10);

const xml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
