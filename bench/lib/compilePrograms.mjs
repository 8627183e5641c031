/** Programs that are compiled for the clock: steps of networks of several depths, a loss over sequences, chains of many nodes. */
import { layers, losses, sequential } from "surprisal";
import * as graph from "surprisal/graph";
import { wasmDevice } from "surprisal/internals";

/**
 * @typedef {import("surprisal/devices").Program} Program
 * @typedef {import("surprisal/graph").Node} Node
 */

/** @param {number} units @param {string} activation @param {number} [inputs] */
const dense = (units, activation, inputs) =>
  layers.dense(units, { activation, ...(inputs === undefined ? {} : { inputShape: [inputs] }) });

/**
 * The training step of a network, as a model loads it.
 * @param {readonly any[]} stack
 * @param {any} loss
 * @returns {Promise<Program>}
 */
async function step(stack, loss) {
  const device = wasmDevice();
  /** @type {Program | undefined} */
  let caught;
  const load = (/** @type {Program} */ program) => {
    caught = program;
    return Promise.reject(new Error("seen"));
  };
  const model = sequential(stack, { device: { ...device, load } });
  model.compile({ optimizer: "adam", loss, metrics: ["accuracy"] });
  await model.explain().catch(() => {});
  return /** @type {Program} */ (/** @type {unknown} */ (caught));
}

/** @param {readonly Node[]} outputs @returns {Program} */
function programOf(outputs) {
  const inputs = graph.topological(outputs).filter((node) => node.op.name === "input");
  const buffer = (/** @type {Node} */ { dtype, shape }) => ({ dtype, shape });
  return {
    bindings: new Map(inputs.map((node) => [node, buffer(node)])),
    outputs: outputs.map((node) => ({ node, into: buffer(node) })),
  };
}

/** @param {Node} value @param {Node} wrt */
function withGradient(value, wrt) {
  const stable = /** @type {Node} */ (graph.stabilise([value])[0]);
  return programOf([stable, ...graph.gradient(stable, [wrt])]);
}

/** Elementwise nodes one after another. @param {number} length */
function chain(length) {
  const [x, y] = [graph.input("x", "float32", [64]), graph.input("y", "float32", [64])];
  const links = [
    (/** @type {Node} */ z) => graph.add(z, y),
    (/** @type {Node} */ z) => graph.mul(z, x),
    graph.tanh,
    (/** @type {Node} */ z) => graph.sub(z, 0.25),
    (/** @type {Node} */ z) => graph.maximum(z, y),
  ];
  let z = x;
  for (let i = 0; i < length; i++) z = /** @type {(z: Node) => Node} */ (links[i % links.length])(z);
  return programOf([z]);
}

/** Rows that are centred over and over, with the gradient. @param {number} rounds */
function rows(rounds) {
  const x = graph.input("x", "float32", [8, 16]);
  let z = x;
  for (let i = 0; i < rounds; i++) {
    z = graph.add(graph.mul(graph.sub(z, graph.max(z, { keepDims: true })), 0.5), graph.tanh(z));
  }
  return withGradient(graph.sum(z), x);
}

/** @type {Readonly<Record<string, () => Program | Promise<Program>>>} */
export const compilePrograms = {
  "20-1": () => step([dense(1, "sigmoid", 20)], losses.binaryCrossentropy()),
  "20-64-64-3": () =>
    step([dense(64, "relu", 20), dense(64, "relu"), dense(3, "softmax")], losses.categoricalCrossentropy()),
  "784-512-512-10": () =>
    step([dense(512, "relu", 784), dense(512, "relu"), dense(10, "softmax")], losses.sparseCategoricalCrossentropy()),
  "32-layers": () => {
    const inner = Array.from({ length: 30 }, (_, i) => [
      dense(32, i % 2 === 0 ? "relu" : "gelu"),
      ...(i % 5 === 0 ? [layers.layerNormalization(), layers.dropout(0.1)] : []),
    ]);
    return step([dense(32, "tanh", 16), ...inner.flat(), dense(4, "softmax")], losses.categoricalCrossentropy());
  },
  ctc: () => {
    const yPred = graph.input("yPred", "float32", [4, 40, 8]);
    const labels = graph.input("labels", "int32", [4, 12]);
    const { value } = losses.ctc().graph(labels, yPred);
    return withGradient(value, yPred);
  },
  "rows-250": () => rows(250),
  "chain-1000": () => chain(1000),
  "chain-10000": () => chain(10_000),
};
