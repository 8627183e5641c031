/** What targets of survival and ordered classes hold, and what several of their losses do with them. */
import { type Node, where } from "../../graph/index.ts";
import type { ArraySpec } from "../arrays.ts";
import { isLabelBelow } from "../classes.ts";
import { amounts, bit, classIndex, type Domain, nonNegative } from "../domain.ts";

/** Whether what is waited for was seen (1), or the watch ended before it (0). */
export const events: Domain = {
  ...bit,
  hint: "Code rows whose event was seen as 1, censored ones as 0.",
};
/** Times above 0. */
export const times: Domain = {
  ...amounts,
  values: "times above 0",
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

/** Whether the event was seen. */
export const seen = {
  axes: "N",
  domain: events,
  doc: "1 where the event was seen, 0 where the watch ended before",
} satisfies ArraySpec;
/** Targets where time is cut into K intervals. */
export const intervals = {
  interval: {
    axes: "N",
    domain: classIndex,
    classes: "K",
    doc: "the interval of the event, or the last that was watched, from 0",
  },
  event: seen,
} satisfies Record<string, ArraySpec>;

/** The cost where the label is one of `count` classes, else NaN. */
export const ifClass = (label: Node, count: number, cost: Node): Node =>
  where(isLabelBelow(label, count), cost, Number.NaN);
