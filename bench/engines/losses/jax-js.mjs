/** jax-js on its WebAssembly backend: one jitted function of value and gradient, data resident. */
import { loadJax } from "../jax-js/jax.mjs";

/** @typedef {import("./worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { jax, version } = await loadJax();
  const { numpy: np, nn, blockUntilReady } = jax;
  /** Its arrays are counted: what is used twice is passed on as `.ref`. @type {Record<string, (y: any, z: any, classes: number) => any>} */
  const formulas = {
    binaryCrossentropy: (y, z) => nn.softplus(z.ref).sub(y.mul(z)).mean(),
    categoricalCrossentropy: (y, z) => nn.logSoftmax(z).mul(y).sum(-1).mean().mul(-1),
    sparseCategoricalCrossentropy: (y, z, classes) =>
      nn.logSoftmax(z).mul(nn.oneHot(y, classes)).sum(-1).mean().mul(-1),
    meanSquaredError: (y, z) => np.square(z.sub(y)).mean(),
    meanAbsoluteError: (y, z) => np.abs(z.sub(y)).mean(),
    huber(y, z) {
      const size = np.abs(z.sub(y));
      const small = np.minimum(size.ref, 1);
      return small.ref.mul(size.sub(small.mul(0.5))).mean();
    },
    logCosh(y, z) {
      const residual = z.sub(y);
      return residual.ref
        .add(nn.softplus(residual.mul(-2)))
        .sub(Math.LN2)
        .mean();
    },
    poisson: (y, p) => p.ref.sub(y.mul(np.log(p))).mean(),
    hinge: (y, z) => np.maximum(np.subtract(1, y.mul(z)), 0).mean(),
    klDivergence: (y, p) =>
      y.ref
        .mul(np.log(y).sub(np.log(p)))
        .sum(-1)
        .mean(),
  };
  return {
    version,
    prepare(name, targets, predictions) {
      const formula = formulas[name];
      if (formula === undefined) throw new Error(`no formula for ${name}`);
      const y = np.array(targets.values).reshape(targets.shape);
      const z = np.array(predictions.values).reshape(predictions.shape);
      const classes = predictions.shape.at(-1) ?? 0;
      const step = jax.jit((/** @type {any} */ yPred, /** @type {any} */ yTrue) =>
        jax.valueAndGrad((/** @type {any} */ inner) => formula(yTrue, inner, classes))(yPred),
      );
      /** @type {any} */
      let last;
      return {
        async run() {
          last?.dispose();
          const [value, gradient] = step(z.ref, y.ref);
          last = gradient;
          const [number] = value.dataSync();
          await blockUntilReady(gradient);
          return number;
        },
        gradient: () => last.ref.dataSync(),
        free: () => [last, y, z].forEach((array) => void array.dispose()),
      };
    },
  };
}
