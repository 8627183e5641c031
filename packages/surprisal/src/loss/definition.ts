/** What a loss says of itself. */
import type { Node } from "../graph/index.ts";
import type { Compat } from "./compat.ts";
import type { Domain } from "./domain.ts";
import type { Params, ParamValues } from "./params.ts";
import type { LibraryMeans } from "./reduce.ts";

/** What a model is asked for. */
export type Task =
  | "binary"
  | "multiclass"
  | "multilabel"
  | "regression"
  | "count"
  | "distribution"
  | "ordinal"
  | "ranking"
  | "embedding"
  | "segmentation"
  | "sequence"
  | "language"
  | "survival"
  | "boxes";

/** Where a loss was published, or is written up. */
export interface Reference {
  readonly title: string;
  readonly url?: string;
}

/** Exact in tests, shown in documentation. For losses over classes yTrue and yPred are rows (a label is one number). */
export interface Example<P extends Params = Params> {
  readonly yTrue: number | readonly number[];
  readonly yPred: number | readonly number[];
  readonly params?: { readonly [K in keyof P]?: ParamValues<P>[K] };
  readonly loss: number;
}

/** Claims about the loss as a function of yPred at its default parameters. Each one that is made is tested. */
export interface Traits {
  /** The midpoint of two predictions never costs more than the mean of their losses. */
  readonly convex?: boolean;
  /** Never below 0. */
  readonly nonNegative?: boolean;
  /** 0 where yPred equals yTrue. */
  readonly zeroAtTarget?: boolean;
  /** Exchanging yTrue and yPred changes nothing. */
  readonly symmetric?: boolean;
  /** In expectation over the target, reporting the true probabilities costs least. */
  readonly proper?: boolean;
  /** Has a second derivative everywhere, without jumps, and the graph gives it. */
  readonly smooth?: boolean;
  /** The gradient is bounded by this number. */
  readonly lipschitz?: number;
}

/** Where the gradient jumps: values of the residual yPred − yTrue, or of the margin yTrue · yPred. */
export interface Kinks {
  readonly of: "residual" | "margin";
  readonly at: readonly number[];
}

export interface ValueInputs {
  /** bool, yPred's shape; only for definitions that use it. */
  readonly classMask?: Node;
}

/** What every loss says of itself, whatever it takes. */
export interface LossDescription<P extends Params = Params> {
  /** camelCase, as Keras calls it. */
  readonly name: string;
  /** Further spellings; case and separators do not matter. */
  readonly aliases?: readonly string[];
  readonly task?: Task;
  /** One sentence. */
  readonly summary?: string;
  /** TeX, of one element or one row. */
  readonly formula?: string;
  readonly references?: readonly Reference[];
  /** What it is in other libraries. */
  readonly compat?: readonly Compat[];
  readonly params?: P;
  /** Parameters that contradict each other. */
  checkParams?(params: ParamValues<P>): void;
  /** Whether parts of the value are held constant, by definition: the gradient is then not the slope of the value. */
  heldConstant?(params: ParamValues<P>): boolean;
  /** What "mean" is for this loss in libraries where it is not their general rule. */
  readonly means?: LibraryMeans;
  readonly traits?: Traits;
}

/** What `defineLoss` takes: everything there is to know of a loss. */
export interface LossDefinition<P extends Params = Params> extends LossDescription<P> {
  /** Default: finite numbers. */
  readonly yTrue?: Domain | ((params: ParamValues<P>) => Domain);
  /** Default: any numbers. */
  readonly yPred?: Domain | ((params: ParamValues<P>) => Domain);
  /** What no single value shows to be wrong; runs after the domain's check. */
  checkTargets?(yTrue: ArrayLike<number>): void;
  /**
   * `mean`: the value has yPred's shape and is averaged over the last axis (a list of n numbers is n samples). `class`: the value is one
   * number a row, and the last axis of yPred holds classes. Default `mean`.
   */
  readonly axis?: "mean" | "class";
  /** For axis `class`: that a single class makes sense, too, as for a sum of squares. */
  readonly oneClass?: true;
  /** The unreduced loss: the only maths that ships. yTrue is int32 without the class axis if its domain is class numbers. */
  value(yTrue: Node, yPred: Node, params: ParamValues<P>, inputs: ValueInputs): Node;
  /** A prediction that is in the domain, put where a sample does not count. Default 0.5. */
  readonly harmless?: number;
  readonly usesClassMask?: boolean;
  /** The label that is left out. */
  ignored?(params: ParamValues<P>): number | undefined;
  /** The weight of each label's class, where class weights are part of the loss; for divisors that count it. */
  labelWeight?(yTrue: Node, yPred: Node, params: ParamValues<P>): Node | undefined;
  /** The formula as a textbook has it, naive and written independently of `value`: tests compare the two where both are fine. */
  // biome-ignore lint/suspicious/noExplicitAny: numbers for elementwise losses, rows for losses over classes
  textbook?(yTrue: any, yPred: any, params: ParamValues<P>): number;
  readonly examples?: readonly Example<P>[];
  readonly kinks?: Kinks;
}
