/** TensorFlow.js on its WebAssembly backend: `valueAndGrad` of its own losses, and of those of its layers where it has none; data resident. */
import { loadCore } from "../tfjs/tf.mjs";

/** @typedef {import("./worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const tf = await loadCore();
  /** @type {Record<string, (y: any, z: any, classes: number) => any>} */
  const formulas = {
    binaryCrossentropy: (y, z) => tf.losses.sigmoidCrossEntropy(y, z),
    categoricalCrossentropy: (y, z) => tf.losses.softmaxCrossEntropy(y, z),
    sparseCategoricalCrossentropy: (y, z, classes) => tf.losses.softmaxCrossEntropy(tf.oneHot(y, classes), z),
    meanSquaredError: (y, z) => tf.losses.meanSquaredError(y, z),
    meanAbsoluteError: (y, z) => tf.losses.absoluteDifference(y, z),
    huber: (y, z) => tf.losses.huberLoss(y, z),
    logCosh(y, z) {
      const residual = tf.sub(z, y);
      return tf.mean(tf.sub(tf.add(residual, tf.softplus(tf.mul(-2, residual))), Math.LN2));
    },
    poisson: (y, p) => tf.mean(tf.sub(p, tf.mul(y, tf.log(p)))),
    hinge: (y, z) => tf.mean(tf.maximum(0, tf.sub(1, tf.mul(y, z)))),
    klDivergence: (y, p) => tf.mean(tf.sum(tf.mul(y, tf.log(tf.div(y, p))), -1)),
  };
  return {
    version: tf.version_core,
    prepare(name, targets, predictions) {
      const formula = formulas[name];
      if (formula === undefined) throw new Error(`no formula for ${name}`);
      const kind = targets.values instanceof Int32Array ? "int32" : "float32";
      const y = tf.tensor(targets.values, targets.shape, kind);
      const z = tf.tensor(predictions.values, predictions.shape, "float32");
      const classes = predictions.shape.at(-1) ?? 0;
      const step = tf.valueAndGrad((/** @type {any} */ inner) => formula(y, inner, classes));
      /** @type {any} */
      let last;
      return {
        run() {
          last?.dispose();
          const { value, grad } = step(z);
          last = grad;
          const [number] = value.dataSync();
          value.dispose();
          return number;
        },
        gradient: () => last.dataSync(),
        free: () => tf.dispose([last, y, z]),
      };
    },
  };
}
