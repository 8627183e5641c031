/** TensorFlow.js on its WebAssembly backend, core only, and what its engines here share. */

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

/** Logits of dense layers with fused products, relu between. @param {any} tf @param {any[]} weights @param {any} x @param {(rows: any) => any} [beforeLast] */
export function denseLogits(tf, weights, x, beforeLast = (rows) => rows) {
  const depth = weights.length / 2;
  let rows = x;
  for (let i = 0; i < depth; i++) {
    const last = i === depth - 1;
    if (last) rows = beforeLast(rows);
    const activation = last ? "linear" : "relu";
    rows = tf.fused.matMul({ a: rows, b: weights[2 * i], bias: weights[2 * i + 1], activation });
  }
  return rows;
}

/** @param {any} tf @param {any} adam */
export function adamOf(tf, { learningRate, beta1, beta2, epsilon }) {
  return tf.train.adam(learningRate, beta1, beta2, epsilon);
}
