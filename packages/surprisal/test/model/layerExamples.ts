/** Layers of every type, with the shapes and weights that they have on rows of a shape. */
import * as layers from "../../src/layers.ts";
import type { LayerSpec } from "../../src/model/contract.ts";
import { activations, initializers, regularizers } from "./face.ts";

export interface Example {
  readonly spec: LayerSpec;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** `name [shape]`, in order. */
  readonly weights: readonly string[];
  /** Indices, which have no gradient. */
  readonly indices?: true;
}

/** At least one for each layer type. */
export const examples: readonly Example[] = [
  { spec: layers.activation("tanh"), inputShape: [4], outputShape: [4], weights: [] },
  { spec: layers.activation(activations.softmax({ axis: 1 })), inputShape: [3, 2], outputShape: [3, 2], weights: [] },
  { spec: layers.activation("glu"), inputShape: [3, 4], outputShape: [3, 2], weights: [] },
  {
    spec: layers.batchNormalization(),
    inputShape: [4],
    outputShape: [4],
    weights: ["gamma [4]", "beta [4]", "movingMean [4]", "movingVariance [4]"],
  },
  {
    spec: layers.batchNormalization({ axis: 1, center: false, momentum: 0.8 }),
    inputShape: [3, 2],
    outputShape: [3, 2],
    weights: ["gamma [3]", "movingMean [3]", "movingVariance [3]"],
  },
  {
    spec: layers.batchNormalization({ scale: false, center: false, epsilon: 0.01 }),
    inputShape: [2, 2, 3],
    outputShape: [2, 2, 3],
    weights: ["movingMean [3]", "movingVariance [3]"],
  },
  { spec: layers.conv1d(3, 2), inputShape: [5, 2], outputShape: [4, 3], weights: ["kernel [2,2,3]", "bias [3]"] },
  {
    spec: layers.conv1d(4, [3], {
      padding: "causal",
      strides: 2,
      dilationRate: 2,
      groups: 2,
      activation: "tanh",
      activityRegularizer: "l2",
    }),
    inputShape: [5, 4],
    outputShape: [3, 4],
    weights: ["kernel [3,2,4]", "bias [4]"],
  },
  {
    spec: layers.conv2d(2, [3, 2], { padding: "same", strides: [1, 2], useBias: false, activation: "sigmoid" }),
    inputShape: [4, 5, 2],
    outputShape: [4, 3, 2],
    weights: ["kernel [3,2,2,2]"],
  },
  {
    spec: layers.conv2d(2, 1, { kernelRegularizer: "l2", biasConstraint: "nonNeg" }),
    inputShape: [2, 3, 2],
    outputShape: [2, 3, 2],
    weights: ["kernel [1,1,2,2]", "bias [2]"],
  },
  {
    spec: layers.conv3d(2, 2, { padding: "same" }),
    inputShape: [2, 3, 2, 1],
    outputShape: [2, 3, 2, 2],
    weights: ["kernel [2,2,2,1,2]", "bias [2]"],
  },
  { spec: layers.maxPooling1d(), inputShape: [5, 2], outputShape: [2, 2], weights: [] },
  {
    spec: layers.maxPooling2d({ poolSize: [3, 2], strides: 2, padding: "same" }),
    inputShape: [5, 4, 2],
    outputShape: [3, 2, 2],
    weights: [],
  },
  { spec: layers.averagePooling1d({ poolSize: 3, strides: 1 }), inputShape: [5, 2], outputShape: [3, 2], weights: [] },
  {
    spec: layers.averagePooling2d({ padding: "same", strides: null }),
    inputShape: [5, 4, 2],
    outputShape: [3, 2, 2],
    weights: [],
  },
  { spec: layers.globalMaxPooling1d(), inputShape: [5, 2], outputShape: [2], weights: [] },
  { spec: layers.globalMaxPooling2d({ keepdims: true }), inputShape: [3, 4, 2], outputShape: [1, 1, 2], weights: [] },
  { spec: layers.globalAveragePooling1d({ keepdims: true }), inputShape: [5, 2], outputShape: [1, 2], weights: [] },
  { spec: layers.globalAveragePooling2d(), inputShape: [3, 4, 2], outputShape: [2], weights: [] },
  { spec: layers.dense(3), inputShape: [4], outputShape: [3], weights: ["kernel [4,3]", "bias [3]"] },
  {
    spec: layers.dense(2, {
      activation: activations.elu(0.7),
      kernelInitializer: "he_normal",
      biasInitializer: initializers.constant(0.1),
      kernelRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
      activityRegularizer: "l2",
      kernelConstraint: "maxNorm",
      name: "hidden",
    }),
    inputShape: [3, 2, 4],
    outputShape: [3, 2, 2],
    weights: ["kernel [4,2]", "bias [2]"],
  },
  {
    spec: layers.dense(2, { useBias: false, activation: "softmax" }),
    inputShape: [3],
    outputShape: [2],
    weights: ["kernel [3,2]"],
  },
  { spec: layers.dropout(0.4), inputShape: [5], outputShape: [5], weights: [] },
  { spec: layers.dropout(0.3, { noiseShape: [null, 1, 2] }), inputShape: [3, 2], outputShape: [3, 2], weights: [] },
  { spec: layers.embedding(4, 3), inputShape: [5], outputShape: [5, 3], weights: ["embeddings [4,3]"], indices: true },
  { spec: layers.embedding(4, 2), inputShape: [], outputShape: [2], weights: ["embeddings [4,2]"], indices: true },
  { spec: layers.flatten(), inputShape: [2, 3], outputShape: [6], weights: [] },
  { spec: layers.flatten(), inputShape: [], outputShape: [1], weights: [] },
  { spec: layers.input([4], { name: "features" }), inputShape: [4], outputShape: [4], weights: [] },
  { spec: layers.layerNormalization(), inputShape: [4], outputShape: [4], weights: ["gamma [4]", "beta [4]"] },
  {
    spec: layers.layerNormalization({ axis: [-1, 1], scale: false }),
    inputShape: [3, 2],
    outputShape: [3, 2],
    weights: ["beta [3,2]"],
  },
  { spec: layers.reshape([-1, 2]), inputShape: [3, 4], outputShape: [6, 2], weights: [] },
  { spec: layers.reshape([12]), inputShape: [3, 4], outputShape: [12], weights: [] },
];
