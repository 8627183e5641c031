/** A model with a bit of everything that a file holds, and the tools to forge its file. */
import {
  callbacks,
  layers,
  type Model,
  metrics,
  optimizers,
  regularizers,
  type SaveOptions,
  sequential,
} from "surprisal";
import type { FloatDType } from "../../src/base/dtype.ts";
import type { Tensor } from "../../src/base/tensor.ts";
import type { DeviceName } from "../../src/devices.ts";
import { type JsonValue, stringifyJson } from "../../src/files/json.ts";
import { checksumSafetensors, decodeSafetensors, encodeSafetensors } from "../../src/files/safetensors.ts";

export const x = Array.from({ length: 45 }, (_, i) => [Math.sin(i), Math.cos(2 * i), Math.sin(3 * i) / 2]);
export const y = x.map(([a = 0, b = 0]) => (a > b ? 1 : a > 0 ? 2 : 0));

/** Compiled, not trained. */
export function sampleModel(device: DeviceName, dtype: FloatDType, optimizer = optimizers.nadam()): Model {
  const model = sequential(
    [
      layers.dense(5, {
        inputShape: [3],
        activation: "leakyRelu",
        kernelRegularizer: regularizers.l2(1e-3),
        name: "hidden",
      }),
      layers.batchNormalization(),
      layers.dropout(0.25),
      layers.dense(3, { activation: "softmax", kernelConstraint: "unitNorm" }),
    ],
    { device, dtype, seed: 7 },
  );
  const loss = "sparseCategoricalCrossentropy";
  model.compile({
    optimizer,
    loss,
    metrics: ["accuracy", metrics.sparseTopKCategoricalAccuracy({ k: 2 })],
    weightedMetrics: ["accuracy"],
  });
  return model;
}

/** Epochs `from` up to `to`, silent; the rate falls, so that a file must keep it. */
export const train = (model: Model, from: number, to: number) =>
  model.fit(x, y, { initialEpoch: from, epochs: to, batchSize: 16, verbose: 0 });

/** A trained model's bytes. */
export async function sampleBytes(options: SaveOptions = { optimizer: true }): Promise<Uint8Array> {
  const model = sampleModel("interpreter", "float32", optimizers.adam());
  model.preprocessing = { columns: ["a", "b", "c"], labels: ["no", "yes", "perhaps"] };
  await model.fit(x, y, {
    epochs: 1,
    batchSize: 16,
    verbose: 0,
    callbacks: [callbacks.learningRateScheduler(() => 0.01)],
  });
  return model.toBytes(options);
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into parsed JSON
export type Loose = any;

export interface Parts {
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Map<string, string>;
  config: Loose;
}

/** The file with changes made by somebody who knows the format: the checksum is right again. */
export function forge(bytes: Uint8Array, change: (parts: Parts) => void): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const parts: Parts = { tensors, metadata, config: JSON.parse(metadata.get("surprisal.config")!) };
  change(parts);
  if (parts.config !== undefined) {
    const text = typeof parts.config === "string" ? parts.config : stringifyJson(parts.config as JsonValue);
    metadata.set("surprisal.config", text);
  }
  if (metadata.has("surprisal.checksum")) {
    metadata.delete("surprisal.checksum");
    metadata.set("surprisal.checksum", checksumSafetensors(tensors, metadata));
  }
  return encodeSafetensors(tensors, metadata);
}

/** The bits of a tensor. */
export const bits = ({ data }: Tensor): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
