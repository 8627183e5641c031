/** Figures from samples, and how they are shown. */

/** @typedef {{ min: number, median: number, max: number }} Spread */

/** @param {readonly number[]} samples one or more @returns {Spread} */
export function spread(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (/** @type {number} */ i) => sorted[i] ?? Number.NaN;
  const half = (sorted.length - 1) / 2;
  return { min: at(0), median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, max: at(sorted.length - 1) };
}

/** Four significant digits, as results keep them. @param {Spread} spread @returns {Spread} */
export function rounded({ min, median, max }) {
  return { min: significant(min, 4), median: significant(median, 4), max: significant(max, 4) };
}

/** @param {number} value @param {number} digits */
export function significant(value, digits) {
  return Number(value.toPrecision(digits));
}

/** Columns padded to their widest cell; numbers to the right. @param {readonly (readonly string[])[]} rows @returns {string} */
export function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    )
    .join("\n");
}

/** Three significant digits. @param {number} value */
export function shownNumber(value) {
  return significant(value, 3).toString();
}
