/**
 * Along what a loss is drawn. Its domains decide, by the numbers they take: predictions that are probabilities run from 0 to 1, logits
 * of a label from −6 to 6, residuals and margins from −3 to 3. Of a loss over classes the true class's entry is varied.
 */
import type { Tensor, TensorLike } from "../base/tensor.ts";
import type { Loss } from "../loss/contract.ts";
import type { Kinks } from "../loss/definition.ts";
import type { Domain } from "../loss/domain.ts";
import { plainDomains } from "../loss/takes.ts";
import type { DescribedLoss } from "./lossArrays.ts";

/** What runs along the axis of a curve. */
export type CurveKind =
  | "probability"
  | "logProbability"
  | "logit"
  | "margin"
  | "residual"
  | "amount"
  | "score"
  | "cosine";

/** What is known of a loss's rows before a curve is drawn. */
export interface CurvePlan {
  readonly kind: CurveKind;
  readonly from: number;
  readonly to: number;
  /** Entries of a row of predictions; 0 where each entry stands for itself. */
  readonly width: number;
  /** A row's target, for a target number: itself, a class number, or a row. */
  target(yTrue: number): number | number[];
  /** The prediction at a place of the axis, for a target number. */
  prediction(x: number, yTrue: number): number | number[];
  /** Which entry of a row of predictions is varied. */
  entry(yTrue: number): number;
  /** Whether the loss takes the prediction at a place. */
  takes(x: number, yTrue: number): boolean;
  /** The target number that is drawn unless another one is asked for. */
  readonly yTrue: number;
}

type TargetKind = "label" | "index" | "logLabel" | "sign" | "real" | "amount";

const takes = ({ accepts }: Domain, ...values: readonly number[]) => values.every(accepts);

function targetKind(domain: Domain, overClasses: boolean): TargetKind {
  if (domain.index === true) return "index";
  if (takes(domain, -1, 1) && !takes(domain, 0.5)) return "sign";
  if (takes(domain, -1)) return takes(domain, 1) ? "real" : "logLabel";
  return takes(domain, 2) && !overClasses ? "amount" : "label";
}

function predictionKind(domain: Domain, target: TargetKind): CurveKind {
  const negative = takes(domain, -0.5);
  if (!takes(domain, 2)) {
    if (!takes(domain, 0.5)) return "logProbability";
    return negative ? "cosine" : "probability";
  }
  const isLabel = target === "label" || target === "index" || target === "logLabel";
  if (isLabel) return negative ? "logit" : "probability";
  if (target === "sign") return "margin";
  if (target === "real") return "residual";
  return takes(domain, -2) ? "score" : "amount";
}

const ranges: Readonly<Record<CurveKind, readonly [number, number]>> = {
  probability: [0, 1],
  logProbability: [-6, 0],
  logit: [-6, 6],
  margin: [-3, 3],
  residual: [-3, 3],
  amount: [0, 4],
  score: [-3, 3],
  cosine: [-1, 1],
};

/** Entries of the classes that are not the true one, when that one stands at x. */
const others: Partial<Record<CurveKind, (x: number, count: number) => number>> = {
  probability: (x, count) => (1 - x) / count,
  logProbability: (x, count) => Math.log(-Math.expm1(x) / count),
  logit: () => 0,
};

/** The numbers of three classes are few enough to write down and enough to be more than a yes or no. */
const classes = 3;

type Shape = Omit<CurvePlan, "takes">;

/**
 * How the loss is drawn; undefined where it takes several arrays, which have no one axis.
 * @param width entries of a row of predictions, for losses over them.
 * @param share of the true class in a row of targets; the others share the rest. Default: all of it.
 */
export function planCurve(described: DescribedLoss, width?: number, share = 1): CurvePlan | undefined {
  const domains = plainDomains(described.definition, described.params);
  if (domains === undefined) return undefined;
  const rows = rowsOf(described, domains, width, share);
  return { ...rows, takes: (x, yTrue) => [rows.prediction(x, yTrue)].flat().every(domains.yPred.accepts) };
}

function rowsOf(
  described: DescribedLoss,
  domains: { yTrue: Domain; yPred: Domain },
  width: number | undefined,
  share: number,
): Shape {
  const overClasses = described.definition.axis === "class" || domains.yTrue.index === true;
  const target = targetKind(domains.yTrue, overClasses);
  const kind = predictionKind(domains.yPred, target);
  const [from, to] = ranges[kind];
  const numbers = target === "real" || target === "sign" || target === "amount";
  // A label of 0 is read as −1.
  const at = (x: number, yTrue: number) =>
    kind === "residual" ? yTrue + x : kind === "margin" ? x / (yTrue || -1) : x;
  if (!overClasses) {
    const plain = (yTrue: number) => (target === "logLabel" ? Math.log(yTrue) : yTrue);
    return { kind, from, to, width: 0, yTrue: 1, target: plain, prediction: at, entry: () => 0 };
  }
  const size = width ?? (numbers ? (described.definition.oneClass === true ? 1 : 2) : classes);
  const row = (entry: number, here: number, elsewhere: number) =>
    Array.from({ length: size }, (_, c) => (c === entry ? here : elsewhere));
  if (numbers) {
    const rest = { kind, from, to, width: size, yTrue: 1, entry: () => 0 };
    return { ...rest, target: (y) => row(0, y, 0), prediction: (x, y) => row(0, at(x, y), 0.5) };
  }
  const rest = { kind, from, to, width: size, yTrue: 0, entry: (yTrue: number) => yTrue };
  const shares = [share, (1 - share) / (size - 1)] as const;
  const [yes, no] = target === "logLabel" ? ([Math.log(shares[0]), Math.log(shares[1])] as const) : shares;
  return {
    ...rest,
    target: (label) => (target === "index" ? label : row(label, yes, no)),
    prediction: (x, label) => row(label, x, others[kind]?.(x, size - 1) ?? 0),
  };
}

/** Values and gradients of rows on their own, as float64. */
export function evaluateRows({ loss }: DescribedLoss, plan: CurvePlan, xs: readonly number[], yTrue: number) {
  const rows = xs.map((x) => [plan.prediction(x, yTrue)].flat());
  const target = plan.target(yTrue);
  const targets = xs.map(() => (plan.width > 0 && typeof target === "number" ? target : [target].flat()));
  const { evaluate } = loss as Loss & {
    evaluate(yTrue: TensorLike, yPred: TensorLike, options: object): { perSample: Tensor; gradient: Tensor };
  };
  const { perSample, gradient } = evaluate(targets as number[][], rows, { reduction: "sum", dtype: "float64" });
  const at = plan.entry(yTrue);
  return {
    values: Array.from(perSample.data),
    gradients: rows.map((row, i) => gradient.data[i * row.length + at] as number),
  };
}

/** What happens to the gradient at a kink, a place where it jumps. */
export interface KinkSlopes {
  /** What is meant by `at`: the residual ŷ − y, or the margin y · f. */
  readonly of: Kinks["of"];
  readonly at: number;
  readonly before: number;
  /** The one of all subgradients that is taken. */
  readonly gradient: number;
  readonly after: number;
}

/** The kinks that the definition declares, where they lie on the axis, with the slopes around them. */
export function kinksOn(described: DescribedLoss, plan: CurvePlan, yTrue: number): (KinkSlopes & { x: number })[] {
  const { kind, width } = plan;
  const { kinks } = described.definition;
  if (kinks === undefined || width > 0) return [];
  const shift = kinks.of === kind ? 0 : kinks.of === "residual" && kind === "amount" ? yTrue : undefined;
  if (shift === undefined) return [];
  return kinks.at.flatMap((at) => {
    const x = at + shift;
    const places = [x - kinkStep, x, x + kinkStep];
    if (!places.every((place) => plan.takes(place, yTrue))) return [];
    const slopes = evaluateRows(described, plan, places, yTrue).gradients;
    const [before, gradient, after] = slopes.map((slope) => Number(slope.toPrecision(6))) as [number, number, number];
    // Some kinks lie elsewhere for another target.
    return before === after ? [] : [{ x, of: kinks.of, at, before, gradient, after }];
  });
}

const kinkStep = 2 ** -26;
