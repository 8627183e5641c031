/** Runs golden cases of losses: value, per-sample losses, gradient, sum and divisor, each entry relative to itself. */

import { losses } from "./library.ts";

/** Numbers of a case; infinities and NaN are words in JSON. */
export type Nested = number | string | readonly Nested[];
export interface LossOutcome {
  readonly status: "passed" | "failed" | "unsupported";
  readonly errors: readonly string[];
}

export interface LossCase {
  readonly id: string;
  readonly loss: string;
  readonly inputKind?: string;
  readonly targetKind?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: { readonly yTrue: Nested; readonly yPred: Nested } & Readonly<Record<string, Nested>>;
  readonly reduction?: {
    readonly reduction: "sum" | "mean";
    readonly over?: losses.Over;
    readonly zeroDivisor?: "zero" | "nan";
  };
  readonly preset?: losses.Library;
  readonly expect: Readonly<Record<string, Nested>>;
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
const differencesOfTerms = new Set(["klDivergence", "poisson"]);
const renamed: Readonly<Record<string, string>> = { ignoreIndex: "ignoreClass" };
const knownInputs = new Set(["yTrue", "yPred", "sampleWeight", "mask", "classMask"]);

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

function compare(
  what: string,
  got: ArrayLike<number>,
  expected: Nested,
  options: LossRunOptions,
  magnified: number,
): string[] {
  const truth = numbersOf(expected);
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

function numbersOf(value: Nested): number[] {
  return Array.isArray(value) ? value.flatMap((part) => numbersOf(part as Nested)) : [Number(value)];
}

/** JSON writes infinities and NaN as words. */
function plain(value: Nested): losses.TensorLike {
  return (Array.isArray(value) ? value.map((part) => plain(part as Nested)) : Number(value)) as losses.TensorLike;
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
  const { definition } = losses.get(golden.loss);
  const options: Record<string, unknown> = { reduction: reductionOf(golden) };
  for (const [name, value] of Object.entries(golden.params)) {
    const ours = renamed[name] ?? name;
    if (!Object.hasOwn(definition.params ?? {}, ours)) {
      // Said to be off, for a kind of prediction to which it does not apply.
      if (value === false) continue;
      return `no parameter ${name}`;
    }
    options[ours] = value;
  }
  // Losses that only take logits need not be told.
  if (golden.inputKind === "logits" && definition.yPred !== undefined) options.fromLogits = true;
  if (golden.inputKind === "logProbabilities") options.fromLogProbabilities = true;
  if (golden.targetKind === "logProbabilities") options.logTarget = true;
  for (const [name, value] of Object.entries(golden.inputs)) {
    if (!knownInputs.has(name)) return `no input ${name}`;
    if (name !== "yTrue" && name !== "yPred") options[name] = plain(value);
  }
  return options;
}

export const supportedLosses = (): string[] => losses.list().map((loss) => loss.name);

export async function runLossCase(golden: LossCase, run: LossRunOptions): Promise<LossOutcome> {
  if (!supportedLosses().includes(golden.loss)) return { status: "unsupported", errors: [`no loss ${golden.loss}`] };
  const options = optionsOf(golden);
  if (typeof options === "string") return { status: "unsupported", errors: [options] };
  const loss = losses.get(golden.loss);
  const computed = run.arithmetic === undefined ? {} : { arithmetic: run.arithmetic };
  const given = { ...options, ...computed, dtype: run.dtype } as losses.EvaluateOptions<losses.Params>;
  const yTrue = plain(golden.inputs.yTrue);
  const yPred = plain(golden.inputs.yPred);
  let got: losses.LossResult;
  try {
    got = run.device ? await loss.evaluateOn(run.device, yTrue, yPred, given) : loss.evaluate(yTrue, yPred, given);
  } catch (error) {
    return { status: "failed", errors: [String(error)] };
  }
  const magnified = (what: "value" | "gradient") =>
    differencesOfTerms.has(golden.loss) ? Number(golden.conditioning?.[what] ?? 0) : 0;
  const actual: Readonly<Record<string, { values: ArrayLike<number>; magnified: number }>> = {
    perSample: { values: got.perSample.data, magnified: magnified("value") },
    value: { values: [got.value], magnified: magnified("value") },
    sum: { values: [got.sum], magnified: magnified("value") },
    divisor: { values: [got.divisor], magnified: 0 },
    gradient: { values: got.gradient.data, magnified: magnified("gradient") },
  };
  const errors = Object.entries(golden.expect).flatMap(([what, expected]) => {
    const part = actual[what];
    if (part === undefined) return [`${what}: nothing to compare with`];
    return compare(what, part.values, expected, run, part.magnified);
  });
  return { status: errors.length === 0 ? "passed" : "failed", errors };
}
