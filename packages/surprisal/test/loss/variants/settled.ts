/** Numbers for arrays that cannot be drawn one by one, such as lengths that must fit each other, by loss and array. */
export const settled: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  // Neither of the blanks that it is tried with.
  ctc: { yTrue: Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? 3 : 1)) },
  aft: {
    lower: [1.5, 0.5, 0, 0.75, 3, 0.5],
    upper: [1.5, Number.POSITIVE_INFINITY, 1.25, 2, 3.25, 4],
  },
  cumulativeLink: { thresholds: [-1, 0.5, 1.75] },
};
