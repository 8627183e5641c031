/**
 * `npm run picture`: docs/images/start.svg, the README's picture, from what `npm start` prints. It shows the lines as a
 * terminal would, later ones over earlier ones after a carriage return; nothing is added or left out but npm's own lines.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { home } from "./lib/repo.mjs";

const ran = spawnSync("sh", ["-c", `"${process.execPath}" tools/start.mjs 2>&1`], { cwd: home, encoding: "utf8" });
if (ran.status !== 0) {
  console.error(ran.stdout);
  process.exit(1);
}
// Colours have no place in the file, and of a line that was drawn over only the last state is seen.
const lines = stripVTControlCharacters(ran.stdout)
  .trim()
  .split("\n")
  .map((line) => line.replace(/\r$/, "").split("\r").at(-1)?.trimEnd() ?? "");

const [margin, step, advance, size] = [20, 20, 8.1, 13.5];
const width = Math.ceil(2 * margin + advance * Math.max(...lines.map((line) => [...line].length)));
const height = 2 * margin + step * lines.length;
const rows = lines.map((line, i) => {
  const colour = line.startsWith("$ ") ? "#7ee787" : "#e6edf3";
  return `<text x="${margin}" y="${margin + step * i + size}" fill="${colour}">${escaped(line)}</text>`;
});
mkdirSync(join(home, "docs/images"), { recursive: true });
writeFileSync(
  join(home, "docs/images/start.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size}" xml:space="preserve">
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${rows.join("\n")}
</svg>
`,
);
console.log(`docs/images/start.svg, ${lines.length} lines`);

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
