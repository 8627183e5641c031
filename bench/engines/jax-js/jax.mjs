/** jax-js on its WebAssembly backend, and Adam, which is written here because its optax is not published. Arrays are counted: passing one gives it away, `.ref` keeps it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A name the type checker does not look up: the package is there only once the benchmark has installed it. @type {string} */
const name = "@jax-js/jax";

/** The package on its WebAssembly backend. @returns {Promise<{ jax: any, version: string }>} */
export async function loadJax() {
  // Node 20 has no navigator, and init() asks it for a GPU.
  if (globalThis.navigator === undefined) {
    Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 1, userAgent: "node" } });
  }
  const jax = await import(name);
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  const manifest = join(dirname(createRequire(import.meta.url).resolve(name)), "../package.json");
  return { jax, version: JSON.parse(readFileSync(manifest, "utf8")).version };
}

/**
 * A jitted step: loss, gradients, Adam.
 * @param {any} jax
 * @param {any} adam
 * @param {(weights: any[], x: any, y: any, extra: any) => any} loss gets an array of its own of each
 */
export function stepOf(jax, { learningRate, beta1, beta2, epsilon }, loss) {
  const { numpy: np } = jax;
  const valueAndGrad = jax.valueAndGrad(loss);
  return jax.jit((/** @type {any} */ state, /** @type {any} */ x, /** @type {any} */ y, /** @type {any} */ extra) => {
    const [value, gradients] = valueAndGrad(
      state.weights.map((/** @type {any} */ w) => w.ref),
      x,
      y,
      extra,
    );
    const power1 = state.power1.mul(beta1);
    const power2 = state.power2.mul(beta2);
    const rate = np.sqrt(np.subtract(1, power2.ref)).mul(learningRate).div(np.subtract(1, power1.ref));
    /** @type {any[]} */
    const [weights, m, v] = [[], [], []];
    gradients.forEach((/** @type {any} */ g, /** @type {number} */ i) => {
      const average = state.m[i].mul(beta1).add(g.ref.mul(1 - beta1));
      const squares = state.v[i].mul(beta2).add(np.square(g).mul(1 - beta2));
      weights.push(state.weights[i].sub(average.ref.mul(rate.ref).div(np.sqrt(squares.ref).add(epsilon))));
      m.push(average);
      v.push(squares);
    });
    rate.dispose();
    return [{ weights, m, v, power1, power2 }, value];
  });
}

/** Where a step begins. @param {any} jax @param {readonly { values: Float32Array, shape: number[] }[]} weights @returns {any} */
export function stateOf({ numpy: np }, weights) {
  const zeros = () => weights.map(({ shape }) => np.zeros(shape));
  return {
    weights: weights.map(({ values, shape }) => np.array(values).reshape(shape)),
    m: zeros(),
    v: zeros(),
    power1: np.array(1),
    power2: np.array(1),
  };
}

/** Gives its arrays back. @param {any} state */
export function freeState({ weights, m, v, power1, power2 }) {
  for (const array of [...weights, ...m, ...v, power1, power2]) array.dispose();
}

/** Logits of dense layers, relu between. @param {any} jax @param {any[]} weights @param {any} x @param {(rows: any) => any} [beforeLast] */
export function denseLogits({ numpy: np, nn }, weights, x, beforeLast = (rows) => rows) {
  let rows = x;
  const depth = weights.length / 2;
  for (let i = 0; i < depth; i++) {
    if (i === depth - 1) rows = beforeLast(rows);
    rows = np.matmul(rows, weights[2 * i]).add(weights[2 * i + 1]);
    if (i < depth - 1) rows = nn.relu(rows);
  }
  return rows;
}

/** The mean over the rows, classes one-hot. @param {any} jax @param {any} logits @param {any} oneHot @param {number} rows */
export function crossentropy({ nn }, logits, oneHot, rows) {
  return nn
    .logSoftmax(logits)
    .mul(oneHot)
    .sum()
    .mul(-1 / rows);
}
