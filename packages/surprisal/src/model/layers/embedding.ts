/** Vectors by index. */
import { isFloat } from "../../base/dtype.ts";
import { requiredNumber } from "../../base/parameters.ts";
import { cast, equal, floor, gather, type Node, where } from "../../graph/index.ts";
import { constraintRegistry } from "../constraints/registry.ts";
import type { LayerSpec } from "../contract.ts";
import { initializerRegistry } from "../initializers/registry.ts";
import { optionalPart, part } from "../named.ts";
import { regularizerRegistry } from "../regularizers/registry.ts";
import { defineLayer, type LayerOptions, layer, weight, withType } from "./define.ts";

const parameters = {
  inputDim: requiredNumber("the number of indices: they run from 0 to inputDim − 1", { integer: true, min: 1 }),
  outputDim: requiredNumber("the length of a vector", { integer: true, min: 1 }),
  embeddingsInitializer: part(initializerRegistry, "randomUniform", "first values of the vectors"),
  embeddingsRegularizer: optionalPart(regularizerRegistry, "penalty on the vectors"),
  embeddingsConstraint: optionalPart(constraintRegistry, "projection of the vectors after each update"),
};

/** Indices as int32. A number that is not whole becomes −1, which reads NaN, rather than its neighbour. */
function indicesOf(x: Node): Node {
  return cast(isFloat(x.dtype) ? where(equal(floor(x), x), x, -1) : x, "int32");
}

const type = defineLayer({
  type: "embedding",
  takesIndices: true,
  parameters,
  outputShape: (inputShape, { outputDim }) => [...inputShape, outputDim],
  weights: (_, c) => [
    weight("embeddings", [c.inputDim, c.outputDim], c.embeddingsInitializer, {
      regularizer: c.embeddingsRegularizer,
      constraint: c.embeddingsConstraint,
    }),
  ],
  apply: (_, x, { embeddings }) => ({ output: gather(embeddings!, indicesOf(x)) }),
});

/**
 * Replaces each index by its vector, a row of the weight `embeddings` [inputDim, outputDim]. An index outside gives NaN, never
 * another index's vector.
 * @throws InvalidArgumentError for sizes below 1.
 */
export const embedding = withType(
  type,
  (
    inputDim: number,
    outputDim: number,
    options: LayerOptions<typeof parameters, "inputDim" | "outputDim"> = {},
  ): LayerSpec => layer(type, { inputDim, outputDim }, options),
);
