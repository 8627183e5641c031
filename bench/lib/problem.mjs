/** What JavaScript engines make of a problem's arrays. */

/** @type {{ learningRate: number, beta1: number, beta2: number, epsilon: number }} */
export const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** Weights from where they lie one after another. @param {Float32Array} flat @param {readonly (readonly number[])[]} shapes */
export function weightsOf(flat, shapes) {
  let at = 0;
  return shapes.map((shape) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    at += size;
    return { values: flat.slice(at - size, at), shape: [...shape] };
  });
}

/** Kernel and bias of each dense layer. @param {readonly number[]} layers units, inputs first */
export function denseShapes(layers) {
  return layers.slice(1).flatMap((units, i) => [[layers[i] ?? 0, units], [units]]);
}

/** One row a label. @param {ArrayLike<number>} labels @param {number} classes */
export function oneHotOf(labels, classes) {
  const oneHot = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++) oneHot[row * classes + (labels[row] ?? 0)] = 1;
  return oneHot;
}

/** The rows of each step, copied out, front to back; with one-hot labels for those who want them. @param {any} problem */
export function batchesOf({ batch, steps, classes, arrays: { x, y } }) {
  const width = x.values.length / y.values.length;
  return Array.from({ length: steps }, (_, step) => {
    const labels = y.values.slice(step * batch, (step + 1) * batch);
    return {
      x: x.values.slice(step * batch * width, (step + 1) * batch * width),
      labels,
      oneHot: oneHotOf(labels, classes),
    };
  });
}

/** One figure of three probabilities that tells them apart. @param {ArrayLike<number>} p */
export function digestOf(p) {
  return (p[0] ?? Number.NaN) + 2 * (p[1] ?? Number.NaN) + 4 * (p[2] ?? Number.NaN);
}

/** Entries of an array that stand for it. @param {ArrayLike<number>} values @param {number} count */
export function probesOf(values, count) {
  return Array.from({ length: count }, (_, i) => Number(values[Math.floor((i * (values.length - 1)) / (count - 1))]));
}
