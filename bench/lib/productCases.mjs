/**
 * The matrix products that are compared, and their operands, which every engine makes by the same rule. Adding a shape is a line here.
 */

/**
 * @typedef {object} ProductCase out[i, j] = Σ a[i, k] b[k, j]
 * @property {string} name
 * @property {number} m rows
 * @property {number} n columns
 * @property {number} k length of the sums
 * @property {boolean} transposeA a lies as k × m
 * @property {boolean} transposeB b lies as n × k
 */

/** Rows, columns, length of the sums; which of the operands lie transposed. @type {readonly (readonly [string, number, number, number, ("" | "a" | "b" | "ab")[]])[]} */
const shapes = [
  ["small", 64, 64, 32, ["", "a", "b", "ab"]],
  ["hidden layer", 32, 64, 64, ["", "b"]],
  ["three classes", 32, 3, 64, [""]],
  ["their weights", 64, 3, 32, ["a"]],
  ["ten classes", 128, 10, 512, [""]],
  ["wide layer", 128, 512, 784, [""]],
  ["its weights", 784, 512, 128, ["a"]],
  ["its inputs", 128, 512, 512, ["b"]],
  ["square", 256, 256, 256, ["", "a", "b", "ab"]],
  ["square", 512, 512, 512, ["", "a", "b", "ab"]],
  ["square", 1024, 1024, 1024, ["", "b"]],
  ["no even side", 509, 503, 521, ["", "ab"]],
  ["one row", 1, 512, 512, ["", "b"]],
  ["one column", 512, 1, 512, ["", "a"]],
  ["logistic", 1000, 1, 20, [""]],
  ["eight rows", 8, 512, 512, [""]],
];

/** @type {readonly ProductCase[]} */
export const productCases = shapes.flatMap(([what, m, n, k, lying]) =>
  lying.map((which) => ({
    name: `${m} × ${n} over ${k}${which.includes("a") ? " aᵀ" : ""}${which.includes("b") ? " bᵀ" : ""}, ${what}`,
    ...{ m, n, k },
    transposeA: which.includes("a"),
    transposeB: which.includes("b"),
  })),
);

/** @param {ProductCase} one */
export const flopsOf = ({ m, n, k }) => 2 * m * n * k;

/** Element i of the operand whose rule has this factor. @param {number} i @param {number} factor */
const element = (i, factor) => ((i * factor) % 1000) / 1000 - 0.5;
/** Of a and b. Engines in other languages have them too. */
export const factors = /** @type {const} */ ([7919, 6271]);

/** @param {number} count @param {number} factor */
export function operand(count, factor) {
  return Float32Array.from({ length: count }, (_, i) => element(i, factor));
}

/** Where results are looked at: sixteen places, first and last among them. @param {ProductCase} one @returns {number[]} */
export function probesOf({ m, n }) {
  return Array.from({ length: 16 }, (_, i) => Math.round((i * (m * n - 1)) / 15));
}

/** The truth at those places, and how large the sums' terms are together. @param {ProductCase} one */
export function truthsOf(one) {
  const { m, n, k, transposeA, transposeB } = one;
  const [a, b] = [operand(m * k, factors[0]), operand(k * n, factors[1])];
  return probesOf(one).map((place) => {
    const [i, j] = [Math.floor(place / n), place % n];
    let [value, size] = [0, 0];
    for (let l = 0; l < k; l++) {
      const term = (a[transposeA ? l * m + i : i * k + l] ?? 0) * (b[transposeB ? j * k + l : l * n + j] ?? 0);
      value += term;
      size += Math.abs(term);
    }
    return { value, size };
  });
}
