/**
 * Line charts as SVG text: panels side by side, one key for all. They carry their own background and follow the reader's choice of
 * light or dark; lines differ in dash as well as in colour. The same input gives the same bytes.
 */

/**
 * @typedef {object} Axis
 * @property {readonly number[]} ticks
 * @property {number} from
 * @property {number} to
 *
 * @typedef {object} Series
 * @property {string} name the same name has the same line in every panel
 * @property {readonly (readonly [x: number, y: number])[]} points
 *
 * @typedef {object} Panel
 * @property {string} title
 * @property {Axis & { label: string }} x
 * @property {Axis} y what it counts is in the title
 * @property {readonly Series[]} series
 */

const [width, height, left, right, top, bottom] = [400, 330, 52, 18, 76, 46];
const dashes = ["", "7 4", "2 4"];
const styles = `
  .page { fill: #ffffff; stroke: #d0d7de }
  text { fill: #1f2328; font: 13px system-ui, -apple-system, "Segoe UI", sans-serif }
  .quiet { fill: #59636e; font-size: 12px }
  .grid { stroke: #d8dee4 }
  .line { fill: none; stroke-width: 2.2; stroke-linejoin: round }
  .line0 { stroke: #0969da } .line1 { stroke: #bc4c00 } .line2 { stroke: #59636e }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .grid { stroke: #2a3038 }
    .line0 { stroke: #4493f8 } .line1 { stroke: #f0883e } .line2 { stroke: #9198a1 }
  }`;

/**
 * @param {string} title what is seen, for those who cannot see it
 * @param {readonly Panel[]} panels
 * @returns {string} the file's text
 */
export function figure(title, panels) {
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const wide = width * panels.length;
  let at = left;
  const key = names.flatMap((name, i) => {
    const x = at;
    at += 62 + 7.2 * name.length;
    return [line(i, `M${x} 24H${x + 30}`), text(x + 38, 28, name)];
  });
  const body = [
    ...key,
    ...panels.flatMap((panel, i) => [`<g transform="translate(${width * i} 0)">`, ...drawn(panel, names), "</g>"]),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${height}" viewBox="0 0 ${wide} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${styles}
</style>
<rect class="page" x="0.5" y="0.5" width="${wide - 1}" height="${height - 1}" rx="8"/>
${body.join("\n")}
</svg>
`;
}

/** @param {Panel} panel @param {readonly string[]} names */
function drawn({ title, x, y, series }, names) {
  const across = scale(x, left, width - right);
  const up = scale(y, height - bottom, top);
  return [
    text(left, top - 18, title),
    ...y.ticks.flatMap((tick) => [
      `<path class="grid" d="M${left} ${up(tick)}H${width - right}"/>`,
      text(left - 7, up(tick) + 4, shown(tick), "quiet", "end"),
    ]),
    ...x.ticks.map((tick) => text(across(tick), height - bottom + 17, shown(tick), "quiet", "middle")),
    text((left + width - right) / 2, height - 11, x.label, "quiet", "middle"),
    ...series.map(({ name, points }) => {
      const path = points.map(([a, b], i) => `${i === 0 ? "M" : "L"}${across(a)} ${up(b)}`).join("");
      return line(names.indexOf(name), path);
    }),
  ];
}

/** From a value to a place, to a tenth of a pixel; what lies outside is drawn at the edge. @param {Axis} axis @param {number} start @param {number} end */
function scale({ from, to }, start, end) {
  return (/** @type {number} */ value) => {
    const part = (value - from) / (to - from);
    return Math.round((start + (end - start) * Math.min(Math.max(part, 0), 1)) * 10) / 10;
  };
}

/** @param {number} i @param {string} path */
function line(i, path) {
  const dash = dashes[i % dashes.length];
  return `<path class="line line${i % dashes.length}"${dash ? ` stroke-dasharray="${dash}"` : ""} d="${path}"/>`;
}

/** @param {number} x @param {number} y @param {string} words @param {string} [kind] @param {string} [anchor] */
function text(x, y, words, kind, anchor) {
  const extra = `${kind ? ` class="${kind}"` : ""}${anchor ? ` text-anchor="${anchor}"` : ""}`;
  return `<text x="${x}" y="${y}"${extra}>${escaped(words)}</text>`;
}

/** A true minus, as text has it. @param {number} value */
function shown(value) {
  return String(value).replace("-", "−");
}

/** @param {string} words */
function escaped(words) {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
