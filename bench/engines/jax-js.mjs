/**
 * jax-js on its WebAssembly device: one jitted function a step (loss, gradients, Adam), batches and state resident. Its optax is
 * not published, so that Adam is written here. Arrays are reference counted: passing one gives it away, `.ref` keeps it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { batchesOf } from "../lib/problem.mjs";

/** @typedef {import("./worker.mjs").Engine} Engine */

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

/** @returns {Promise<Engine>} */
export async function load() {
  const { jax, version } = await loadJax();
  return { version, train: (problem, adam, onEpoch) => train(jax, problem, adam, onEpoch) };
}

/** @param {any} jax @param {import("./worker.mjs").Problem} problem @param {import("./worker.mjs").Adam} adam @param {(loss: number) => boolean} onEpoch */
async function train(jax, problem, adam, onEpoch) {
  const { numpy: np, nn } = jax;
  const { batch, layers } = problem;
  const depth = layers.length - 1;
  const batches = batchesOf(problem).map(({ x, oneHot }) => ({
    x: np.array(x).reshape([batch, layers[0]]),
    y: np.array(oneHot).reshape([batch, layers.at(-1)]),
  }));

  /** @param {any[]} weights @param {any} x @param {any} y */
  const loss = (weights, x, y) => {
    let rows = x;
    for (let i = 0; i < depth; i++) {
      rows = np.matmul(rows, weights[2 * i]).add(weights[2 * i + 1]);
      if (i < depth - 1) rows = nn.relu(rows);
    }
    return nn
      .logSoftmax(rows)
      .mul(y)
      .sum()
      .mul(-1 / batch);
  };
  const valueAndGrad = jax.valueAndGrad(loss);
  const { learningRate, beta1, beta2, epsilon } = adam;
  const step = jax.jit((/** @type {any} */ state, /** @type {any} */ x, /** @type {any} */ y) => {
    const [value, gradients] = valueAndGrad(
      state.weights.map((/** @type {any} */ w) => w.ref),
      x,
      y,
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

  const zeros = () => problem.weights.map(({ shape }) => np.zeros(shape));
  let state = {
    weights: problem.weights.map(({ values, shape }) => np.array(values).reshape(shape)),
    m: zeros(),
    v: zeros(),
    power1: np.array(1),
    power2: np.array(1),
  };
  let mean = Number.NaN;
  do {
    let sum = 0;
    for (const { x, y } of batches) {
      const [next, value] = step(state, x.ref, y.ref);
      state = next;
      // Read at once: what is pending makes every further step slower.
      sum += value.dataSync()[0];
    }
    mean = sum / problem.steps;
  } while (onEpoch(mean));
}
