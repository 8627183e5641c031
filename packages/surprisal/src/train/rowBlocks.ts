/**
 * How many rows go through the network at once when it predicts. A program is made for a fixed number of rows, so there are a few sizes,
 * and any number of rows is made up of them; an output is the same to the last bit whichever program it came from.
 */

/** Values that the widest layer may hold for a block of rows: 2 MiB of float32, what a second-level cache takes. */
const mostValues = 2 ** 19;
/** Beyond it a block gains nothing. */
const mostRows = 256;
/** A last block is left partly empty when at least one row in so many is used; else smaller programs serve it. */
const sparsest = 4;

/**
 * Numbers of rows that programs are made for, in ascending order.
 * @param widest values that the widest layer gives for one row.
 * @param atLeast rows of the largest program, if it is more than what suits the caches.
 */
export function blockSizes(widest: number, atLeast: number): readonly number[] {
  const block = Math.max(atLeast, Math.min(mostRows, Math.floor(mostValues / Math.max(1, widest))), 1);
  return [1, 16, block].filter((size, i) => i === 2 || size < block);
}

/** The program that takes the next rows, when so many are left; it may hold more than that. */
export function nextBlock(sizes: readonly number[], left: number): number {
  const enough = sizes.findIndex((size) => size >= left);
  if (enough < 0) return sizes.at(-1) as number;
  const size = sizes[enough] as number;
  return size === left || left * sparsest >= size ? size : (sizes[enough - 1] as number);
}
