/** Faults of losses, training, random numbers and the command line. */
/** @import { Fault } from "../lib/faults.mjs" */

const src = "packages/surprisal/src";
const test = "packages/surprisal/test";

/** @type {readonly Fault[]} */
export const faults = [
  {
    name: "the sample weights are dropped from the divisor",
    file: `${src}/loss/reduce.ts`,
    find: "[active && asNumber(active), sampleWeight, labelWeight]",
    replace: "[active && asNumber(active), labelWeight]",
    tests: [`${test}/loss/golden.test.ts`],
  },
  {
    name: "ignored entries count in the divisor",
    file: `${src}/loss/reduce.ts`,
    find: "return active === undefined ? count : sum(asNumber(active));",
    replace: "return count;",
    tests: [`${test}/loss/golden.test.ts`],
  },
  {
    name: "the power of beta1 in Adam is one step ahead",
    file: `${src}/train/optimizers/adam.ts`,
    find: "oneMinusPower(beta1, step));",
    replace: "oneMinusPower(beta1, add(step, 1)));",
    tests: [`${test}/train/optimizers/golden.test.ts`],
  },
  {
    name: "Adam corrects its momentum by the power of beta2",
    file: `${src}/train/optimizers/adam.ts`,
    find: "oneMinusPower(beta1, step));",
    replace: "oneMinusPower(beta2, step));",
    tests: [`${test}/train/optimizers/golden.test.ts`],
  },
  {
    name: "the validation part is shuffled into the training rows",
    file: `${src}/train/fit.ts`,
    find: "this.#settings.order(epoch, this.#data.trainRows);",
    replace:
      "this.#settings.order(epoch, this.#data.trainRows + this.#data.validationRows.length).slice(0, this.#data.trainRows);",
    tests: [`${test}/train/fit.test.ts`],
  },
  {
    name: "the validation part is taken from the first rows",
    file: `${src}/train/fitData.ts`,
    find: "validationRows: upTo(trainRows, data.rows),",
    replace: "validationRows: upTo(0, data.rows - trainRows),",
    tests: [`${test}/train/fit.test.ts`],
  },
  {
    name: "class weights count in validation",
    file: `${src}/train/fitData.ts`,
    find: "validation: unweighted.sampleWeight === undefined ? bare : train,",
    replace: "validation: bare === undefined ? bare : train,",
    tests: [`${test}/train/fit.test.ts`],
  },
  {
    name: "the last, smaller batch is dropped",
    file: `${src}/train/resident.ts`,
    find: "start < rows.length;",
    replace: "start + size <= rows.length;",
    tests: [`${test}/train/fit.test.ts`],
  },
  {
    name: "a rotation of Threefry is wrong",
    file: `${src}/base/threefry.ts`,
    find: "[13, 15, 26, 6, 17, 29, 16, 24]",
    replace: "[13, 15, 26, 6, 17, 29, 16, 23]",
    tests: [`${test}/base/threefry.test.ts`],
  },
  {
    name: "command line: the label map of true values is turned round",
    file: "packages/cli/src/target.ts",
    find: ".map((label, code) => [String(label), code])",
    replace: ".map((label, code, all) => [String(label), all.length - 1 - code])",
    tests: ["packages/cli/test/pipeline.test.ts"],
  },
  {
    name: "command line: the two classes of a binary prediction are swapped",
    file: "packages/cli/src/target.ts",
    find: "[1 - (p[0] as number), p[0] as number]",
    replace: "[p[0] as number, 1 - (p[0] as number)]",
    tests: ["packages/cli/test/pipeline.test.ts"],
  },
  {
    name: "command line: numbers are scaled by all rows, not the training rows",
    file: "packages/cli/src/target.ts",
    find: "Float64Array.from(trainRows, (row) => values[row] as number)",
    replace: "Float64Array.from(trainRows.length > 0 ? (values as ArrayLike<number>) : [])",
    tests: ["packages/cli/test/pipeline.test.ts"],
  },
];
