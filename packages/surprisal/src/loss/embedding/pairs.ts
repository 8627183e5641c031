/** Labels of pairs. */
import { bit, type Domain } from "../domain.ts";

/** 1 for a pair that belongs together, 0 for one that does not. */
export const together: Domain = {
  ...bit,
  hint: "Code pairs that belong together as 1, others as 0.",
};
/** −1 or 1. */
export const plusMinus: Domain = {
  name: "sign",
  values: "-1 and 1",
  accepts: (x) => x === 1 || x === -1,
  hint: "Code pairs that belong together as 1, others as -1.",
};
