/**
 * How unreduced losses become one number: always a pair {sum, divisor} that adds up over batches, threads and machines.
 * sum = Σ mask · sampleWeight · loss. What the sum is divided by has a name, because libraries mean seven different things by "mean".
 */
import { InvalidArgumentError, unknownName } from "../base/errors.ts";
import { sizeOf } from "../base/shape.ts";
import { add, and, cast, constant, div, equal, mul, type Node, not, sum, weighted, where } from "../graph/index.ts";

/**
 * - `elements`: entries of the unreduced loss, masked ones included
 * - `rows`: length of the first axis
 * - `valid`: entries that are neither masked nor of an ignored class
 * - `weightSum`: Σ mask · sampleWeight · weight of the label's class
 * - `nonzeroWeights`: how many of those products are not 0
 * - `entries`: entries of yPred
 * - a number: itself
 */
export type Over = "elements" | "rows" | "valid" | "weightSum" | "nonzeroWeights" | "entries" | number;
/** What value and gradient are where the divisor is 0. */
export type ZeroDivisor = "zero" | "nan";

/** Reductions by name, as Keras has them. */
export type ReductionName = "sumOverBatchSize" | "mean" | "meanWithSampleWeight" | "sum" | "none";
/** Libraries whose meaning of "mean" can be asked for. */
export type Library = "keras" | "kerasMeanWithSampleWeight" | "pytorch" | "onnx" | "sklearn" | "tfjs";
/** What a library means by "mean" where it does not follow the general rule of that library. */
export type LibraryMeans = Partial<Record<Library, Over>>;

/** A reduction with everything said. */
export interface ExplicitReduction {
  readonly op: "mean" | "sum" | "none";
  /** For `mean`. Default `valid`. */
  readonly over?: Over;
  /** Default `zero`. */
  readonly zeroDivisor?: ZeroDivisor;
}
/** How unreduced losses become one number: by name, in full, or as another library does it. */
export type Reduction = ReductionName | ExplicitReduction | { readonly like: Library };
/** A reduction without anything left to a default. */
export type ResolvedReduction = Required<ExplicitReduction>;

const mean = (over: Over, zeroDivisor: ZeroDivisor = "zero"): ResolvedReduction => ({ op: "mean", over, zeroDivisor });
const total = (op: "sum" | "none"): ResolvedReduction => ({ op, over: 1, zeroDivisor: "zero" });

const names: Readonly<Record<ReductionName, ResolvedReduction>> = {
  // As Keras: weights do not enter the divisor, a mask and ignored classes do.
  sumOverBatchSize: mean("valid"),
  mean: mean("valid"),
  meanWithSampleWeight: mean("weightSum"),
  sum: total("sum"),
  none: total("none"),
};
const libraries: Readonly<Record<Library, ResolvedReduction>> = {
  keras: mean("valid"),
  kerasMeanWithSampleWeight: mean("weightSum"),
  pytorch: mean("elements", "nan"),
  onnx: mean("elements", "nan"),
  sklearn: mean("weightSum"),
  tfjs: mean("nonzeroWeights", "nan"),
};
const overs = ["elements", "rows", "valid", "weightSum", "nonzeroWeights", "entries"] as const;

/**
 * The explicit form of any reduction.
 * @param means where this loss's "mean" in some library differs from that library's general rule.
 * @throws UnknownNameError, InvalidArgumentError.
 */
export function resolveReduction(reduction: Reduction, means: LibraryMeans = {}): ResolvedReduction {
  if (typeof reduction === "string") {
    if (!Object.hasOwn(names, reduction)) throw unknownName("reduction", reduction, Object.keys(names));
    return names[reduction];
  }
  if (typeof reduction !== "object" || reduction === null)
    throw unknownName("reduction", reduction, Object.keys(names));
  const fields = "like" in reduction ? ["like"] : ["op", "over", "zeroDivisor"];
  const strange = Object.keys(reduction).find((field) => !fields.includes(field));
  if (strange !== undefined) throw unknownName("reduction field", strange, fields);
  if ("like" in reduction) {
    if (!Object.hasOwn(libraries, reduction.like)) throw unknownName("library", reduction.like, Object.keys(libraries));
    const general = libraries[reduction.like];
    return { ...general, over: means[reduction.like] ?? general.over };
  }
  const { op, over = "valid", zeroDivisor = "zero" } = reduction;
  if (op === "sum" || op === "none") return total(op);
  if (op !== "mean") throw unknownName("reduction op", op, ["mean", "sum", "none"]);
  if (typeof over === "number" ? !Number.isFinite(over) : !overs.includes(over)) {
    if (typeof over !== "number") throw unknownName("divisor", over, overs);
    throw new InvalidArgumentError("loss/divisor", {
      received: `the divisor ${over} was given`,
      expected: "it must be finite",
      hint: "Pass the number of samples, or a name.",
    });
  }
  if (zeroDivisor !== "zero" && zeroDivisor !== "nan") throw unknownName("zeroDivisor", zeroDivisor, ["zero", "nan"]);
  return { op, over, zeroDivisor };
}

/** The unreduced losses and what says how much each counts; all of one shape. */
export interface Weighing {
  readonly losses: Node;
  readonly sampleWeight?: Node | undefined;
  /** bool: neither masked nor ignored. */
  readonly active?: Node | undefined;
  /** The weight of the label's class; it is already in the losses. */
  readonly labelWeight?: Node | undefined;
  /** All that is predicted. */
  readonly predicted: readonly Node[];
}

function divisorOf(over: Over, { losses, sampleWeight, active, labelWeight, predicted }: Weighing): Node | number {
  const count = sizeOf(losses.shape);
  const asNumber = (condition: Node) => cast(condition, losses.dtype);
  const weights = [active && asNumber(active), sampleWeight, labelWeight].filter((w) => w !== undefined);
  if (typeof over === "number") return over;
  switch (over) {
    case "elements":
      return count;
    case "rows":
      return losses.shape[0] ?? 1;
    case "entries":
      return predicted.reduce((total, { shape }) => total + sizeOf(shape), 0);
    case "valid":
      return active === undefined ? count : sum(asNumber(active));
    case "weightSum":
      return weights.length === 0 ? count : sum(weights.reduce((a, b) => weighted(a, b)));
    case "nonzeroWeights": {
      const counted = weights.map((w) => not(equal(w, 0)));
      return counted.length === 0 ? count : sum(asNumber(counted.reduce((a, b) => and(a, b))));
    }
  }
}

/** Scalars sum, divisor and value, as nodes of the losses' dtype. */
export function reduceLosses(
  reduction: ResolvedReduction,
  weighing: Weighing,
): { sum: Node; divisor: Node; value: Node } {
  const { losses, sampleWeight, active, predicted } = weighing;
  const scalar = (x: number) => constant(x, losses.dtype, []);
  const counted = active === undefined ? losses : where(active, losses, 0);
  const top = sum(sampleWeight === undefined ? counted : weighted(sampleWeight, counted));
  const bottom = reduction.op === "mean" ? divisorOf(reduction.over, weighing) : 1;
  const divisor = typeof bottom === "number" ? scalar(bottom) : bottom;
  if (typeof bottom === "number" && bottom !== 0)
    return { sum: top, divisor, value: bottom === 1 ? top : div(top, divisor) };
  const none = equal(divisor, 0);
  const quotient = div(where(none, 0, top), where(none, 1, divisor));
  if (reduction.zeroDivisor === "zero") return { sum: top, divisor, value: quotient };
  // NaN must also reach every entry of the gradient; a factor that is 0 otherwise carries it there.
  const poison = mul(
    where(none, scalar(Number.NaN), 0),
    predicted.map((array) => sum(array)).reduce((a, b) => add(a, b)),
  );
  return { sum: top, divisor, value: where(none, poison, quotient) };
}
