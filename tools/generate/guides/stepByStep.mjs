/** The figure of docs/guides/cross-entropy-step-by-step.md: what an outcome costs, and what it costs on average. */
import { figure } from "../figure.mjs";

const p = [0.7, 0.3];

export async function costByProbability() {
  const { losses } = await import("surprisal");
  const q = Array.from({ length: 197 }, (_, i) => (i + 2) / 200);
  const x = { label: "probability q that the model gives", from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
  /** @param {(q: number) => number} of @returns {(readonly [number, number])[]} */
  const points = (of) => q.map((value) => [value, of(value)]);
  return figure(
    "Surprisal of an outcome by its probability; cross-entropy of a biased coin by the probability it is given",
    [
      {
        title: "surprisal of an outcome, bits",
        x,
        y: { from: 0, to: 6, ticks: [0, 1, 2, 3, 4, 5, 6] },
        series: [
          { name: "cost", points: points((value) => losses.crossEntropy([1, 0], [value, 1 - value], { base: 2 })) },
        ],
      },
      {
        title: "average, if it happens 7 times in 10, bits",
        x,
        y: { from: 0, to: 6, ticks: [0, 1, 2, 3, 4, 5, 6] },
        series: [
          { name: "cost", points: points((value) => losses.crossEntropy(p, [value, 1 - value], { base: 2 })) },
          { name: "entropy: the least that can be reached", points: points(() => losses.entropy(p, { base: 2 })) },
        ],
      },
    ],
  );
}
