/**
 * Figures of docs/guides/cross-entropy-or-squared-error.md: what one sigmoid unit pays and learns at each logit, and the model of
 * examples/binary.mjs trained on both losses, on features that are standardised and on features that are not.
 */
import { figure } from "../figure.mjs";

const names = { binaryCrossentropy: "cross-entropy", meanSquaredError: "squared error" };
/** @typedef {keyof typeof names} LossName */
const lossNames = /** @type {const} */ (["binaryCrossentropy", "meanSquaredError"]);

/** Value and gradient by the logit z, for label 1. */
export async function lossesByLogit() {
  const { losses } = await import("surprisal");
  const z = Array.from({ length: 121 }, (_, i) => (i - 80) / 10);
  const p = z.map((value) => 1 / (1 + Math.exp(-value)));
  const ones = z.map(() => 1);
  const sum = /** @type {const} */ ("sum");
  const entropy = losses.binaryCrossentropy.evaluate(ones, z, { fromLogits: true, reduction: sum });
  const square = losses.meanSquaredError.evaluate(ones, p, { reduction: sum });
  const squareByLogit = p.map((value, i) => Number(square.gradient.data[i]) * value * (1 - value));
  /** @param {ArrayLike<number>} values @returns {(readonly [number, number])[]} */
  const points = (values) => z.map((value, i) => [value, Number(values[i])]);
  const x = { label: "logit z of the true class", from: -8, to: 4, ticks: [-8, -6, -4, -2, 0, 2, 4] };
  return figure("Value and gradient of cross-entropy and of squared error by the logit of the true class", [
    {
      title: "value",
      x,
      y: { from: 0, to: 8, ticks: [0, 2, 4, 6, 8] },
      series: [
        { name: names.binaryCrossentropy, points: points(Float64Array.from(entropy.perSample.data, Number)) },
        { name: names.meanSquaredError, points: points(Float64Array.from(square.perSample.data, Number)) },
      ],
    },
    {
      title: "gradient by z",
      x,
      y: { from: -1, to: 0, ticks: [-1, -0.75, -0.5, -0.25, 0] },
      series: [
        { name: names.binaryCrossentropy, points: points(Float64Array.from(entropy.gradient.data, Number)) },
        { name: names.meanSquaredError, points: points(squareByLogit) },
      ],
    },
  ]);
}

const steps = 120;

/** One sigmoid unit whose logit begins at −5 on a sample of class 1: where each loss takes it, and by how much a step. */
export async function oneUnit() {
  const { layers, optimizers, sequential } = await import("surprisal");
  /** @type {{ name: string, logits: number[] }[]} */
  const ways = [];
  for (const loss of lossNames) {
    const model = sequential([layers.dense(1, { inputShape: [1], activation: "sigmoid", useBias: false })], {
      dtype: "float64",
    });
    model.setWeights([[[-5]]]);
    model.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss });
    const logits = [-5];
    for (let step = 1; step <= steps + 1; step++) {
      await model.trainOnBatch([[1]], [1]);
      logits.push((await model.getWeights())[0]?.item() ?? Number.NaN);
    }
    ways.push({ name: `trained on ${names[loss]}`, logits });
  }
  const x = { label: "step of sgd(1)", from: 0, to: steps, ticks: [0, 20, 40, 60, 80, 100, 120] };
  /** @param {(logits: readonly number[], step: number) => number} of */
  const series = (of) =>
    ways.map(({ name, logits }) => ({
      name,
      points: Array.from({ length: steps + 1 }, (_, step) => /** @type {const} */ ([step, of(logits, step)])),
    }));
  return figure(
    "One wrong sigmoid unit trained on cross-entropy and on squared error: probability and gradient by step",
    [
      {
        title: "probability of the true class",
        x,
        y: { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1] },
        series: series((logits, step) => 1 / (1 + Math.exp(-Number(logits[step])))),
      },
      {
        title: "gradient",
        x,
        // At rate 1 a step is the gradient with its sign changed.
        y: { from: -1, to: 0, ticks: [-1, -0.75, -0.5, -0.25, 0] },
        series: series((logits, step) => Number(logits[step]) - Number(logits[step + 1])),
      },
    ],
  );
}

const epochs = 30;
const rates = [0.0001, 0.001, 0.01, 0.1, 1, 10];
const optimizerNames = /** @type {const} */ (["sgd", "adam"]);
/** What the raw features are multiplied by where they are not standardised: as if they came in another unit. */
const unit = 20;

/**
 * @typedef {object} Run
 * @property {string} data
 * @property {LossName} loss
 * @property {(typeof optimizerNames)[number]} optimizer
 * @property {number} rate
 * @property {readonly number[]} accuracy held out, after each epoch
 * @property {readonly number[]} entropy likewise
 * @property {readonly number[]} square likewise
 */

/** @type {Promise<Run[]> | undefined} */
let made;

/** Each loss on each data by each optimizer, with the rate that leaves its own training loss lowest. @returns {Promise<Run[]>} */
const runs = () => (made ??= train());

async function train() {
  const { devices, layers, optimizers, sequential, data, tensor } = await import("surprisal");
  // The bits that every machine has.
  const device = devices.wasm({ fusedMultiplyAdd: false });
  const [X, y] = data.makeClassification({
    nSamples: 1000,
    nFeatures: 20,
    nInformative: 2,
    nRedundant: 10,
    randomState: 42,
  });
  const [rawTrain, rawTest, yTrain, yTest] = data.trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const scaler = new data.StandardScaler();
  const larger = (/** @type {typeof rawTrain} */ x) =>
    tensor(
      Float64Array.from(x.data, (value) => Number(value) * unit),
      { shape: x.shape },
    );
  const sets = [
    { name: "standardised", x: scaler.fitTransform(rawTrain), test: scaler.transform(rawTest) },
    { name: `times ${unit}`, x: larger(rawTrain), test: larger(rawTest) },
  ];
  /** @type {Run[]} */
  const best = [];
  for (const { name, x, test } of sets) {
    for (const optimizer of optimizerNames) {
      for (const loss of lossNames) {
        const tried = [];
        for (const rate of rates) {
          const model = sequential([layers.dense(1, { inputShape: [20], activation: "sigmoid" })], { device });
          const metrics = ["accuracy", "binaryCrossentropy", "meanSquaredError"];
          model.compile({ optimizer: optimizers[optimizer]({ learningRate: rate }), loss, metrics });
          const options = {
            epochs,
            batchSize: 32,
            validationData: /** @type {any} */ ([test, yTest]),
            verbose: /** @type {const} */ (0),
          };
          const history = /** @type {any} */ (await model.fit(x, yTrain, options));
          tried.push({
            data: name,
            loss,
            optimizer,
            rate,
            own: history.loss.at(-1),
            accuracy: history.valAccuracy,
            entropy: history.valBinaryCrossentropy,
            square: history.valMeanSquaredError,
          });
        }
        best.push(...tried.sort((one, other) => one.own - other.own).slice(0, 1));
      }
    }
  }
  return best;
}

/** The squared error that both reach, by epoch: the measure that one of them was trained on. */
export async function trainedBothWays() {
  const all = await runs();
  const x = { label: "epoch", from: 0, to: epochs, ticks: [0, 10, 20, 30] };
  const y = { from: 0, to: 0.4, ticks: [0, 0.1, 0.2, 0.3, 0.4] };
  return figure("Held-out squared error by epoch: the same model trained on cross-entropy and on squared error", [
    ...["standardised", `times ${unit}`].map((data) => ({
      title: `squared error, features ${data}, sgd`,
      x,
      y,
      series: all
        .filter((run) => run.data === data && run.optimizer === "sgd")
        .map(({ loss, square }) => ({
          name: `trained on ${names[loss]}`,
          points: square.map((value, i) => /** @type {const} */ ([i + 1, value])),
        })),
    })),
  ]);
}

/** Where all of them ended. */
export async function trainedTable() {
  const last = (/** @type {readonly number[]} */ values) => (values.at(-1) ?? Number.NaN).toFixed(3);
  return [
    "| features | optimizer, rate | trained on | accuracy | cross-entropy | squared error |",
    "|---|---|---|---:|---:|---:|",
    ...(await runs()).map(
      ({ data, loss, optimizer, rate, accuracy, entropy, square }) =>
        `| ${data} | ${optimizer}, ${rate} | ${names[loss]} | ${last(accuracy)} | ${last(entropy)} | ${last(square)} |`,
    ),
    "",
    `200 held-out rows, after ${epochs} epochs, with the one of the rates ${rates.join(", ")} that left its own training loss lowest.`,
  ].join("\n");
}
