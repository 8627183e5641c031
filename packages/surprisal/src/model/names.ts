/** Names of layers within a network. */
import { InvalidArgumentError } from "../base/errors.ts";
import type { LayerSpec } from "./contract.ts";

/**
 * A name for each layer: its own, or its type, numbered from the second on as Keras does (`dense`, `dense_1`).
 * @throws InvalidArgumentError when two layers were given one name.
 */
export function uniqueNames(layers: readonly LayerSpec[]): string[] {
  const taken = new Set<string>();
  for (const { config } of layers) {
    if (config.name === undefined) continue;
    if (taken.has(config.name)) {
      throw new InvalidArgumentError("sequential/same-name", {
        received: `two layers are called "${config.name}"`,
        expected: "weights are found by their layer's name, so each needs its own",
        hint: "Rename one of them, or leave the name out.",
      });
    }
    taken.add(config.name);
  }
  const used = new Map<string, number>();
  return layers.map(({ config, layerType }) => {
    if (config.name !== undefined) return config.name;
    for (let n = used.get(layerType.type) ?? 0; ; n++) {
      const name = n === 0 ? layerType.type : `${layerType.type}_${n}`;
      if (taken.has(name)) continue;
      used.set(layerType.type, n + 1);
      taken.add(name);
      return name;
    }
  });
}
