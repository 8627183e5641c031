import { describe, expect, it } from "vitest";
import { NumericError, UnknownNameError } from "../../src/base/errors.ts";
import { Tensor } from "../../src/base/tensor.ts";
import * as callbacks from "../../src/callbacks.ts";
import * as layers from "../../src/layers.ts";
import * as losses from "../../src/losses.ts";
import * as optimizers from "../../src/optimizers.ts";
import { fillPath } from "../../src/train/callbacks/pathTemplate.ts";
import type { Host } from "../../src/train/contract.ts";
import { flatWeights, makeModel, makeRows } from "./build.ts";

const { x, binary, real } = makeRows(40, 4);

/** A host that remembers. */
function fakeHost(terminal?: { isTTY?: boolean; columns?: number }) {
  const saves: { path: string; weights: number[] }[] = [];
  const files: Record<string, string> = {};
  const written: string[] = [];
  const host: Host = {
    async save(model, path) {
      saves.push({ path, weights: await flatWeights(model as never) });
    },
    async appendText(path, text, { truncate }) {
      files[path] = (truncate ? "" : (files[path] ?? "")) + text;
    },
    ...(terminal && { terminal: { ...terminal, write: (text: string) => written.push(text) } }),
  };
  return { host, saves, files, written };
}
const classifier = (host?: Host) => {
  const model = makeModel([layers.dense(1, { inputShape: [4], activation: "sigmoid" })], host && { host });
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0.5 }),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
};

describe("early stopping", () => {
  it("ends training and brings the best weights back", async () => {
    const model = classifier();
    const byEpoch: number[][] = [];
    const stopping = callbacks.earlyStopping({ monitor: "val_accuracy", patience: 3, restoreBestWeights: true });
    const history = await model.fit(x, binary, {
      epochs: 50,
      validationSplit: 0.3,
      callbacks: [
        callbacks.lambda({
          async onEpochEnd() {
            byEpoch.push(await flatWeights(model));
          },
        }),
        stopping,
      ],
    });
    const values = history.valAccuracy!;
    const best = values.indexOf(Math.max(...values));
    expect(stopping.bestEpoch).toBe(best);
    expect(values).toHaveLength(best + 4);
    expect(await flatWeights(model)).toEqual(byEpoch[best]);
    expect(history.end).toEqual({ how: "stopped", reason: "no better valAccuracy for 3 epochs" });
  });

  it("says what it cannot watch", async () => {
    const model = classifier();
    const none = model.fit(x, binary, { callbacks: [callbacks.earlyStopping()] });
    await expect(none).rejects.toThrow(/earlyStopping monitors valLoss, but this run measures no validation rows/);
    const typo = model.fit(x, binary, {
      validationSplit: 0.2,
      callbacks: [callbacks.earlyStopping({ monitor: "valLos" })],
    });
    await expect(typo).rejects.toBeInstanceOf(UnknownNameError);
    expect(() => callbacks.earlyStopping({ patience: -1 })).toThrow(/patience is -1/);
    expect(() => callbacks.earlyStopping({ mode: "up" as never })).toThrow(/mode/);
  });

  it("keeps the best weights when training is aborted", async () => {
    const model = classifier();
    const controller = new AbortController();
    const stopping = callbacks.earlyStopping({ monitor: "loss", mode: "max", restoreBestWeights: true });
    let first: number[] = [];
    const watch = callbacks.lambda({
      async onEpochEnd(epoch) {
        if (epoch === 0) first = await flatWeights(model);
        else controller.abort();
      },
    });
    // With mode max the first epoch is the best; patience 0 would stop after the second, the signal comes first.
    const patient = { ...stopping, name: "patient" };
    const run = model.fit(x, binary, { epochs: 9, signal: controller.signal, callbacks: [watch, patient] });
    await run.catch(() => {});
    expect(await flatWeights(model)).toEqual(first);
  });
});

describe("rates", () => {
  it("fall on a plateau and follow a schedule, and are recorded", async () => {
    const plateau = await classifier().fit(x, binary, {
      epochs: 4,
      callbacks: [callbacks.reduceLROnPlateau({ monitor: "loss", mode: "max", patience: 1, factor: 0.5 })],
    });
    expect(plateau.learningRate).toEqual([0.5, 0.5, 0.25, 0.125]);
    const cooling = await classifier().fit(x, binary, {
      epochs: 6,
      callbacks: [callbacks.reduceLROnPlateau({ monitor: "loss", mode: "max", patience: 1, factor: 0.5, cooldown: 2 })],
    });
    expect(cooling.learningRate).toEqual([0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
    const scheduled = await classifier().fit(x, binary, {
      epochs: 3,
      callbacks: [callbacks.learningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2))],
    });
    expect(scheduled.learningRate).toEqual([0.5, 0.25, 0.125]);
    await expect(
      classifier().fit(x, binary, { callbacks: [callbacks.learningRateScheduler(() => Number.NaN)] }),
    ).rejects.toMatchObject({ code: "optimizer/bad-rate" });
  });

  it("really change the steps", async () => {
    const [a, b] = [classifier(), classifier()];
    await a.fit(x, binary, { epochs: 1, callbacks: [callbacks.learningRateScheduler(() => 0.05)] });
    b.learningRate = 0.05;
    await b.fit(x, binary, { epochs: 1 });
    expect(await flatWeights(a)).toEqual(await flatWeights(b));
    expect(await flatWeights(a)).not.toEqual(await flatWeights(classifier()));
  });
});

describe("files", () => {
  it("are saved after epochs, the best ones if asked", async () => {
    const { host, saves } = fakeHost();
    const model = classifier(host);
    const history = await model.fit(x, binary, {
      epochs: 3,
      callbacks: [callbacks.modelCheckpoint("m-{epoch:02d}-{loss:.3f}.safetensors")],
    });
    expect(saves.map((s) => s.path)).toEqual(
      history.loss.map((loss, i) => `m-0${i + 1}-${loss.toFixed(3)}.safetensors`),
    );
    expect(saves[2]!.weights).toEqual(await flatWeights(model));
    saves.length = 0;
    const best = callbacks.modelCheckpoint("best", { monitor: "loss", mode: "max", saveBestOnly: true });
    await model.fit(x, binary, { epochs: 3, callbacks: [best] });
    expect(saves).toHaveLength(1);
  });

  it("have paths filled from the logs", () => {
    const logs = { valLoss: 0.912, accuracy: 1 };
    expect(fillPath("{epoch}-{epoch:03d}-{val_loss:.2f}-{valLoss:.1e}-{accuracy}", 6, logs)).toBe(
      "7-007-0.91-9.1e-1-1",
    );
    expect(fillPath("{epoch:4d}", 6, logs)).toBe("   7");
    expect(() => fillPath("{nothing}", 0, logs)).toThrow(UnknownNameError);
    expect(() => fillPath("{epoch:x}", 0, logs)).toThrow(/":x"/);
  });

  it("log epochs as CSV, exactly", async () => {
    const { host, files } = fakeHost();
    const model = classifier(host);
    const logger = callbacks.csvLogger("log.csv");
    const history = await model.fit(x, binary, {
      epochs: 2,
      validationSplit: 0.2,
      validationFreq: 2,
      callbacks: [logger],
    });
    const lines = files["log.csv"]!.trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    expect(lines[0]).toEqual(["epoch", "loss", "accuracy", "valLoss", "valAccuracy"]);
    expect(lines[1]).toEqual(["0", String(history.loss[0]), String(history.accuracy![0]), "NA", "NA"]);
    expect(lines[2]!.map(Number)).toEqual([
      1,
      history.loss[1],
      history.accuracy![1],
      history.valLoss![0],
      history.valAccuracy![0],
    ]);
    await model.fit(x, binary, { callbacks: [callbacks.csvLogger("log.csv", { append: true, separator: ";" })] });
    expect(files["log.csv"]!.split("\n")).toHaveLength(5);
  });
});

describe("progress", () => {
  it("shows a line an epoch on a terminal, and nothing elsewhere or when silent", async () => {
    const seen = fakeHost({ isTTY: true, columns: 60 });
    await classifier(seen.host).fit(x, binary, { epochs: 2, validationSplit: 0.2 });
    const lines = seen.written.filter((text) => text.endsWith("\n"));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/epoch 1\/2 ━{20} {2}loss \d\.\d{4} {2}accuracy \d/);
    for (const text of seen.written) expect(text.replace("\r\u001b[2K", "").trimEnd().length).toBeLessThan(60);
    for (const [terminal, verbose] of [
      [{ isTTY: true }, 0],
      [{ isTTY: false }, 1],
      [undefined, 1],
    ] as const) {
      const { host, written } = fakeHost(terminal);
      await classifier(host).fit(x, binary, { verbose });
      expect(written).toEqual([]);
    }
    const log = fakeHost({ isTTY: false });
    await classifier(log.host).fit(x, binary, { epochs: 2, verbose: 2 });
    expect(log.written.map((text) => text.slice(0, 9))).toEqual(["epoch 1/2", "epoch 2/2"]);
    const own: string[] = [];
    const both = fakeHost({ isTTY: true });
    const shown = callbacks.progress({ stream: { write: (text) => own.push(text) } });
    await classifier(both.host).fit(x, binary, { callbacks: [shown] });
    expect([own.length, both.written.length]).toEqual([1, 0]);
  });
});

describe("terminateOnNaN says what went wrong first", () => {
  const run = async (model: ReturnType<typeof makeModel>, y: Float64Array, options = {}) => {
    const history = await model.fit(x, y, {
      batchSize: 8,
      epochs: 40,
      shuffle: false,
      callbacks: [callbacks.terminateOnNaN()],
      ...options,
    });
    return history.end!;
  };
  const unchecked = { ...losses.meanSquaredError(), checkTargets() {} };

  it("a target, by row", async () => {
    const model = makeModel([layers.dense(1, { inputShape: [4] })]);
    model.compile({ optimizer: "sgd", loss: unchecked });
    const y = real.slice();
    y[21] = Number.NaN;
    const end = await run(model, y);
    expect(end.how).toBe("stopped");
    expect(end.reason).toBe(
      "the loss became NaN; first wrong: update 3 (epoch 1, batch 3): yTrue is NaN in row 22 of the data",
    );
    // With rows shuffled it is the same row.
    model.setWeights([[[0], [0], [0], [0]], [0]]);
    expect((await run(model, y, { shuffle: true })).reason).toMatch(/yTrue is NaN in row 22 of the data/);
  });

  it("a layer, by name, and an update that went too far, many steps later", async () => {
    const model = makeModel([
      layers.dense(3, { inputShape: [4], name: "first" }),
      layers.dense(1, { activation: "exponential", name: "last" }),
    ]);
    model.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: "mse" });
    model.setWeights([
      [
        [900, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      [0, 0, 0],
      [[1], [0], [0]],
      [0],
    ]);
    const { reason } = await run(model, real);
    expect(reason).toMatch(/update 1 \(epoch 1, batch 1\): the output of layer last is Infinity in row \d+/);

    const far = makeModel([layers.dense(1, { inputShape: [4], name: "only" })]);
    far.compile({ optimizer: optimizers.sgd({ learningRate: 1e30 }), loss: "mse" });
    const end = await run(far, real, { batchSize: 40 });
    expect(end.reason).toMatch(/update \d+ \(epoch \d+, batch 1\): /);
    expect(end.reason).toMatch(/Infinity|learning rate 1e\+30/);
    expect(end.reason).not.toMatch(/the weight only\/kernel is/);
  });

  it("leaves the state as it was, in the same bits", async () => {
    const make = () => {
      const model = makeModel([layers.dense(3, { inputShape: [4] }), layers.dropout(0.5), layers.dense(1)]);
      model.compile({ optimizer: "adam", loss: unchecked });
      return model;
    };
    const [a, b] = [make(), make()];
    let asked = 0;
    const asking = callbacks.lambda({
      explains: true,
      async onBatchEnd(_, __, context) {
        expect(await context.explainNonFinite()).toBe("a replay of the epoch stayed finite");
        asked++;
      },
    });
    await a.fit(x, real, { epochs: 2, batchSize: 16, callbacks: [asking] });
    await b.fit(x, real, { epochs: 2, batchSize: 16 });
    expect(asked).toBe(6);
    expect(await flatWeights(a)).toEqual(await flatWeights(b));
    expect(a.history!.loss).toEqual(b.history!.loss);
  });

  it("and throws if asked", async () => {
    const model = makeModel([layers.dense(1, { inputShape: [4] })]);
    model.compile({ optimizer: "sgd", loss: unchecked });
    const y = real.slice();
    y[0] = Infinity;
    const failing = model.fit(x, y, { callbacks: [callbacks.terminateOnNaN({ raiseError: true })] });
    await expect(failing).rejects.toBeInstanceOf(NumericError);
    await expect(failing).rejects.toThrow(/the loss became Infinity.*yTrue is Infinity in row 1/);
    expect(model.history!.end!.how).toBe("failed");
  });

  it("nothing is said of a run that stays finite", async () => {
    const model = classifier();
    const history = await model.fit(x, binary, { epochs: 2, callbacks: [callbacks.terminateOnNaN()] });
    expect(history.end!.how).toBe("completed");
  });
});

it("hooks come in order", async () => {
  const seen: string[] = [];
  const note = callbacks.lambda({
    name: "note",
    onTrainBegin: (context) => void seen.push(`begin ${context.epochs} ${context.stepsPerEpoch} ${context.columns}`),
    onEpochBegin: (epoch) => void seen.push(`epoch ${epoch}`),
    onBatchEnd: (batch, logs) => void seen.push(`batch ${batch} ${Object.keys(logs)}`),
    onEpochEnd: (epoch, logs) => void seen.push(`end ${epoch} ${Object.keys(logs)}`),
    onTrainEnd: (logs) => void seen.push(`done ${Object.keys(logs)}`),
  });
  const y = new Tensor(binary.slice(0, 40), [40, 1]);
  await classifier().fit(x, y, { batchSize: 16, validationSplit: 0.2, callbacks: [note] });
  expect(seen).toEqual([
    "begin 1 2 loss,accuracy,valLoss,valAccuracy",
    "epoch 0",
    "batch 0 loss,accuracy",
    "batch 1 loss,accuracy",
    "end 0 loss,accuracy,valLoss,valAccuracy",
    "done loss,accuracy,valLoss,valAccuracy",
  ]);
});
