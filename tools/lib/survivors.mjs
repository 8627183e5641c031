/**
 * Faults made by rule that no test can catch, or that are none: each with the reason. `npm run faults -- --losses` fails on a
 * survivor that is not here, and on a row whose fault is caught.
 */
import { shown } from "./repo.mjs";

/**
 * @typedef {object} Survivor
 * @property {string} file from packages/surprisal/src/loss
 * @property {string} rule
 * @property {string} before the text that the fault replaces, white space as single spaces
 * @property {string} why
 */

/** @type {readonly Survivor[]} */
export const survivors = [
  {
    file: "language/moeLoadBalance.ts",
    rule: "let a gradient through",
    before: "stopGradient(mean(cast(equal(top, iota(1, yPred.shape)), yPred.dtype), [0]))",
    why: "a count of what is equal has no gradient; stopGradient only says so",
  },
  {
    file: "divergence/alphaDivergence.ts",
    rule: "0 times infinity",
    before: "xlogy(where(infinite, some, 0), where(infinite, none, 1))",
    why: "where the logarithm is infinite the factor is above 0, and elsewhere both are 0",
  },
  {
    file: "divergence/powers.ts",
    rule: "wrong end of a range",
    before: "alpha < 0",
    why: "alpha = 0 never comes here: its divergence has a form of its own",
  },
  {
    file: "ranking/cosines.ts",
    rule: "wrong end of a range",
    before: "Math.abs(x) > 1 + cosineSlack",
    why: "how much room rounding is given is no exact number",
  },
  {
    file: "classification/categoricalCrossentropy.ts",
    rule: "wrong divisor",
    before: "sum(cast(classMask, yPred.dtype), [-1], { keepDims: true })",
    why: "only whether a row has classes at all is asked of it, and their mean is 0 where their number is",
  },
  {
    file: "sequence/labels.ts",
    rule: "wrong end of a range",
    before: "x <= 0x7fffffff",
    why: "no array is long enough for a class of that number",
  },
  {
    file: "reduce.ts",
    rule: "flip a sign",
    before: "add(a, b)",
    why: "only whether the sum of the predictions reaches the gradient matters: its factor is 0 or NaN",
  },
  {
    file: "regression/symmetricMeanAbsolutePercentageError.ts",
    rule: "wrong constant",
    before: "3",
    why: "where one number is three to four times the other both forms keep their digits",
  },
  {
    file: "regression/rootMeanSquaredError.ts",
    rule: "let a gradient through",
    before: "stopGradient(max(abs(residual)))",
    why: "a unit: it cancels in the value and in the slope",
  },
  {
    file: "language/tempered.ts",
    rule: "let a gradient through",
    before: "stopGradient(max(logits, { keepDims: true }))",
    why: "a common offset, which no softmax notices",
  },
  {
    file: "classification/polyCrossentropy.ts",
    rule: "wrong end of a range",
    before: "epsilon < 0",
    why: "epsilon = 0 is answered before",
  },
  {
    file: "sequence/lattice.ts",
    rule: "wrong end of a range",
    before: "by >= width",
    why: "moved by its whole width a row is padding alone, either way",
  },
  {
    file: "divergence/renyi.ts",
    rule: "wrong end of a range",
    before: "alpha < 1",
    why: "alpha = 1 is answered before",
  },
];

/** @param {import("./mutants.mjs").Mutant} fault @returns {string | undefined} */
export function explanationOf({ file, rule, before }) {
  const place = shown(file).replace("packages/surprisal/src/loss/", "");
  const text = before.replace(/\s+/g, " ");
  return survivors.find((one) => one.file === place && one.rule === rule && one.before === text)?.why;
}
