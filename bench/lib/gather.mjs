/** Rows picked out of arrays in memory, as float32: what a peer without an intake of its own needs for every batch. */

/**
 * @param {import("./arrays.mjs").ReadArray} x @param {import("./arrays.mjs").ReadArray} y
 * @param {ArrayLike<number> | undefined} order none: as they stand
 * @param {number} from @param {number} to
 * @param {number} divisor of every entry
 */
export function gather(x, y, order, from, to, divisor) {
  const width = x.values.length / y.values.length;
  const rows = new Float32Array((to - from) * width);
  const labels = new Int32Array(to - from);
  for (let i = from; i < to; i++) {
    const row = order?.[i] ?? i;
    labels[i - from] = y.values[row];
    rows.set(x.values.subarray(row * width, (row + 1) * width), (i - from) * width);
  }
  if (divisor !== 1) for (let i = 0; i < rows.length; i++) rows[i] = (rows[i] ?? 0) / divisor;
  return { x: rows, labels };
}
