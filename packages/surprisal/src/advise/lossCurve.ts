/** A loss as a curve: its value and gradient along predictions, for the terminal, for pictures and for documentation. */
import { InvalidArgumentError, SurprisalError } from "../base/errors.ts";
import type { Loss } from "../loss/contract.ts";
import { type DescribedLoss, describe } from "./lossArrays.ts";
import { type CurveKind, type CurvePlan, evaluateRows, kinksOn, planCurve } from "./lossAxis.ts";

export type { CurveKind } from "./lossAxis.ts";

/** What `lossCurve` takes besides the loss. */
export interface LossCurveOptions {
  /** How many, at least 2. Default 201. */
  readonly points?: number;
  /** Where the axis begins. Default: by the loss's domains. */
  readonly from?: number;
  /** Where the axis ends. */
  readonly to?: number;
  /** The target: a number, or for losses over classes the number of the true class. Default 1, of classes 0. */
  readonly yTrue?: number;
}

/** The axis of a curve. */
export interface CurveAxis {
  readonly kind: CurveKind;
  /** In words: `"residual ŷ − y"`. */
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** A place of a curve. */
export interface CurvePoint {
  /** Along the axis. */
  readonly x: number;
  /** What the loss was given: a number, or a row over the classes. */
  readonly prediction: number | readonly number[];
  /** May be infinite, as at a probability of 0. */
  readonly value: number;
  /** With respect to the prediction; of a row, to the entry that is varied. */
  readonly gradient: number;
}

/** Value and gradient of a loss along its predictions. */
export interface LossCurve {
  readonly loss: string;
  readonly axis: CurveAxis;
  /** The target of every point: a number, or a row over the classes. */
  readonly yTrue: number | readonly number[];
  readonly points: readonly CurvePoint[];
  /** Where on the axis the gradient jumps, as far as the definition says. */
  readonly kinks: readonly number[];
}

const labels: Readonly<Record<CurveKind, readonly [one: string, ofRow: string]>> = {
  probability: ["probability p of the target", "probability of the true class; the others share the rest"],
  logProbability: ["log-probability of the target", "log-probability of the true class; the others share the rest"],
  logit: ["logit z", "logit of the true class; the others are 0"],
  margin: ["margin y · f", "margin of the first entry"],
  residual: ["residual ŷ − y", "residual ŷ − y of the first entry"],
  amount: ["prediction ŷ", "first entry of the prediction"],
  score: ["prediction", "first entry of the prediction"],
  cosine: ["prediction", "first entry of the prediction"],
};

/**
 * The curve of a loss: by name, bare, or configured (`lossCurve(losses.huber({ delta: 2 }))`). The axis follows from the domains of the
 * loss. Undefined for a loss that takes several arrays, or none of the rows that a curve is made of: there is no one axis to draw along.
 * @throws UnknownNameError for a name that is none; InvalidArgumentError for options out of range; what the loss throws for a `yTrue`
 * or an axis outside its domains.
 */
export function lossCurve(loss: string | Loss, options: LossCurveOptions = {}): LossCurve | undefined {
  const described = describe(loss);
  const plan = planCurve(described);
  if (plan === undefined) return undefined;
  const { points = 201, from = plan.from, to = plan.to, yTrue = plan.yTrue } = options;
  checkOptions(points, from, to);
  const asked = options.from !== undefined || options.to !== undefined || options.yTrue !== undefined;
  if (options.yTrue !== undefined) checkTarget(plan, yTrue);
  const xs = Array.from({ length: points }, (_, i) => tidy(from + ((to - from) * i) / (points - 1)));
  try {
    const curve = drawn(described, plan, xs, yTrue);
    // Some losses are infinite wherever a class that is out of the question has a share.
    const finite = curve?.points.filter(({ value }) => Number.isFinite(value)).length ?? 2;
    const soft = finite < 2 ? planCurve(described, undefined, 0.5) : undefined;
    return soft === undefined ? curve : drawn(described, soft, xs, yTrue);
  } catch (error) {
    // Rows of another kind than these, as where the last axis holds things that are not alike.
    if (error instanceof SurprisalError && !asked) return undefined;
    throw error;
  }
}

/** A number as it is meant: 0.3, not 0.30000000000000004. */
const tidy = (x: number) => Number(x.toPrecision(12));

function drawn(described: DescribedLoss, plan: CurvePlan, xs: readonly number[], yTrue: number): LossCurve | undefined {
  const inside = xs.filter((x) => plan.takes(x, yTrue));
  if (inside.length < 2) return undefined;
  const { definition } = described;
  const { values, gradients } = evaluateRows(described, plan, inside, yTrue);
  const [from, to] = [inside[0] as number, inside.at(-1) as number];
  return {
    loss: definition.name,
    axis: { kind: plan.kind, label: labels[plan.kind][plan.width === 0 ? 0 : 1], from, to },
    yTrue: plan.target(yTrue),
    points: inside.map((x, i) => ({
      x,
      prediction: plan.prediction(x, yTrue),
      value: values[i] as number,
      gradient: gradients[i] as number,
    })),
    kinks: kinksOn(described, plan, yTrue)
      .map(({ x }) => x)
      .filter((x) => x >= from && x <= to),
  };
}

function checkOptions(points: number, from: number, to: number): void {
  if (!Number.isSafeInteger(points) || points < 2 || points > 1e6) {
    throw new InvalidArgumentError("loss-curve/points", {
      received: `lossCurve was asked for ${points} points`,
      expected: "a curve has from 2 to a million",
      hint: "Leave points out for 201.",
    });
  }
  if (Number.isFinite(from) && Number.isFinite(to) && from < to) return;
  throw new InvalidArgumentError("loss-curve/axis", {
    received: `lossCurve was given an axis from ${from} to ${to}`,
    expected: "it runs from a finite number up to a larger one",
    hint: "Leave from and to out for an axis that suits the loss.",
  });
}

/** @throws InvalidArgumentError for a class that is none of those drawn; the loss itself checks numbers. */
function checkTarget({ width, yTrue: usual }: CurvePlan, yTrue: number): void {
  const isClass = width > 0 && usual === 0;
  const fits = isClass ? Number.isInteger(yTrue) && yTrue >= 0 && yTrue < width : Number.isFinite(yTrue);
  if (fits) return;
  throw new InvalidArgumentError("loss-curve/target", {
    received: `lossCurve was given yTrue: ${yTrue}`,
    expected: isClass ? `a class number from 0 to ${width - 1} is needed` : "a finite number is needed",
    hint: "Leave it out for the usual one.",
  });
}
