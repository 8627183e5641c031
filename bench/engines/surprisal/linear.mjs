/** The loss's graph and its two gradients as one program of the WebAssembly device. */
import { losses, version } from "surprisal";
import { wasm } from "surprisal/devices";
import { gradient, input, stabilise } from "surprisal/graph";
import { probesOf } from "../../lib/problem.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  return { version, perform };
}

/** @type {Engine["perform"]} */
async function perform({ arrays }, onUnit) {
  const device = wasm();
  const nodes = {
    hidden: input("hidden", "float32", arrays.hidden.shape),
    weight: input("weight", "float32", arrays.weight.shape),
    y: input("y", "int32", arrays.y.shape),
  };
  const { hidden, weight, y } = nodes;
  const [value] = stabilise([losses.linearCrossentropy().graph(y, { hidden, weight }).value]);
  const [byHidden, byWeight] = value === undefined ? [] : gradient(value, [hidden, weight]);
  if (value === undefined || byHidden === undefined || byWeight === undefined) throw new Error("no gradient");
  const outputs = [value, byHidden, byWeight].map((node) => ({ node, into: device.allocate(node.dtype, node.shape) }));
  const bindings = new Map(
    Object.entries(nodes).map(([name, node]) => {
      const buffer = device.allocate(node.dtype, node.shape);
      device.write(buffer, arrays[name].values);
      return [node, buffer];
    }),
  );
  const executable = await device.load({ outputs, bindings, label: "linearCrossentropy" });
  const read = async (/** @type {number} */ i) => {
    const into = outputs[i]?.into;
    return into === undefined ? [] : /** @type {Float32Array} */ ((await device.read(into)).data);
  };
  /** @type {number[] | undefined} */
  let probes;
  let loss = Number.NaN;
  do {
    await executable.run();
    loss = Number((await read(0))[0]);
    probes ??= [...probesOf(await read(1), 32), ...probesOf(await read(2), 32)];
  } while (onUnit([loss, ...probes]));
  return { workspaceMB: executable.report().scratchBytes / 1e6 };
}
