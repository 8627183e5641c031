/** What targets of survival and ordered classes hold, and what several of their losses do with them. */
import { and, lessEqual, type Node, where } from "../../graph/index.ts";
import { type Domain, nonNegative } from "../domain.ts";

/** Whether what is waited for was seen (1), or the watch ended before it (0). */
export const events: Domain = {
  name: "bit",
  values: "0 and 1",
  accepts: (x) => x === 0 || x === 1,
  hint: "Code rows whose event was seen as 1, censored ones as 0.",
};
/** Times above 0. */
export const times: Domain = {
  name: "amount",
  values: "times above 0",
  accepts: (x) => x > 0 && x < Number.POSITIVE_INFINITY,
  hint: "Measure times from the start of the watch; an event at its start has no likelihood.",
};
/** Times from which on an event may lie: from 0 up. */
export const lowerTimes: Domain = {
  ...nonNegative,
  name: "lowerTime",
  values: "times from 0 up",
  hint: "0 where nothing is known but the upper end.",
};
/** Times up to which an event lies: above 0, or Infinity. */
export const upperTimes: Domain = {
  name: "upperTime",
  values: "times above 0, or Infinity",
  accepts: (x) => x > 0,
  hint: "Infinity where the event was not seen; the same as lower where its time is known.",
};

/** The cost where the label is one of `count` classes, else NaN. */
export function ifClass(label: Node, count: number, cost: Node): Node {
  return where(and(lessEqual(0, label), lessEqual(label, count - 1)), cost, Number.NaN);
}
