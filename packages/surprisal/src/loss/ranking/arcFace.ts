import { add, and, less, lessEqual, mul, type Node, sqrt, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { type Param, positive } from "../params.ts";
import { cosineCost, cosineSlack, overCosines, plainCosineCost } from "./cosines.ts";

const margin: Param<number> = {
  kind: "number",
  default: 0.5,
  range: "an angle in radians from 0 to π/2",
  doc: "the angle that is added to the target's",
  accepts: (value) => typeof value === "number" && value >= 0 && value <= Math.PI / 2,
};

/**
 * cos θ − cos(θ + m) as 2 sin²(m/2) cos θ + sin m sin θ, without arcs whose derivative is lost near 0 and π. Beyond θ = π − m, where the
 * cosine would rise again, the target gives up m sin m. A cosine that rounding took above 1 counts as 1, without the infinite slope there.
 */
function handicap(target: Node, m: number): Node {
  const isBeyond = less(target, -Math.cos(m));
  const isRounding = and(less(1, target), lessEqual(target, 1 + cosineSlack));
  const cosine = where(isBeyond, 0, where(isRounding, 1, target));
  // Two roots, not the root of a product: at 1 the slope is then −Infinity, and not Infinity − Infinity.
  const sine = mul(sqrt(sub(1, where(isRounding, 0, cosine))), sqrt(add(1, cosine)));
  const within = add(mul(2 * Math.sin(m / 2) ** 2, target), mul(Math.sin(m), where(isRounding, 0, sine)));
  return where(isBeyond, m * Math.sin(m), within);
}

/** Softmax cross-entropy of scaled cosines, a margin being added to the target's angle; one number a row. Not convex. */
export const arcFace = defineLoss({
  name: "arcFace",
  aliases: ["arcFaceLoss", "additiveAngularMargin", "aamSoftmax", "insightFace"],
  ...overCosines,
  summary: "Asks the angle to the own class's centre to be smaller than all others by a margin.",
  formula: String.raw`\ell = -\log \frac{e^{s \cos(\theta_y + m)}}{e^{s \cos(\theta_y + m)} + \sum_{c \ne y} e^{s \cos \theta_c}}`,
  references: [
    {
      title: "Deng et al., ArcFace: Additive Angular Margin Loss for Deep Face Recognition (2019)",
      url: "https://arxiv.org/abs/1801.07698",
    },
  ],
  params: { scale: positive(64, "what cosines are multiplied by"), margin },
  value: (yTrue, yPred, { scale, margin: m }) =>
    cosineCost(yTrue, yPred, scale, (target) => (m === 0 ? 0 : handicap(target, m))),
  textbook([y]: readonly [number], x: readonly number[], { scale, margin: m }) {
    const angle = Math.acos(x[y] as number);
    const target = angle > Math.PI - m ? Math.cos(angle) - m * Math.sin(m) : Math.cos(angle + m);
    return plainCosineCost(y, x, scale, target);
  },
  examples: [
    { yTrue: 0, yPred: [0.5, 0.5], params: { margin: 0 }, loss: Math.LN2 },
    { yTrue: 0, yPred: [1, Math.cos(0.5)], params: { scale: 1, margin: 0.5 }, loss: Math.LN2 },
  ],
  traits: { nonNegative: true },
});
