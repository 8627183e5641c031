/** The walk-through: a jitted step and a jitted validation, made once; each fit begins with the first weights. */
import { denseShapes, weightsOf } from "../../lib/problem.mjs";
import { denseLogits, freeState, loadJax, stateOf, stepOf } from "./jax.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { jax, version } = await loadJax();
  return {
    version,
    perform(problem, onUnit) {
      const fit = fitter(jax, problem);
      let going = true;
      while (going) {
        const { valLoss, free } = fit();
        free();
        going = onUnit([valLoss]);
      }
    },
  };
}

/** @param {any} jax @param {any} problem */
export function fitter(jax, { batch, epochs, training, adam, arrays }) {
  const { numpy: np, nn } = jax;
  /** @param {any[]} weights @param {any} x @param {any} y */
  const loss = (weights, x, y) => {
    const z = denseLogits(jax, weights, x).reshape([-1]);
    return nn.softplus(z.ref).sub(z.mul(y)).mean();
  };
  const step = stepOf(jax, adam, loss);
  const test = jax.jit((/** @type {any[]} */ weights, /** @type {any} */ x, /** @type {any} */ y) => {
    const z = denseLogits(jax, weights, x).reshape([-1]);
    const right = np.equal(np.greater(z.ref, 0), np.greater(y.ref, 0.5));
    return [nn.softplus(z.ref).sub(z.mul(y)).mean(), right.astype(np.float32).mean()];
  });
  const { x, y } = arrays;
  /** @param {any} rows @param {any} labels @param {number} from @param {number} to */
  const part = (rows, labels, from, to) => ({
    x: np.array(rows.values.slice(20 * from, 20 * to)).reshape([to - from, 20]),
    y: np.array(labels.values.slice(from, to)),
  });
  const start = weightsOf(arrays.weights.values, denseShapes([20, 1]));
  /** What a test of rows gives: loss and accuracy. @param {any} state @param {any} rows */
  const measure = (state, rows) => {
    const [value, accuracy] = test(
      state.weights.map((/** @type {any} */ w) => w.ref),
      rows.x.ref,
      rows.y.ref,
    );
    return [value.dataSync()[0], accuracy.dataSync()[0]];
  };
  return () => {
    const validation = part(x, y, training, y.values.length);
    const batches = Array.from({ length: training / batch }, (_, i) => part(x, y, i * batch, (i + 1) * batch));
    let state = stateOf(jax, start);
    let [valLoss = Number.NaN] = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const rows of batches) {
        const [next, value] = step(state, rows.x.ref, rows.y.ref, []);
        state = next;
        value.dataSync();
      }
      [valLoss] = measure(state, validation);
    }
    const { testX, testY } = arrays;
    const last = state;
    const free = () => {
      for (const rows of [validation, ...batches]) for (const array of [rows.x, rows.y]) array.dispose();
      freeState(last);
    };
    const testLoss = () => measure(last, part(testX, testY, 0, testY.values.length))[0];
    return { valLoss, testLoss, free };
  };
}
