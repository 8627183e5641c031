/** Networks from what `toConfig` wrote, or from what somebody says it wrote. */
import { InvalidArgumentError } from "../base/errors.ts";
import { showValue } from "../base/parameters.ts";
import type { LayerSpec, Network } from "./contract.ts";
import { layerTypeOf } from "./layers/registry.ts";
import { inPlace } from "./place.ts";
import { buildNetwork } from "./sequential.ts";

/**
 * Builds the network that a configuration describes: a list of `{ type, config }`. Names are looked up in closed tables and
 * nothing is executed; a type, field or option that does not exist is refused.
 * @throws InvalidArgumentError, UnknownNameError, ShapeError, each naming the layer by its position or name.
 */
export function networkFromConfig(config: unknown): Network {
  if (!Array.isArray(config)) {
    throw new InvalidArgumentError("network-config/not-a-list", {
      received: `${showValue(config)} was given as a network's configuration`,
      expected: "a list of { type, config } is needed",
      hint: "Pass what toConfig() returned.",
    });
  }
  return buildNetwork(config.map((entry, i) => inPlace(`layer ${i}`, () => layerFromConfig(entry))));
}

function layerFromConfig(entry: unknown): LayerSpec {
  const { type, config } = fieldsOf(entry);
  const layerType = layerTypeOf(type);
  return Object.freeze({ layerType, config: layerType.parse(config) });
}

function fieldsOf(entry: unknown): { type: string; config: Readonly<Record<string, unknown>> } {
  const fields = typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>) : {};
  const strange = Object.keys(fields).find((key) => key !== "type" && key !== "config");
  if (typeof fields.type !== "string" || strange !== undefined) {
    throw new InvalidArgumentError("network-config/fields", {
      received:
        strange === undefined ? `the entry is ${showValue(entry)}` : `the entry has a field ${showValue(strange)}`,
      expected: "an object with a type (text) and a config is needed, and nothing else",
      hint: "Pass what toConfig() returned.",
    });
  }
  return {
    type: fields.type,
    config: (fields.config === undefined ? {} : fields.config) as Readonly<Record<string, unknown>>,
  };
}
