/** The workloads that are compared, in the order of the table. Adding one is a file and a line here. */
import { binaryCrossentropy } from "./binaryCrossentropy.mjs";
import { convolutionStep } from "./convolutionStep.mjs";
import { linearCrossentropy } from "./linearCrossentropy.mjs";
import { logisticEpoch } from "./logisticEpoch.mjs";
import { mnistEpoch } from "./mnistEpoch.mjs";
import { predictRow } from "./predictRow.mjs";
import { softmaxCrossentropy } from "./softmaxCrossentropy.mjs";
import { stepMedium } from "./stepMedium.mjs";
import { stepSmall } from "./stepSmall.mjs";
import { stepWide } from "./stepWide.mjs";
import { walkthroughFit } from "./walkthroughFit.mjs";
import { walkthroughScript } from "./walkthroughScript.mjs";

/** @type {readonly import("./workload.mjs").Workload[]} */
export const workloads = [
  walkthroughFit,
  walkthroughScript,
  stepSmall,
  stepMedium,
  stepWide,
  logisticEpoch,
  mnistEpoch,
  softmaxCrossentropy,
  binaryCrossentropy,
  linearCrossentropy,
  convolutionStep,
  predictRow,
];

/**
 * Those whose name contains one of the words.
 * @param {readonly string[]} words none: all
 * @throws Error for a word that no name contains
 */
export function workloadsNamed(words) {
  const unknown = words.find((word) => !workloads.some(({ name }) => name.includes(word)));
  if (unknown !== undefined) {
    throw new Error(
      `no workload has "${unknown}" in its name; they are ${workloads.map(({ name }) => name).join(", ")}`,
    );
  }
  return words.length === 0 ? workloads : workloads.filter(({ name }) => words.some((word) => name.includes(word)));
}
