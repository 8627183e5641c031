/**
 * How far a value and entries of gradients are from others: a gradient by its largest entry; the value may be 3 % off, as it is where
 * millions of float32 are added one after another, for it is shown how far it is.
 * @param {number} gradients each of which gives an equal part of the 64 figures behind the value
 * @returns {(figures: readonly number[], reference: readonly number[]) => number} to be compared with 1e-3
 */
export function valueApart(gradients) {
  const count = 64 / gradients;
  return ([value = Number.NaN, ...mine], [reference = Number.NaN, ...others]) => {
    const parts = Array.from({ length: gradients }, (_, g) => {
      const [a, b] = [mine, others].map((entries) => entries.slice(g * count, (g + 1) * count));
      const largest = Math.max(...(b ?? []).map(Math.abs));
      return Math.max(...(b ?? []).map((x, i) => Math.abs(x - (a?.[i] ?? Number.NaN)) / largest));
    });
    return Math.max(...parts, Math.abs(value / reference - 1) / 35);
  };
}
