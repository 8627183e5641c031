/** What all configured losses have in common: options read once, evaluation on data, a configuration that makes them again. */
import type { Tensor, TensorLike } from "../base/tensor.ts";
import type { Loss } from "./contract.ts";
import {
  type DataOptions,
  type EvaluationDevice,
  evaluateLoss,
  evaluateLossOn,
  type LossResult,
  type Posed,
} from "./evaluate.ts";
import { type Params, type ParamValues, readParams } from "./params.ts";
import { type LibraryMeans, type Reduction, type ResolvedReduction, resolveReduction } from "./reduce.ts";

/** What a loss is configured with: its own parameters, and how it is reduced. */
export type LossOptions<P extends Params> = { readonly [K in keyof P]?: ParamValues<P>[K] } & {
  /** Default "sumOverBatchSize". */
  readonly reduction?: Reduction;
};

/** Options of `evaluate` that say something of the data, not of the loss; no parameter may bear their names. */
export const dataOptions = ["sampleWeight", "mask", "classMask", "dtype", "arithmetic"] as const;

/** A configured loss on plain data: `T` is what it takes as targets, `Y` as predictions, `O` its options, `G` its gradient. */
export interface Evaluated<T = TensorLike, Y = TensorLike, O = object, G = Tensor> {
  /**
   * Value, per-sample losses and gradient on plain data (nested arrays, typed arrays, tensors), computed in float64 and rounded
   * once to `dtype`. Options override those the loss was configured with.
   * @throws ShapeError, DataError (row and value), UnknownNameError, InvalidArgumentError.
   */
  evaluate(yTrue: T, yPred: Y, options?: O): LossResult<G>;
  /** The same graph on a device, in its arithmetic. */
  evaluateOn(device: EvaluationDevice, yTrue: T, yPred: Y, options?: O): Promise<LossResult<G>>;
}

/** What differs between one kind of loss and another. */
export interface Kind<P extends Params, T, Y, G> {
  readonly settings: Settings<P>;
  /** Options of `evaluate` besides `dataOptions` that are data. */
  readonly inputs: readonly string[];
  readonly loss: Pick<Loss, "targets" | "graph" | "checkTargets" | "alignTargets">;
  pose(yTrue: T, yPred: Y, data: DataOptions & Readonly<Record<string, unknown>>): Posed<G>;
  /** The same loss with other options. */
  again(options: LossOptions<P>): Kind<P, T, Y, G>;
}

interface Described<P extends Params> {
  readonly name: string;
  readonly params?: P;
  checkParams?(params: ParamValues<P>): void;
  readonly means?: LibraryMeans;
}

/** Options read and checked. */
export interface Settings<P extends Params> {
  readonly params: ParamValues<P>;
  readonly reduction: Reduction;
  readonly resolved: ResolvedReduction;
}

/** @throws UnknownNameError, InvalidArgumentError. */
export function readSettings<P extends Params>(definition: Described<P>, options: LossOptions<P>): Settings<P> {
  const params = readParams(definition.name, definition.params ?? ({} as P), options, ["reduction"]);
  definition.checkParams?.(params);
  const reduction = options.reduction ?? "sumOverBatchSize";
  return { params, reduction, resolved: resolveReduction(reduction, definition.means) };
}

/** Everything public of a configured loss, from what its kind knows. */
export function configured<D extends Described<P>, P extends Params, T, Y, G>(definition: D, kind: Kind<P, T, Y, G>) {
  const { name } = definition;
  const { params, reduction } = kind.settings;
  const posed = (yTrue: T, yPred: Y, given: object): Posed<G> => {
    const isData = ([key]: [string, unknown]) =>
      (dataOptions as readonly string[]).includes(key) || kind.inputs.includes(key);
    const entries = Object.entries(given);
    const own = entries.filter((entry) => !isData(entry));
    const chosen = own.length === 0 ? kind : kind.again(Object.fromEntries(own) as LossOptions<P>);
    return chosen.pose(yTrue, yPred, Object.fromEntries(entries.filter(isData)));
  };
  return {
    name,
    ...kind.loss,
    definition,
    params,
    reduction,
    evaluate: (yTrue: T, yPred: Y, given: object = {}) => evaluateLoss(posed(yTrue, yPred, given)),
    evaluateOn: async (device: EvaluationDevice, yTrue: T, yPred: Y, given: object = {}) =>
      evaluateLossOn(device, posed(yTrue, yPred, given)),
    toConfig: () => ({
      name,
      params: {
        ...Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)),
        ...(reduction === "sumOverBatchSize" ? {} : { reduction }),
      },
    }),
  };
}

/** A loss by its defaults that can also be called with options. */
export function callable<L extends object, O>(configure: (options: O) => L): L & ((options?: O) => L) {
  const make = (options = {} as O) => configure(options);
  const members = Object.getOwnPropertyDescriptors(configure({} as O));
  return Object.defineProperties(make, { ...members, length: { value: 0 } }) as L & ((options?: O) => L);
}
