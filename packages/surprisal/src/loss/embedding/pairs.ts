/** Labels of pairs. */
import type { Domain } from "../domain.ts";

/** 0 or 1. */
export const bit: Domain = {
  name: "bit",
  values: "0 and 1",
  accepts: (x) => x === 0 || x === 1,
  hint: "Code pairs that belong together as 1, others as 0.",
};
/** −1 or 1. */
export const plusMinus: Domain = {
  name: "sign",
  values: "-1 and 1",
  accepts: (x) => x === 1 || x === -1,
  hint: "Code pairs that belong together as 1, others as -1.",
};
