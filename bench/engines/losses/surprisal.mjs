/** surprisal through its public face: the loss's graph, stabilised, differentiated and loaded once on the WebAssembly device. */
import { version } from "surprisal";
import { wasm } from "surprisal/devices";
import { gradient, input, stabilise } from "surprisal/graph";
import { configured } from "../../lib/lossCases.mjs";

/** @typedef {import("./worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  return { version, prepare };
}

/** @type {Engine["prepare"]} */
async function prepare(name, targets, predictions) {
  const device = wasm();
  const loss = configured(name);
  const y = input("yTrue", targets.values instanceof Int32Array ? "int32" : "float32", targets.shape);
  const z = input("yPred", "float32", predictions.shape);
  const [value] = stabilise([loss.graph(y, z).value]);
  const [byPrediction] = value === undefined ? [] : gradient(value, [z]);
  if (value === undefined || byPrediction === undefined) throw new Error(`${name} has no gradient`);
  const buffers = [y, z, value, byPrediction].map((node) => device.allocate(node.dtype, node.shape));
  const [yTrue, yPred, valueInto, gradientInto] = /** @type {typeof buffers & [any, any, any, any]} */ (buffers);
  device.write(yTrue, targets.values);
  device.write(yPred, predictions.values);
  const executable = await device.load({
    outputs: [
      { node: value, into: valueInto },
      { node: byPrediction, into: gradientInto },
    ],
    bindings: new Map([
      [y, yTrue],
      [z, yPred],
    ]),
    label: name,
  });
  return {
    async run() {
      await executable.run();
      return (await device.read(valueInto)).item();
    },
    gradient: async () => /** @type {Float32Array} */ ((await device.read(gradientInto)).data),
    kernels: () =>
      executable.report().kernels.map(({ name: kernel, family, bytesRead, bytesWritten }, i) => ({
        name: kernel,
        family,
        ms: fastest(() => executable.runKernel?.(i)),
        bytes: bytesRead + bytesWritten,
      })),
    free: () => buffers.forEach((buffer) => void device.free(buffer)),
  };
}

/** The least time of five. @param {() => void} work */
function fastest(work) {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return Math.min(...times);
}
