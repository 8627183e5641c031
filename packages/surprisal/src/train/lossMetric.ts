/** A loss as a metric: its mean over rows, each row weighing what it weighs; penalties are not in it. */

import { sizeOf } from "../base/shape.ts";
import { add, broadcastTo, cast, constant, mul, type Node, reshape, sum } from "../graph/index.ts";
import type { Loss } from "../loss/contract.ts";
import type { Metric } from "./contract.ts";

/** @param name what its column is called. */
export function lossMetric(loss: Loss, name = loss.name): Metric {
  return {
    name,
    better: "lower",
    state: [
      { name: "total", shape: [], initial: 0 },
      { name: "weight", shape: [], initial: 0 },
    ],
    update({ yTrue, yPred, sampleWeight, state }) {
      const values = cast(loss.graph(yTrue, yPred).perSample, "float64");
      const { shape } = values;
      const [rows] = shape;
      const weight =
        sampleWeight === undefined
          ? undefined
          : broadcastTo(
              cast(
                reshape(
                  sampleWeight,
                  shape.map((_, d) => (d === 0 ? (rows as number) : 1)),
                ),
                "float64",
              ),
              shape,
            );
      const counted = weight === undefined ? constant(sizeOf(shape), "float64") : sum(weight);
      return {
        total: add(state.total as Node, sum(weight === undefined ? values : mul(weight, values))),
        weight: add(state.weight as Node, counted),
      };
    },
    result({ total, weight }) {
      const divisor = weight?.[0] as number;
      return divisor === 0 ? 0 : (total?.[0] as number) / divisor;
    },
    toConfig: () => ({ name: loss.name, options: { ...loss.toConfig().params, ...(name !== loss.name && { name }) } }),
  };
}
