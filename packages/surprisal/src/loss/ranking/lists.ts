/**
 * What the losses of ranked lists share. A list is the last axis; where its items are compared in pairs, the two axes [i, j] of the pairs
 * are the last ones, so that time and memory grow with the square of the list's length.
 */
import { and, broadcastTo, equal, iota, less, type Node, or, reshape, where } from "../../graph/index.ts";
import { type Domain, nonNegative, real } from "../domain.ts";

/** Labels of which only the order counts. */
export const grades: Domain = {
  ...real,
  name: "grades",
  values: "finite numbers, higher for what should come first",
  hint: "Pad lists with any number and leave the padding out by classMask.",
};
/** How relevant an item is: 0 not at all. */
export const relevance: Domain = {
  ...nonNegative,
  name: "relevance",
  values: "relevance, numbers from 0 up",
  hint: "Number the grades 0, 1, 2, …, 0 for what is not relevant; leave padding out by classMask.",
};

/** The parts of a definition that all of them have. A classMask leaves items out, so that lists may be of different length. */
export const overLists = { task: "ranking", axis: "class", harmless: 0, usesClassMask: true } as const;

const square = ({ shape }: Node): number[] => [...shape, shape.at(-1) as number];

/** A number of the first item i of each pair [i, j]. */
export const ofFirst = (x: Node): Node => broadcastTo(reshape(x, [...x.shape, 1]), square(x));
/** A number of the second item j of each pair [i, j]. */
export const ofSecond = (x: Node): Node =>
  broadcastTo(reshape(x, [...x.shape.slice(0, -1), 1, x.shape.at(-1) as number]), square(x));

/** Whether j = i. */
export function isSame(list: Node): Node {
  const shape = square(list);
  return equal(iota(-2, shape), iota(-1, shape));
}
/** Whether j stands before i in the list. */
export function standsBefore(list: Node): Node {
  const shape = square(list);
  return less(iota(-1, shape), iota(-2, shape));
}
/** Whether j comes before i by the first of these numbers in which they differ, the higher one first; equal ones keep their order. */
export function comesBefore(...by: readonly [Node, ...Node[]]): Node {
  return by.reduceRight((rest, x) => {
    const [i, j] = [ofFirst(x), ofSecond(x)];
    return or(less(i, j), and(equal(i, j), rest));
  }, standsBefore(by[0]));
}

/** Items that are left out take this value, so that not even their NaN is seen. */
export const present = (x: Node, classMask: Node | undefined, otherwise: number): Node =>
  classMask === undefined ? x : where(classMask, x, otherwise);
