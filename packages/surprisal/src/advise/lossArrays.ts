/** What a loss takes, as its definition says it: which arrays, with which axes, of which numbers. */
import { InvalidArgumentError } from "../base/errors.ts";
import type { Loss } from "../loss/contract.ts";
import type { LossDefinition } from "../loss/definition.ts";
import { type Domain, logits } from "../loss/domain.ts";
import type { Param } from "../loss/params.ts";
import { get } from "../loss/registry.ts";
import { plainDomains } from "../loss/takes.ts";

type Values = Readonly<Record<string, unknown>>;

/** A definition of any kind: of one array each, or of several by name. Whatever is not declared is undefined. */
// biome-ignore lint/suspicious/noExplicitAny: parameters of any loss
export type AnyDefinition = Omit<Partial<LossDefinition<any>>, "yTrue" | "yPred" | "params" | "axis" | "examples"> & {
  readonly name: string;
  readonly yTrue?: unknown;
  readonly yPred?: unknown;
  readonly inputs?: unknown;
  /** Axes of the unreduced losses, where they are not those of the predictions. */
  readonly losses?: string | ((params: Values) => string);
  /** That the last of them is averaged over. */
  readonly average?: boolean;
  /** That a row's loss depends on the others. */
  readonly together?: boolean;
  readonly axis?: string;
  readonly params?: Readonly<Record<string, Param<unknown>>>;
  readonly examples?: readonly Readonly<Record<string, unknown>>[];
};

/** A configured loss with what it says of itself. */
export interface DescribedLoss {
  readonly loss: Loss;
  readonly definition: AnyDefinition;
  readonly params: Values;
}

/** @throws UnknownNameError for a name that is none; InvalidArgumentError for a loss that does not say what it is. */
export function describe(given: string | Loss): DescribedLoss {
  const loss = get(given);
  const { definition, params = {} } = loss as Loss & { definition?: AnyDefinition; params?: Values };
  if (typeof definition?.name === "string") return { loss, definition, params };
  throw new InvalidArgumentError("loss/no-definition", {
    received: `the loss ${loss.name} has no definition`,
    expected: "only losses that say what they are can be explained",
    hint: "Make it with defineLoss or formulaLoss.",
  });
}

/** One array that a loss takes. */
export interface LossArray {
  readonly name: string;
  /** `"..."` for any shape, `"... C"` with the classes last, `"N D"` rows of D numbers. */
  readonly axes: string;
  readonly domain: Domain;
  readonly doc?: string;
  readonly optional: boolean;
  /** The array that may be given in its place. */
  readonly orElse?: string;
}

const isRecord = (value: unknown): value is Values => typeof value === "object" && value !== null;
const isDomain = (value: unknown): value is Domain => isRecord(value) && typeof value.accepts === "function";
const settled = (given: unknown, params: Values): unknown => (typeof given === "function" ? given(params) : given);

function arrayOf(name: string, spec: Values, params: Values): LossArray {
  const domain = settled(spec.domain, params);
  return {
    name,
    axes: typeof spec.axes === "string" ? spec.axes : "...",
    domain: isDomain(domain) ? domain : logits,
    ...(typeof spec.doc === "string" && { doc: spec.doc }),
    optional: spec.optional === true,
    ...(typeof spec.orElse === "string" && { orElse: spec.orElse }),
  };
}

/** The arrays behind `yTrue`, `yPred` or `inputs`: one under that name, several under their own, or none. */
export function arraysOf(
  { definition, params }: Pick<DescribedLoss, "definition" | "params">,
  side: "yTrue" | "yPred" | "inputs",
): LossArray[] {
  const given = settled(definition[side], params);
  if (isDomain(given)) return [plainArray(definition, side, given)];
  if (!isRecord(given)) {
    // A definition of one array each may leave its domains out; one of several names those there are.
    const plain = plainDomains(definition, params);
    return plain === undefined || side === "inputs" ? [] : [plainArray(definition, side, plain[side])];
  }
  if (typeof given.axes === "string") return [arrayOf(side, given, params)];
  return Object.entries(given).map(([name, spec]) => arrayOf(name, isRecord(spec) ? spec : {}, params));
}

function plainArray({ axis }: AnyDefinition, name: string, domain: Domain): LossArray {
  return { name, axes: axis === "class" && domain.index !== true ? "... C" : "...", domain, optional: false };
}
