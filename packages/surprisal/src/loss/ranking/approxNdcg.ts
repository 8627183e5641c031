import {
  add,
  cast,
  constant,
  div,
  equal,
  expm1,
  less,
  lessEqual,
  log,
  log1p,
  mul,
  type Node,
  neg,
  pow,
  sigmoid,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { positive } from "../params.ts";
import { magnitude } from "../special.ts";
import { comesBefore, isSame, ofFirst, ofSecond, overLists, present, relevance } from "./lists.ts";

/** 2^y − 1, exact for whole grades and with its digits for small ones. */
function gainOf(y: Node): Node {
  const small = less(y, 1);
  const power = sub(pow(constant(2, y.dtype, y.shape), where(small, 1, y)), 1);
  return where(small, expm1(mul(Math.LN2, where(small, y, 0))), power);
}

/**
 * 1 − DCG/IDCG with each rank made smooth: 1 + Σ_{j ≠ i} σ((s_j − s_i)/temperature); one number a list. A list without a relevant item costs 0.
 * All pairs are compared: n² numbers for a list of n items. It is summed as Σ_i of what item i loses between its place in the ideal order
 * (equal grades in the order of their scores) and its rank, so that lists that are nearly right keep their digits.
 */
export const approxNdcg = defineLoss({
  name: "approxNdcg",
  aliases: ["approxNdcgLoss", "approximateNdcg"],
  ...overLists,
  summary: "How much of the best possible discounted gain a ranking misses, with ranks made smooth.",
  formula: String.raw`\ell = 1 - \frac{1}{Z} \sum_i \frac{2^{y_i} - 1}{\log_2(1 + r_i)}, \quad r_i = 1 + \sum_{j \ne i} \sigma\Bigl(\frac{s_j - s_i}{\tau}\Bigr)`,
  references: [
    {
      title:
        "Qin, Liu, Li, A General Approximation Framework for Direct Optimization of Information Retrieval Measures (2010)",
      url: "https://doi.org/10.1007/s10791-009-9124-x",
    },
  ],
  yTrue: relevance,
  params: {
    temperature: positive(1, "what differences of scores are divided by; the lower, the nearer to true ranks"),
  },
  value(yTrue, yPred, { temperature }, { classMask }) {
    const grade = present(yTrue, classMask, -1);
    const gain = present(gainOf(yTrue), classMask, 0);
    const scores = present(yPred, classMask, 0);
    const before = comesBefore(grade, scores);
    const out = isSame(scores);
    const among = (x: Node) => sum(where(out, 0, classMask === undefined ? x : where(ofSecond(classMask), x, 0)), [-1]);
    const ahead = div(sub(ofSecond(scores), ofFirst(scores)), temperature);
    // How many come before in the ideal order, and by how much the rank is off it: no term is near 1 where the order is right.
    const place = sum(cast(before, yPred.dtype), [-1]);
    const off = among(
      mul(where(before, -1, constant(1, yPred.dtype, before.shape)), sigmoid(where(before, neg(ahead), ahead))),
    );
    const behind = among(sigmoid(ahead));
    const ideal = log(add(2, place));
    const lost = lostDiscount({ place, off, behind, ideal });
    const best = sum(div(gain, ideal), [-1]);
    const none = equal(best, 0);
    return where(none, 0, div(sum(mul(gain, lost), [-1]), where(none, 1, best)));
  },
  textbook(y: readonly number[], s: readonly number[], { temperature }) {
    const gains = y.map((grade) => 2 ** grade - 1);
    const best = [...gains].sort((a, b) => b - a).reduce((total, gain, i) => total + gain / Math.log2(2 + i), 0);
    const reached = s.reduce((total, score, i) => {
      const rank = s.reduce((r, x, j) => r + (i === j ? 0 : 1 / (1 + Math.exp((score - x) / temperature))), 1);
      return total + (gains[i] as number) / Math.log2(1 + rank);
    }, 0);
    return best === 0 ? 0 : 1 - reached / best;
  },
  examples: [
    { yTrue: [0, 0], yPred: [1, 2], loss: 0 },
    { yTrue: [1, 0], yPred: [0, 0], loss: 1 - 1 / Math.log2(2.5) },
    { yTrue: [1, 1], yPred: [0, 2000], loss: 0 },
  ],
  traits: { smooth: true, nonNegative: true },
});

interface Places {
  readonly place: Node;
  readonly off: Node;
  readonly behind: Node;
  readonly ideal: Node;
}

/** 1/log(2 + place) − 1/log(1 + rank): as one quotient where the two are near, else as it stands. */
function lostDiscount({ place, off, behind, ideal }: Places): Node {
  const near = lessEqual(magnitude(off), mul(0.5, add(2, place)));
  const change = log1p(div(where(near, off, 0), add(2, place)));
  const close = div(change, mul(ideal, add(ideal, change)));
  const apart = sub(div(1, ideal), div(1, log(add(2, where(near, place, behind)))));
  return where(near, close, apart);
}
