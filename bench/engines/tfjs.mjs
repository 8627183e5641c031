/** TensorFlow.js on its WebAssembly backend, core only: `optimizer.minimize` on tensors that stay where they are. */
import { batchesOf } from "../lib/problem.mjs";

/** @typedef {import("./worker.mjs").Engine} Engine */

/** Names the type checker does not look up: the packages are there only once the benchmark has installed them. @type {readonly string[]} */
const [core = "", wasm = "", layersPackage = ""] = [
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-layers",
];

/** The core with the backend ready. @returns {Promise<any>} */
export async function loadCore() {
  const tf = await import(core);
  // The core's Node build brings no gradients; the layers register them all.
  await import(layersPackage);
  const { setThreadsCount } = await import(wasm);
  setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  if (tf.getBackend() !== "wasm") throw new Error(`the backend is ${tf.getBackend()}`);
  return tf;
}

/** @returns {Promise<Engine>} */
export async function load() {
  const tf = await loadCore();
  return {
    version: tf.version_core,
    train: (problem, adam, onEpoch) => train(tf, problem, adam, onEpoch),
  };
}

/** @param {any} tf @param {import("./worker.mjs").Problem} problem @param {import("./worker.mjs").Adam} adam @param {(loss: number) => boolean} onEpoch */
async function train(tf, problem, { learningRate, beta1, beta2, epsilon }, onEpoch) {
  const { batch, layers } = problem;
  const depth = layers.length - 1;
  const batches = batchesOf(problem).map(({ x, oneHot }) => ({
    x: tf.tensor2d(x, [batch, layers[0]]),
    y: tf.tensor2d(oneHot, [batch, layers.at(-1)]),
  }));
  const weights = problem.weights.map(({ values, shape }) => tf.variable(tf.tensor(values, shape)));
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
  let sum = 0;
  do {
    sum = 0;
    const values = batches.map(({ x, y }) =>
      optimizer.minimize(
        () => {
          let rows = x;
          for (let i = 0; i < depth; i++) {
            const activation = i < depth - 1 ? "relu" : "linear";
            rows = tf.fused.matMul({ a: rows, b: weights[2 * i], bias: weights[2 * i + 1], activation });
          }
          return tf.losses.softmaxCrossEntropy(y, rows);
        },
        true,
        weights,
      ),
    );
    for (const value of values) {
      sum += value.dataSync()[0];
      value.dispose();
    }
  } while (onEpoch(sum / problem.steps));
  tf.dispose([batches, weights]);
  optimizer.dispose();
}
