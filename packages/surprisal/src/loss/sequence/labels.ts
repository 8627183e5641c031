/** Labels of sequences, padded to one length. */
import type { ArraySpec } from "../arrays.ts";
import { classIndex, type Domain } from "../domain.ts";

/** Class numbers, and −1 where a sequence has ended. */
export const paddedIndex: Domain = {
  ...classIndex,
  name: "paddedIndex",
  values: "whole class numbers from 0, and -1 after the end",
  accepts: (x) => Number.isInteger(x) && x >= -1 && x <= 0x7fffffff,
};
/** How many entries of a sequence count. */
const length: Domain = {
  name: "length",
  values: "whole numbers from 0",
  index: true,
  accepts: classIndex.accepts,
  hint: "Pass how many steps of each sequence count; the rest is padding.",
};

/** A length for each sequence; `most` is the axis that bounds it, and one more. */
export const lengths = (doc: string, most: string): ArraySpec & { readonly optional: true } => ({
  axes: "N",
  domain: length,
  doc,
  classes: most,
  optional: true,
});
