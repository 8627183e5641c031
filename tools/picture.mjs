/**
 * `npm run picture`: docs/images/start.svg, the README's picture, from what `npm start` prints. It shows the lines as a
 * terminal of 100 columns would, wrapped between words, later ones over earlier ones after a carriage return; nothing is added or
 * left out but npm's own lines.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { home } from "./lib/repo.mjs";

const columns = 100;
const ran = spawnSync("sh", ["-c", `"${process.execPath}" tools/start.mjs --color 2>&1`], {
  cwd: home,
  encoding: "utf8",
});
if (ran.status !== 0) {
  console.error(ran.stdout);
  process.exit(1);
}
// Of a line that was drawn over only the last state is seen.
const lines = ran.stdout
  .trim()
  .split("\n")
  .map((line) => line.replace(/\r$/, "").split("\r").at(-1)?.trimEnd() ?? "")
  .flatMap(wrapped);

/** What an escape sequence sets, by its number. @type {Readonly<Record<string, string>>} */
const styles = {
  1: 'font-weight="bold" fill="#ffffff"',
  2: 'fill="#8b949e"',
  31: 'fill="#ff7b72"',
  32: 'fill="#7ee787"',
  33: 'fill="#e3b341"',
  36: 'fill="#79c0ff"',
};

const [margin, top, step, advance, size] = [22, 46, 21, 8.1, 13.5];
const width = Math.ceil(2 * margin + advance * columns);
const height = top + step * lines.length + margin / 2;
const rows = lines.flatMap((line, i) => {
  const y = top + step * i + size;
  if (line === "") return [];
  if (line.startsWith("$ ")) {
    return [
      `<text x="${margin}" y="${y}"><tspan fill="#8b949e">$\u00a0</tspan>${span(line.slice(2), "#7ee787")}</text>`,
    ];
  }
  return [`<text x="${margin}" y="${y}">${coloured(line)}</text>`];
});
const lights = ["#ff5f57", "#febc2e", "#28c840"].map(
  (colour, i) => `<circle cx="${margin + 6 + 20 * i}" cy="22" r="6" fill="${colour}"/>`,
);
mkdirSync(join(home, "docs/images"), { recursive: true });
writeFileSync(
  join(home, "docs/images/start.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size}" fill="#d0d7de">
<title>surprisal fits penguins.json and predicts three rows</title>
<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
${[...lights, ...rows].join("\n")}
</svg>
`,
);
console.log(`docs/images/start.svg, ${lines.length} lines`);

/** Breaks a line between words where it is too long; what goes on is indented. @param {string} line @returns {string[]} */
function wrapped(line) {
  const seen = (/** @type {string} */ text) => [...stripVTControlCharacters(text)].length;
  if (seen(line) <= columns) return [line];
  const out = [""];
  for (const word of line.split(/(?<= )/)) {
    const last = out.length - 1;
    if (seen(`${out[last]}${word}`.trimEnd()) > columns) out.push(`    ${word}`);
    else out[last] += word;
  }
  return out.map((part) => part.trimEnd());
}

/** Escape sequences as spans. @param {string} line */
function coloured(line) {
  let out = "";
  let style = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  for (const part of line.split(/(\u001b\[\d+m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: likewise
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
    if (code !== undefined) style = styles[code] ?? "";
    else if (part !== "") out += style === "" ? escaped(part) : `<tspan ${style}>${escaped(part)}</tspan>`;
  }
  return out;
}

/** @param {string} text @param {string} fill */
function span(text, fill) {
  return `<tspan fill="${fill}">${escaped(text)}</tspan>`;
}

/** Spaces that stay, however a viewer treats the others. @param {string} text */
function escaped(text) {
  return text.replaceAll(" ", "\u00a0").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
