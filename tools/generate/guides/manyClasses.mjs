/**
 * Figures of docs/guides/many-classes.md: what the first step sees at each number of classes, and a softmax layer for ten and for a
 * hundred classes trained on both losses.
 */
import { figure } from "../figure.mjs";

/** At the start all logits are 0: loss, and gradient by the logit of the true class. */
export async function startTable() {
  const { losses } = await import("surprisal");
  const rows = [2, 3, 10, 100, 1000, 10000].map((classes) => {
    const truth = [Array.from({ length: classes }, (_, c) => (c === 0 ? 1 : 0))];
    const logits = [Array.from({ length: classes }, () => 0)];
    const entropy = losses.categoricalCrossentropy.evaluate(truth, logits, { fromLogits: true });
    // The mean over the classes is Brier's sum divided by their number.
    const square = losses.brier.evaluate(truth, logits, { fromLogits: true });
    const figures = [
      entropy.value.toFixed(4),
      Number(entropy.gradient.data[0]).toFixed(4),
      digits(square.value / classes),
      digits(Number(square.gradient.data[0]) / classes),
    ];
    return `| ${classes.toLocaleString("en")} | ${figures.join(" | ")} |`.replaceAll("-", "−");
  });
  return [
    "| classes | cross-entropy | its gradient | mean squared error | its gradient |",
    "|---:|---:|---:|---:|---:|",
    ...rows,
  ].join("\n");
}

const epochs = 10;
const rates = [0.1, 1, 10, 100, 1000, 10000];
const lossNames = /** @type {const} */ (["categoricalCrossentropy", "meanSquaredError"]);
const shownNames = { categoricalCrossentropy: "cross-entropy", meanSquaredError: "squared error" };

/**
 * @typedef {object} Run
 * @property {number} classes
 * @property {(typeof lossNames)[number]} loss
 * @property {string} optimizer
 * @property {readonly number[]} accuracy held out, after each epoch
 */

/** @type {Promise<Run[]> | undefined} */
let made;
const runs = () => (made ??= train());

/** With plain steps the rate that leaves its own training loss lowest, and with Adam. @returns {Promise<Run[]>} */
async function train() {
  const { data, optimizers } = await import("surprisal");
  /** @type {Run[]} */
  const all = [];
  for (const classes of [10, 100]) {
    const [X, y] = data.makeBlobs({ nSamples: 3000, nFeatures: 10, centers: classes, clusterStd: 3, randomState: 42 });
    const [rawTrain, rawTest, yTrain, yTest] = data.trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
    const scaler = new data.StandardScaler();
    const set = {
      classes,
      x: scaler.fitTransform(rawTrain),
      y: data.toCategorical(yTrain, { numClasses: classes }),
      validationData: [scaler.transform(rawTest), data.toCategorical(yTest, { numClasses: classes })],
    };
    for (const loss of lossNames) {
      const tried = [];
      for (const rate of rates) {
        const optimizer = optimizers.sgd({ learningRate: rate });
        tried.push({ ...(await oneRun(set, loss, optimizer)), optimizer: `sgd, ${rate}` });
      }
      const [best] = tried.sort((a, b) => a.last - b.last);
      if (best !== undefined) all.push({ classes, loss, ...best });
    }
    for (const loss of lossNames) {
      const run = await oneRun(set, loss, optimizers.adam({ learningRate: 0.01 }));
      all.push({ classes, loss, optimizer: "adam, 0.01", accuracy: run.accuracy });
    }
  }
  return all;
}

/** @param {{ classes: number, x: any, y: any, validationData: any }} set @param {string} loss @param {any} optimizer */
async function oneRun({ classes, x, y, validationData }, loss, optimizer) {
  const { layers, sequential } = await import("surprisal");
  const model = sequential([layers.dense(classes, { inputShape: [10], activation: "softmax" })]);
  model.compile({ optimizer, loss, metrics: ["accuracy"] });
  const history = await model.fit(x, y, { epochs, batchSize: 32, validationData, verbose: 0 });
  const { loss: own = [], valAccuracy = [] } = /** @type {Record<string, number[]>} */ (
    /** @type {unknown} */ (history)
  );
  return { last: own.at(-1) ?? Number.NaN, accuracy: valAccuracy };
}

/** Held-out accuracy by epoch, each loss at its best rate. */
export async function trainedOnManyClasses() {
  const all = await runs();
  return figure("Held-out accuracy by epoch for ten and for a hundred classes, trained on either loss", [
    ...[10, 100].map((classes) => ({
      title: `accuracy, ${classes} classes, sgd`,
      x: { label: "epoch", from: 0, to: epochs, ticks: [0, 2, 4, 6, 8, 10] },
      y: { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1] },
      series: all
        .filter((run) => run.classes === classes && run.optimizer.startsWith("sgd"))
        .map(({ loss, accuracy }) => ({
          name: `trained on ${shownNames[loss]}`,
          points: accuracy.map((value, i) => /** @type {const} */ ([i + 1, value])),
        })),
    })),
  ]);
}

/** Where all of them ended. */
export async function manyClassesTable() {
  const at = (/** @type {readonly number[]} */ values, /** @type {number} */ epoch) =>
    (values[epoch - 1] ?? Number.NaN).toFixed(3);
  return [
    "| classes | optimizer, rate | trained on | accuracy after 1 epoch | after 5 | after 10 |",
    "|---:|---|---|---:|---:|---:|",
    ...(await runs()).map(
      ({ classes, optimizer, loss, accuracy }) =>
        `| ${classes} | ${optimizer} | ${shownNames[loss]} | ${at(accuracy, 1)} | ${at(accuracy, 5)} | ${at(accuracy, 10)} |`,
    ),
    "",
    `600 held-out rows of clusters in 10 dimensions; \`sgd\` with the one of the rates ${rates.join(", ")} that left its own training loss lowest.`,
  ].join("\n");
}

/** Three significant digits; powers of ten as in text. @param {number} value */
function digits(value) {
  if (Math.abs(value) >= 1e-4) return Number(value.toPrecision(3)).toString();
  const [mantissa, exponent] = value.toExponential(2).split("e");
  return `${mantissa} · 10^${exponent}^`.replace(/\^(.*)\^/, "<sup>$1</sup>");
}
