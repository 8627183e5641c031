/** Value and gradient of a loss, by an engine of the comparison of losses. */
import { probesOf } from "../lib/lossCases.mjs";

/**
 * @param {import("./losses/worker.mjs").Engine} engine
 * @returns {import("./worker.mjs").Engine}
 */
export function lossWork({ version, prepare }) {
  return {
    version,
    async perform({ loss, repeats, arrays: { y, z } }, onUnit) {
      const prepared = await prepare(loss, y, z);
      /** @type {number[] | undefined} */
      let probes;
      let value = Number.NaN;
      do {
        for (let i = 0; i < repeats; i++) value = await prepared.run();
        if (probes === undefined) {
          const gradient = await prepared.gradient();
          probes = probesOf(gradient.length).map((place) => Number(gradient[place]));
        }
      } while (onUnit([value, ...probes]));
      prepared.free();
    },
  };
}
