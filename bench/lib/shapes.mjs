/** The networks that are compared. Adding one is a line here. */

/**
 * @typedef {object} NetworkShape
 * @property {string} name as on the command line and in the results
 * @property {readonly number[]} layers inputs, hidden units (relu), classes (softmax)
 * @property {number} batch rows a step
 * @property {number} steps steps an epoch; the data set holds batch · steps rows
 * @property {number} checked epochs whose mean losses must be equal
 * @property {number} epochs no more measured epochs than this a process, so that everybody stays in the same part of the training
 */

/** @type {readonly NetworkShape[]} */
export const shapes = [
  { name: "20-64-64-3, 32", layers: [20, 64, 64, 3], batch: 32, steps: 256, checked: 2, epochs: 50 },
  { name: "784-512-512-10, 128", layers: [784, 512, 512, 10], batch: 128, steps: 8, checked: 2, epochs: 50 },
];

/**
 * Those that a word on the command line means: a name, or its beginning.
 * @param {readonly string[]} words none: all
 * @returns {readonly NetworkShape[]}
 * @throws Error for a word that means none
 */
export function shapesNamed(words) {
  if (words.length === 0) return shapes;
  const wanted = words.map((word) => {
    const found = shapes.filter(({ name }) => name.startsWith(word));
    if (found.length > 0) return found;
    throw new Error(`"${word}" is no shape; the shapes are ${shapes.map(({ name }) => `"${name}"`).join(", ")}`);
  });
  return shapes.filter((shape) => wanted.some((some) => some.includes(shape)));
}

/**
 * Floating point operations of a step's matrix products: forward, gradients of weights, gradients of inputs but the first layer's.
 * @param {NetworkShape} shape
 */
export function flopsOf({ layers, batch }) {
  const products = layers.slice(1).map((units, i) => (layers[i] ?? 0) * units);
  return batch * (6 * products.reduce((sum, size) => sum + size, 0) - 2 * (products[0] ?? 0));
}
