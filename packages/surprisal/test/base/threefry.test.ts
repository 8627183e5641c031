/** Threefry against the known answers that its authors publish with Random123 (kat_vectors, threefry2x32, 20 rounds). */
import { expect, test } from "vitest";
import { threefry2x32, uniform24 } from "../../src/base/threefry.ts";

const answers = [
  { counter: [0, 0], key: [0, 0], words: [0x6b200159, 0x99ba4efe] },
  { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], words: [0x1cb996fc, 0xbb002be7] },
  { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], words: [0xc4923a9c, 0x483df7a0] },
] as const;

test.each(answers)("counter $counter under key $key", ({ counter, key, words }) => {
  const got = threefry2x32(key[0], key[1], counter[0], counter[1]);
  expect(got.map((word) => word >>> 0)).toEqual(words);
});

test("a uniform number is the word's upper 24 bits", () => {
  expect(uniform24(0)).toBe(0);
  expect(uniform24(0xff)).toBe(0);
  expect(uniform24(0x100)).toBe(2 ** -24);
  expect(uniform24(-1)).toBe(1 - 2 ** -24);
});
