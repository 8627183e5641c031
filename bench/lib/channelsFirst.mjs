/** Weights of the small convolutional network for engines that have channels before height and width. */

/** @typedef {{ values: Float32Array, shape: number[] }} Weight */

/**
 * Kernels [height, width, in, out] to [out, in, height, width], and the rows of the matrix behind the flattening likewise.
 * @param {readonly Weight[]} weights with one matrix, of rows flattened from 5 × 5 × channels
 * @returns {Weight[]}
 */
export function channelsFirst(weights) {
  return weights.map((weight) => {
    const { values, shape } = weight;
    if (shape.length === 4) return permuted(values, shape, [3, 2, 0, 1]);
    if (shape.length !== 2) return weight;
    const [rows = 0, columns = 0] = shape;
    return { values: permuted(values, [5, 5, rows / 25, columns], [2, 0, 1, 3]).values, shape };
  });
}

/** @param {Float32Array} values @param {readonly number[]} shape @param {readonly number[]} axes the old axis of each new one @returns {Weight} */
function permuted(values, shape, axes) {
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, dim) => product * dim, 1));
  const after = axes.map((axis) => shape[axis] ?? 0);
  const result = Float32Array.from(values, (_, at) => {
    let from = 0;
    let rest = at;
    for (let d = axes.length - 1; d >= 0; d--) {
      const dim = after[d] ?? 1;
      from += (rest % dim) * (strides[axes[d] ?? 0] ?? 0);
      rest = Math.floor(rest / dim);
    }
    return values[from] ?? Number.NaN;
  });
  return { values: result, shape: after };
}
