/** Everything there is to say of a loss, as one plain record: what the command line and the documentation show. */
import type { Compat } from "../loss/compat.ts";
import type { Loss } from "../loss/contract.ts";
import type { Reference, Task, Traits } from "../loss/definition.ts";
import { type AnyDefinition, arraysOf, type DescribedLoss, describe } from "./lossArrays.ts";
import { type CurveKind, type KinkSlopes, planCurve } from "./lossAxis.ts";
import { kinkSlopes, lossUnit } from "./lossFacts.ts";

export type { KinkSlopes } from "./lossAxis.ts";

/** An array that a loss takes. */
export interface ExplainedArray {
  readonly name: string;
  /** `"..."` for any shape, `"... C"` with the classes last, `"N D"` rows of D numbers. */
  readonly axes: string;
  /** The numbers in words. */
  readonly values: string;
  readonly doc?: string;
  readonly optional?: true;
  /** The array that may be given in its place; one of the two must be. */
  readonly orElse?: string;
  /** What it holds instead where a flag of the loss is set: `{ "fromLogits: true": "any numbers" }`. */
  readonly otherwise?: Readonly<Record<string, string>>;
}

/** A parameter of a loss. */
export interface ExplainedParameter {
  readonly name: string;
  readonly kind: "number" | "flag" | "vector" | "choice";
  /** What it is when left out; undefined for nothing. */
  readonly default: unknown;
  /** What it is in this loss. */
  readonly value: unknown;
  readonly range: string;
  readonly doc: string;
}

/** What a loss is, in words and numbers. */
export interface LossExplanation {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly task?: string;
  readonly summary?: string;
  /** TeX. */
  readonly formula?: string;
  /** Of its values, where they have one of their own. */
  readonly unit?: "nats";
  readonly whenToUse: readonly string[];
  readonly targets: readonly ExplainedArray[];
  readonly predictions: readonly ExplainedArray[];
  /** Arrays that belong to neither. */
  readonly inputs: readonly ExplainedArray[];
  readonly parameters: readonly ExplainedParameter[];
  /** Claims that tests prove, at default parameters, each with what it means. */
  readonly traits: Readonly<Partial<Record<keyof Traits, string>>>;
  readonly kinks: readonly KinkSlopes[];
  /** What `value` has an entry for. */
  readonly perSample: string;
  /** What "mean" is divided by in libraries where it is not their general rule. */
  readonly means: Readonly<Record<string, unknown>>;
  readonly compat: readonly Compat[];
  readonly references: readonly Reference[];
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

const tasks: Readonly<Record<Task, string>> = {
  binary: "For a yes or no.",
  multiclass: "For one class out of several.",
  multilabel: "For several yes or no answers at once.",
  regression: "For a number.",
  count: "For a count: 0, 1, 2, …",
  distribution: "For targets that are whole distributions.",
  ordinal: "For classes that have an order.",
  ranking: "For putting things in order.",
  embedding: "For vectors that shall lie near each other, or far.",
  segmentation: "For regions of images, where the overlap counts.",
  sequence: "For sequences.",
  language: "For models of language.",
  survival: "For the time until something happens, which is not always seen.",
  boxes: "For boxes around things.",
};

/** What the last layer ends in, for one entry and for a row of classes. */
const outputs: Readonly<Record<CurveKind, readonly [one: string, ofRow: string]>> = {
  probability: ["End the model in a sigmoid.", "End the model in a softmax."],
  logProbability: ["End the model in a log sigmoid.", "End the model in a log softmax."],
  logit: ["End the model in a linear layer.", "End the model in a linear layer, one unit a class."],
  margin: ["End the model in a linear layer.", "End the model in a linear layer."],
  residual: ["End the model in a linear layer.", "End the model in a linear layer."],
  amount: ["End the model in an exponential or softplus.", "End the model in an exponential or softplus."],
  score: ["End the model in a linear layer.", "End the model in a linear layer."],
  cosine: ["Its predictions lie between -1 and 1.", "Its predictions lie between -1 and 1."],
};

const traitWords: { readonly [K in keyof Required<Traits>]: (claim: NonNullable<Traits[K]>) => string } = {
  convex: () => "convex in the predictions",
  smooth: () => "twice differentiable, without jumps",
  nonNegative: () => "never below 0",
  zeroAtTarget: () => "0 where the prediction is the target",
  symmetric: () => "the same when target and prediction change places",
  proper: () => "proper: in expectation, reporting the true probabilities costs least",
  lipschitz: (bound) => `the gradient is never larger than ${bound}`,
};

/**
 * What there is to say of a loss: by name, bare, or configured, when its own parameter values count. Plain data.
 * @throws UnknownNameError for a name that is none; InvalidArgumentError for a loss without a definition.
 */
export function explainLoss(loss: string | Loss): LossExplanation {
  const described = describe(loss);
  const { definition, params } = described;
  const { name, aliases = [], task, summary, formula, traits = {}, compat = [], references = [] } = definition;
  const unit = lossUnit(described.loss);
  return {
    name,
    aliases,
    ...(task !== undefined && { task }),
    ...(summary !== undefined && { summary }),
    ...(formula !== undefined && { formula }),
    ...(unit !== undefined && { unit }),
    whenToUse: whenToUse(described),
    targets: explainArrays(described, "yTrue"),
    predictions: explainArrays(described, "yPred"),
    inputs: explainArrays(described, "inputs"),
    parameters: Object.entries(definition.params ?? {}).map(([param, { kind, range, doc, default: usual }]) => ({
      name: param,
      kind,
      default: usual,
      value: params[param],
      range,
      doc,
    })),
    traits: Object.fromEntries(
      Object.entries(traits).flatMap(([trait, claim]) =>
        claim === undefined || claim === false
          ? []
          : [[trait, (traitWords[trait as keyof Traits] as (claim: unknown) => string)(claim)]],
      ),
    ),
    kinks: kinkSlopes(described.loss),
    perSample: perSample(described),
    means: { ...definition.means },
    compat,
    references,
    examples: definition.examples ?? [],
  };
}

function whenToUse(described: DescribedLoss): string[] {
  const { definition } = described;
  const { task, traits = {} } = definition;
  const plan = planCurve(described);
  return [
    ...(task === undefined ? [] : [tasks[task]]),
    ...(plan === undefined ? [] : [outputs[plan.kind][plan.width === 0 ? 0 : 1]]),
    ...(traits.proper === true ? ["Its outputs can be read as probabilities: honest ones cost least."] : []),
    ...(traits.lipschitz === undefined
      ? []
      : ["No single row pulls hard, however wrong it is: outliers do little harm."]),
  ];
}

const meanOfRow = "one number a row: the mean over the last axis";

function perSample({ definition, params }: DescribedLoss): string {
  const { axis, average, losses, together } = definition;
  const axes = typeof losses === "function" ? losses(params) : losses;
  const others = together === true ? "; the other rows of the batch count in it" : "";
  if (axes === "") return "one number for the whole batch";
  if (average === true) return meanOfRow + others;
  if (axes !== undefined) return `one number for each entry of the axes [${axes.split(" ").join(", ")}]${others}`;
  return axis === "class" ? "one number a row: the last axis is summed up in it" : meanOfRow;
}

function explainArrays({ definition, params }: DescribedLoss, side: "yTrue" | "yPred" | "inputs"): ExplainedArray[] {
  const others = otherwise(definition, params, side);
  return arraysOf({ definition, params }, side).map(({ name, axes, domain, doc, optional, orElse }) => {
    const differing = others.flatMap(([option, arrays]) => {
      const other = arrays.find((array) => array.name === name);
      return other === undefined || other.domain.values === domain.values ? [] : [[option, other.domain.values]];
    });
    return {
      name,
      axes,
      values: domain.values,
      ...(doc !== undefined && { doc }),
      ...(optional && { optional: true as const }),
      ...(orElse !== undefined && { orElse }),
      ...(differing.length > 0 && { otherwise: Object.fromEntries(differing) }),
    };
  });
}

/** The arrays with each flag the other way round. */
function otherwise(definition: AnyDefinition, params: DescribedLoss["params"], side: "yTrue" | "yPred" | "inputs") {
  return Object.entries(definition.params ?? {}).flatMap(([name, { kind }]) => {
    if (kind !== "flag") return [];
    const turned = params[name] !== true;
    return [[`${name}: ${turned}`, arraysOf({ definition, params: { ...params, [name]: turned } }, side)] as const];
  });
}
