/** Runs golden cases of losses: value, per-sample losses, gradient, sum and divisor, each entry relative to itself. */

import { losses } from "./library.ts";

/** Numbers of a case; infinities and NaN are words in JSON. */
export type Nested = number | string | readonly Nested[];
type Data = Nested | Readonly<Record<string, Nested>>;
export interface LossOutcome {
  readonly status: "passed" | "failed" | "unsupported";
  readonly errors: readonly string[];
  /** What was compared, where the loss returned something. */
  readonly parts?: readonly ComparedPart[];
}
/** Numbers of a result beside the true ones. */
export interface ComparedPart {
  /** `perSample`, `value`, `sum`, `divisor` or a gradient. */
  readonly what: string;
  readonly got: ArrayLike<number>;
  readonly truth: readonly number[];
  /** How much a relative change of the inputs grows, for losses that are differences of large terms; 0 for the others. */
  readonly magnified: number;
}

export interface LossCase {
  readonly id: string;
  readonly loss: string;
  readonly inputKind?: string;
  readonly targetKind?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Nested | Readonly<Record<string, Nested>>>>;
  readonly reduction?: {
    readonly reduction: "sum" | "mean";
    readonly over?: losses.Over;
    readonly zeroDivisor?: "zero" | "nan";
  };
  readonly preset?: losses.Library;
  readonly expect: Readonly<Record<string, Nested | Readonly<Record<string, Nested>>>>;
  readonly conditioning?: { readonly value?: number | string; readonly gradient?: number | string };
}

export interface LossRunOptions {
  readonly dtype: "float32" | "float64";
  /** The reference evaluator when absent. */
  readonly device?: losses.EvaluationDevice | undefined;
  /** What a device computes in; float64 when absent. */
  readonly arithmetic?: "float32" | "float64";
}

/** Losses that are themselves differences of large terms; the others keep the plain bound however ill-conditioned. */
const differencesOfTerms = new Set(["klDivergence", "poisson", "gaussianNll", "mixtureGaussianNll"]);
/** Losses of products of vectors: many roundings, of logits and of unit vectors, are magnified, and not only those of the inputs. */
const roundingsOfProducts = 32;
const madeOfProducts = new Set([
  "linearCrossentropy",
  "barlowTwins",
  "clip",
  "infoNce",
  "multiSimilarity",
  "ntXent",
  "sigLip",
  "supervisedContrastive",
  "vicReg",
]);
/** Where double precision ends: entries that are only right to so much absolutely. Such a case counts as unsupported, not as passed. */
const beyond: Readonly<Record<string, { readonly within: number; readonly reason: string }>> = {
  ctc: {
    within: 2 ** -48,
    reason: "entries of the gradient are differences of two probabilities that are nearly equal",
  },
  crfNll: { within: 2 ** -48, reason: "entries of the gradient are sums of probabilities that nearly cancel" },
  barlowTwins: { within: 2 ** -48, reason: "a slope of 0, on which nothing depends, is a sum that cancels" },
  coxPartialLikelihood: {
    within: 2 ** -80,
    reason: "entries of the gradient are sums of shares of both signs that nearly cancel",
  },
  hellinger: { within: 1e-150, reason: "for equal distributions the expected numbers are rounding noise instead of 0" },
};
const renamed: Readonly<Record<string, string>> = { ignoreIndex: "ignoreClass", mask: "tokenMask" };
const dataInputs = ["sampleWeight", "mask", "classMask"];

const float32 = new Float32Array(1);
const bits = new Uint32Array(float32.buffer);
/** The gap between float32 neighbours at a number. */
function ulp32(x: number): number {
  float32[0] = Math.abs(x);
  const exponent = Math.max((bits[0] as number) >>> 23, 1) - 127;
  return 2 ** (exponent - 23);
}

/** Whether a number is near enough; `magnified` is how much a relative change of the inputs grows. */
function near(got: number, truth: number, dtype: "float32" | "float64", magnified: number): boolean {
  if (Number.isNaN(truth)) return Number.isNaN(got);
  if (got === truth) return true;
  if (dtype === "float64") {
    return Math.abs(got - truth) <= Math.max(1e-13, magnified * 2 ** -53) * Math.abs(truth) + 2.2250738585072014e-308;
  }
  const rounded = Math.fround(truth);
  if (!Number.isFinite(rounded)) return got === rounded;
  return Math.abs(got - truth) <= (4 + magnified / 2) * ulp32(rounded) + (Math.abs(truth) < 2 ** -126 ? 2 ** -126 : 0);
}

function compare({ what, got, truth, magnified }: ComparedPart, options: LossRunOptions): string[] {
  if (got.length !== truth.length) return [`${what}: ${got.length} numbers, expected ${truth.length}`];
  return truth.flatMap((value, i) => {
    const actual = got[i] as number;
    if (near(actual, value, options.dtype, magnified)) return [];
    const unit = options.dtype === "float32" ? ulp32(value) : Math.abs(value) * 2 ** -52;
    return [
      `${what}[${i}]: got ${actual}, expected ${value} (${(Math.abs(actual - value) / unit).toPrecision(3)} ulp)`,
    ];
  });
}

/** All numbers, arrays of a record one after another. */
function numbersOf(value: Data): number[] {
  if (typeof value === "object") return Object.values(value).flatMap((part) => numbersOf(part as Nested));
  return [Number(value)];
}

/** JSON writes infinities and NaN as words. */
function plain(value: Data): unknown {
  if (Array.isArray(value)) return value.map((part) => plain(part as Nested));
  if (typeof value !== "object") return Number(value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part as Nested)]));
}

function reductionOf({ reduction, preset, loss }: LossCase): losses.Reduction {
  if (reduction === undefined) return "none";
  const { reduction: op, over, zeroDivisor } = reduction;
  const explicit = {
    op,
    ...(over === undefined ? {} : { over }),
    ...(zeroDivisor === undefined ? {} : { zeroDivisor }),
  };
  // PyTorch has two means for its KL divergence; only the default one is a preset.
  if (preset === undefined || (loss === "klDivergence" && over === "rows")) return explicit;
  return { like: preset };
}

/** Our options for a case; a reason where a parameter is none of ours. */
function optionsOf(golden: LossCase): Record<string, unknown> | string {
  const { definition } = lossOf(golden.loss);
  const options: Record<string, unknown> = { reduction: reductionOf(golden) };
  for (const [name, value] of Object.entries(golden.params)) {
    const ours = renamed[name] ?? name;
    if (!Object.hasOwn({ ...definition.params, ...definition.inputs }, ours)) {
      // Said to be off, for a kind of prediction to which it does not apply.
      if (value === false) continue;
      return `no parameter ${name}`;
    }
    options[ours] = value;
  }
  const says = (option: string) => Object.hasOwn(definition.params ?? {}, option);
  // Losses that only take logits need not be told.
  if (golden.inputKind === "logits" && says("fromLogits")) options.fromLogits = true;
  if (golden.inputKind === "logProbabilities" && says("fromLogProbabilities")) options.fromLogProbabilities = true;
  if (golden.targetKind === "logProbabilities" && says("logTarget")) options.logTarget = true;
  const inputs = definition.inputs ?? {};
  for (const [name, value] of Object.entries(golden.inputs)) {
    if (name === "yTrue" || name === "yPred" || name in partsOf(definition.yTrue)) continue;
    const ours = Object.hasOwn(inputs, renamed[name] ?? "") ? (renamed[name] as string) : name;
    if (!dataInputs.includes(ours) && !Object.hasOwn(inputs, ours)) return `no input ${name}`;
    options[ours] = plain(value);
  }
  return options;
}

/** The arrays of targets by name, for a loss that takes several. */
const partsOf = (yTrue: unknown): object =>
  typeof yTrue === "object" && yTrue !== null && !("accepts" in yTrue) ? yTrue : {};

/** Targets as the loss takes them: one array, or arrays that the case holds beside the predictions. */
function targetsOf({ inputs }: LossCase, yTrue: unknown): unknown {
  if (inputs.yTrue !== undefined) return plain(inputs.yTrue);
  const names = Object.keys(partsOf(yTrue)).filter((name) => inputs[name] !== undefined);
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, plain(inputs[name] as Data)]));
}

/** All numbers of a gradient, in the order of the expected one. */
function dataOf(gradient: AnyGradient, expected: Data | undefined): ArrayLike<number> {
  if ("shape" in gradient && "data" in gradient) return (gradient as unknown as Numbers).data;
  const parts = gradient as Readonly<Record<string, Numbers>>;
  return Object.keys(expected ?? {}).flatMap((name) => Array.from(parts[name]?.data ?? []));
}

/** A loss of whatever arrays. */
interface AnyLoss {
  readonly definition: { readonly params?: object; readonly inputs?: object; readonly yTrue?: unknown };
  evaluate(yTrue: unknown, yPred: unknown, options: object): AnyResult;
  evaluateOn(device: losses.EvaluationDevice, yTrue: unknown, yPred: unknown, options: object): Promise<AnyResult>;
}
interface Numbers {
  readonly data: ArrayLike<number>;
}
type AnyGradient = Numbers | Readonly<Record<string, Numbers>>;
type AnyResult = losses.LossResult<AnyGradient>;
const lossOf = (name: string) => losses.get(name) as unknown as AnyLoss;

export const supportedLosses = (): string[] => losses.list().map((loss) => loss.name);

export async function runLossCase(golden: LossCase, run: LossRunOptions): Promise<LossOutcome> {
  if (!supportedLosses().includes(golden.loss)) return { status: "unsupported", errors: [`no loss ${golden.loss}`] };
  const options = optionsOf(golden);
  if (typeof options === "string") return { status: "unsupported", errors: [options] };
  const loss = lossOf(golden.loss);
  const computed = run.arithmetic === undefined ? {} : { arithmetic: run.arithmetic };
  const given = { ...options, ...computed, dtype: run.dtype };
  const yTrue = targetsOf(golden, loss.definition.yTrue);
  const yPred = plain(golden.inputs.yPred as Data);
  let got: AnyResult;
  try {
    got = run.device ? await loss.evaluateOn(run.device, yTrue, yPred, given) : loss.evaluate(yTrue, yPred, given);
  } catch (error) {
    return { status: "failed", errors: [String(error)] };
  }
  const magnified = (what: "value" | "gradient") => {
    const conditioning = Number(golden.conditioning?.[what] ?? 0);
    if (madeOfProducts.has(golden.loss)) return run.dtype === "float64" ? roundingsOfProducts * conditioning : 0;
    return differencesOfTerms.has(golden.loss) ? conditioning : 0;
  };
  const actual: Readonly<Record<string, { values: ArrayLike<number>; magnified: number }>> = {
    perSample: { values: got.perSample.data, magnified: magnified("value") },
    value: { values: [got.value], magnified: magnified("value") },
    sum: { values: [got.sum], magnified: magnified("value") },
    divisor: { values: [got.divisor], magnified: 0 },
    gradient: { values: dataOf(got.gradient, golden.expect.gradient), magnified: magnified("gradient") },
  };
  const parts = Object.entries(golden.expect).map(([what, expected]): ComparedPart => {
    const { values: found = [], magnified: grows = 0 } = actual[what] ?? {};
    return { what, got: found, truth: numbersOf(expected), magnified: grows };
  });
  const errors = parts.flatMap((part) => compare(part, run));
  const limit = beyond[golden.loss];
  const isNear = (part: ComparedPart): boolean =>
    part.truth.every((x, i) => {
      const there = part.got[i] as number;
      return near(there, x, run.dtype, part.magnified) || Math.abs(there - x) <= (limit?.within ?? 0);
    });
  if (errors.length > 0 && limit !== undefined && parts.every(isNear)) {
    return { status: "unsupported", errors: [limit.reason, ...errors], parts };
  }
  return { status: errors.length === 0 ? "passed" : "failed", errors, parts };
}
