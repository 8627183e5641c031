import { add, equal, maximum, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { positive } from "../params.ts";
import { overSigns } from "./signs.ts";

/** For a distance yPred: the distance itself for similar pairs (1), max(0, margin − distance) for others (−1 or 0). */
export const hingeEmbedding = defineLoss({
  name: "hingeEmbedding",
  aliases: ["hingeEmbeddingLoss"],
  summary: "Draws similar pairs together, and pushes others apart until their distance is the margin.",
  formula: String.raw`\ell = \begin{cases} x & y = 1 \\ \max(0, \gamma - x) & y = -1 \end{cases}`,
  ...overSigns,
  params: { margin: positive(1, "the distance γ beyond which unlike pairs cost nothing") },
  value(yTrue, yPred, { margin }) {
    const alike = equal(yTrue, 1);
    return add(where(alike, yPred, 0), maximum(0, sub(margin, where(alike, margin, yPred))));
  },
  textbook: (y: number, x: number, { margin }) => (y === 1 ? x : Math.max(0, margin - x)),
  compat: [
    {
      framework: "pytorch",
      name: "torch.nn.HingeEmbeddingLoss",
      arguments: { margin: "margin" },
      differs: "A label of 0 adds both branches there; here it is read as -1.",
    },
  ],
  examples: [
    { yTrue: 1, yPred: 3, loss: 3 },
    { yTrue: -1, yPred: 0.25, loss: 0.75 },
    { yTrue: -1, yPred: 1.75, params: { margin: 2 }, loss: 0.25 },
  ],
  traits: { convex: true, lipschitz: 1 },
});
