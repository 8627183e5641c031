/** The arrays of a loss that takes more than one target or prediction array, or further ones beside them. */
import type { TensorLike } from "../base/tensor.ts";
import type { Node } from "../graph/index.ts";
import type { LossInputs } from "./contract.ts";
import type { Domain } from "./domain.ts";

/** One array that a loss takes. */
export interface ArraySpec {
  /** Its axes by name, as in axes.ts: `"N D"`, `"... D"`. */
  readonly axes: string;
  /** What numbers it holds; may depend on the parameters. */
  // biome-ignore lint/suspicious/noExplicitAny: parameters of any loss
  readonly domain: Domain | ((params: any) => Domain);
  /** One line, without a full stop. */
  readonly doc: string;
  /** May be left out. */
  readonly optional?: true;
  /** The array that may be given in its place: one of the two must be. A model's one output is read as the first of them. */
  readonly orElse?: string;
  /** For class numbers: the axis (`"C"`, or `"K+1"` for one more) that says how many classes there are. */
  readonly classes?: string;
  /** A number in the domain, put where a row does not count. Default 0.5. */
  readonly harmless?: number;
}

/** Arrays by name. */
export type Arrays = Readonly<Record<string, ArraySpec>>;
/** One array, several by name, or none. */
export type Arguments = ArraySpec | Arrays | undefined;

/** Whether it is one array and not several by name. */
export const isOne = (given: Arguments): given is ArraySpec => typeof given?.axes === "string";

/** What numbers an array holds, at some parameters. */
export const domainOf = ({ domain }: ArraySpec, params: unknown): Domain =>
  typeof domain === "function" ? domain(params) : domain;

/** As a record, one array under a name of its own. */
export function byName(given: Arguments, name: string): Arrays {
  return given === undefined ? {} : isOne(given) ? { [name]: given } : given;
}

type Omissible = { readonly optional: true } | { readonly orElse: string };
type Optional<A extends Arrays> = { [K in keyof A]: A[K] extends Omissible ? K : never }[keyof A];
/** What stands for each array: `Of<A, Node>` are nodes, `Of<A, TensorLike>` numbers. */
export type Of<A extends Arguments, T> = A extends ArraySpec
  ? T
  : A extends Arrays
    ? { readonly [K in Exclude<keyof A, Optional<A>>]: T } & { readonly [K in Optional<A>]?: T }
    : undefined;

/** Plain data for such arrays. */
export type DataOf<A extends Arguments> = Of<A, TensorLike>;
/** Nodes for such arrays. */
export type NodesOf<A extends Arguments> = Of<A, Node>;
/** What stands beside targets and predictions in a graph. */
export interface ArrayInputs extends LossInputs {
  readonly arrays?: Readonly<Record<string, Node>>;
}
