/** A model with a softmax over many classes: it trains without a matrix of rows times classes, to the same bits. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { layers, losses, type Model, sequential, tensor } from "../../src/index.ts";

const [rows, features, classes] = [600, 6, 9000];

const x = tensor(
  Float32Array.from({ length: rows * features }, (_, i) => Math.sin(i * i)),
  { shape: [rows, features] },
);
const y = Int32Array.from({ length: rows }, (_, i) => (i * 31) % classes);

function model(activation: "softmax" | "linear", workspace?: number): Model {
  return sequential(
    [layers.dense(8, { inputShape: [features], activation: "relu" }), layers.dense(classes, { activation })],
    {
      device: wasmDevice(workspace === undefined ? {} : { workspace }),
      seed: 4,
    },
  );
}

/** Mebibytes of temporaries, as `explain` tells them. */
async function temporaries(of: Model): Promise<{ mebi: number; blocks: boolean }> {
  const { scratchBytes, passes } = await of.explain({ batchSize: rows, format: "record" });
  const blocks = passes.some(({ notes }) => notes.some((note) => /blocks of \d+/.test(note)));
  return { mebi: scratchBytes / 2 ** 20, blocks };
}

describe.each([
  ["a softmax and index labels", "softmax", "sparseCategoricalCrossentropy"],
  ["logits and index labels", "linear", losses.sparseCategoricalCrossentropy({ fromLogits: true })],
  ["label smoothing", "softmax", losses.sparseCategoricalCrossentropy({ labelSmoothing: 0.1 })],
] as const)("%s", (_, activation, loss) => {
  test("trains in blocks", async () => {
    const trained: unknown[] = [];
    for (const workspace of [undefined, 3_000_000, 2 ** 31]) {
      const one = model(activation, workspace);
      one.compile({ loss, optimizer: "adam", metrics: ["accuracy"] });
      const { mebi, blocks } = await temporaries(one);
      // Rows times classes are 20.6 MiB, and there would be several of them.
      expect(blocks).toBe(workspace !== 2 ** 31);
      if (workspace === undefined) expect(mebi).toBeLessThanOrEqual(16);
      else if (blocks) expect(mebi).toBeLessThanOrEqual(4);
      else expect(mebi).toBeGreaterThan(20);
      const history = await one.fit(x, y, { epochs: 2, batchSize: rows, verbose: 0, shuffle: false });
      const weights = (await one.getWeights()).map(({ data }) => Array.from(data));
      trained.push([history.history, weights]);
    }
    expect(trained[1]).toEqual(trained[0]);
    expect(trained[2]).toEqual(trained[0]);
  });
});
