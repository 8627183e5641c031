/**
 * The table of docs/guides/choosing-a-loss.md: what `chooseLoss` answers, task by task. Every answer is compiled and trained on a handful of
 * rows before it is printed: a loss that does not go with its layer and its targets, or does not go down, fails here.
 */

/**
 * @typedef {object} Task
 * @property {string} predict
 * @property {import("surprisal").LossDescription} asked
 * @property {string} why
 * @property {number} [units] where the answer says them in words
 * @property {unknown} y targets of four rows
 */

/** @type {readonly Task[]} */
const tasks = [
  {
    predict: "yes or no",
    asked: { task: "binary" },
    why: "the output is a probability; being sure and wrong is what costs",
    y: [0, 0, 1, 1],
  },
  {
    predict: "one of K classes, by number",
    asked: { task: "multiclass" },
    why: "as below, without a row of zeros for each label",
    units: 3,
    y: [0, 1, 2, 2],
  },
  {
    predict: "one of K classes, by rows",
    asked: { task: "multiclass", targets: "oneHot" },
    why: "one distribution over all classes: [many classes](many-classes.md)",
    units: 3,
    y: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ],
  },
  {
    predict: "one of K classes, some labels wrong",
    asked: { task: "multiclass", noisyLabels: true },
    why: "a wrong label costs at most 1 / q, not without limit",
    units: 3,
    y: [0, 1, 2, 2],
  },
  {
    predict: "any of K labels at once",
    asked: { task: "multilabel" },
    why: "each output is a yes or no of its own; they need not add up to 1",
    units: 3,
    y: [
      [1, 0, 0],
      [1, 1, 0],
      [0, 1, 1],
      [0, 0, 0],
    ],
  },
  {
    predict: "a step of a scale (bad, fair, good)",
    asked: { task: "ordinal" },
    why: "two steps off cost more than one",
    units: 2,
    y: [0, 1, 2, 2],
  },
  {
    predict: "the shares of K parts",
    asked: { task: "distribution" },
    why: "cross-entropy less the entropy of the target: 0 where all is right",
    units: 3,
    y: [
      [0.8, 0.1, 0.1],
      [0.5, 0.5, 0],
      [0.1, 0.6, 0.3],
      [0, 0.2, 0.8],
    ],
  },
  {
    predict: "a share from 0 to 1",
    asked: { task: "proportion" },
    why: "least at the mean share, and no plateau at the ends",
    y: [0.1, 0.9, 0.4, 0.5],
  },
  {
    predict: "a quantity",
    asked: { task: "regression" },
    why: "estimates the mean; standardise the targets",
    y: [-1, 0, 0.5, 1],
  },
  {
    predict: "a quantity, with outliers",
    asked: { task: "regression", outliers: true },
    why: "squares small errors; a large one pulls no harder than one of delta",
    y: [-1, 0, 1, 9],
  },
  {
    predict: "what is not exceeded nine times in ten",
    asked: { task: "regression", quantile: 0.9 },
    why: "estimates the quantile; two of them make an interval",
    y: [-1, 0, 1, 2],
  },
  {
    predict: "a positive amount",
    asked: { task: "positive" },
    why: "errors count in proportion: 10 for 11 like 1000 for 1100",
    y: [0.1, 2, 5, 30],
  },
  {
    predict: "an amount that is often 0",
    asked: { task: "positive", manyZeros: true },
    why: "zeros and a long tail in one distribution",
    y: [0, 0, 2, 30],
  },
  {
    predict: "a count",
    asked: { task: "count" },
    why: "the output is a rate above 0; the spread grows with it",
    y: [0, 1, 1, 4],
  },
  {
    predict: "an order of K items",
    asked: { task: "ranking" },
    why: "only the order within a list counts",
    units: 3,
    y: [
      [2, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
      [2, 0, 1],
    ],
  },
];

/** What each of the four rows is seen by. */
const x = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [1, 1, 1],
];

/** @returns {Promise<string>} markdown */
export async function tasksTable() {
  const { chooseLoss } = await import("surprisal");
  const rows = [];
  for (const task of tasks) {
    const { predict, asked, why } = task;
    const choice = chooseLoss(asked);
    await prove(task, choice);
    const { name, options, activation, units } = choice;
    const loss = `[\`${name}\`](../losses/${name}.md)${Object.keys(options).length === 0 ? "" : ` \`${shown(options)}\``}`;
    rows.push(`| ${predict} | \`${shown(asked)}\` | ${activation}, ${units} | ${loss} | ${why} |`);
  }
  return ["| what is predicted | asked | last layer | loss | why |", "|---|---|---|---|---|", ...rows].join("\n");
}

/** Trains the row's model. @param {Task} task @param {import("surprisal").LossChoice} choice @throws Error where the loss does not fall */
async function prove({ predict, units, y }, { activation, loss, units: said }) {
  const { layers, optimizers, sequential } = await import("surprisal");
  const count = units ?? said;
  if (typeof count !== "number") throw new Error(`${predict}: "${said}" is no number of units; say one`);
  const model = sequential([layers.dense(count, { inputShape: [3], activation: /** @type {any} */ (activation) })]);
  model.compile({ optimizer: optimizers.adam({ learningRate: 0.05 }), loss });
  const history = await model.fit(x, /** @type {any} */ (y), { epochs: 100, batchSize: 4, verbose: 0 });
  const [first = Number.NaN, last = Number.NaN] = [history.loss[0], history.loss.at(-1)];
  if (!(last < first)) throw new Error(`${predict}: ${loss.name} went from ${first} to ${last}`);
}

/** As a person would type it. @param {object} description */
function shown(description) {
  return Object.entries(description)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ");
}
