/** One jitted function of value and both gradients; labels one-hot, because with indices it needs memory for classes × classes. */
import { oneHotOf, probesOf } from "../../lib/problem.mjs";
import { crossentropy, loadJax } from "./jax.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { jax, version } = await loadJax();
  const { numpy: np, blockUntilReady } = jax;
  return {
    version,
    async perform({ arrays: { hidden, weight, y } }, onUnit) {
      const [rows, classes] = [hidden.shape[0], weight.shape[0]];
      const given = [hidden, weight].map(({ values, shape }) => np.array(values).reshape(shape));
      const oneHot = np.array(oneHotOf(y.values, classes)).reshape([rows, classes]);
      const step = jax.jit((/** @type {any[]} */ inputs, /** @type {any} */ labels) =>
        jax.valueAndGrad((/** @type {any[]} */ [h, w]) =>
          crossentropy(jax, np.matmul(h, np.transpose(w)), labels, rows),
        )(inputs),
      );
      /** @type {number[] | undefined} */
      let probes;
      let loss = Number.NaN;
      do {
        const [value, gradients] = step(
          given.map((array) => array.ref),
          oneHot.ref,
        );
        loss = value.dataSync()[0];
        for (const gradient of gradients) await blockUntilReady(gradient);
        if (probes === undefined) probes = gradients.flatMap((/** @type {any} */ g) => probesOf(g.dataSync(), 32));
        else for (const gradient of gradients) gradient.dispose();
      } while (onUnit([loss, ...(probes ?? [])]));
    },
  };
}
