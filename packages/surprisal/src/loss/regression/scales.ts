/** Predicted scales of distributions: by their logarithms, so that every output of a network is allowed, or as they are. */
import { exp, log, type Node } from "../../graph/index.ts";
import { type Domain, logits, rates } from "../domain.ts";

/** Numbers above 0. */
export const scales: Domain = {
  name: "scale",
  values: "numbers above 0",
  accepts: (x) => !(x <= 0),
  hint: rates.hint,
};

/** The arrays of a scale that may be given either way; a model's one output is read as the logarithm. */
export const scaleArrays = <const A extends string>(axes: A, what: string) =>
  ({
    logScale: { axes, domain: logits, doc: `the logarithm of ${what}`, orElse: "scale" },
    scale: { axes, domain: scales, doc: `${what}, above 0`, orElse: "logScale" },
  }) as const;

interface Either<T> {
  readonly logScale?: T;
  readonly scale?: T;
}

/** The scale, and its logarithm. */
export function scaleOf({ logScale, scale }: Either<Node>): { readonly size: Node; readonly logSize: Node } {
  return scale === undefined
    ? { size: exp(logScale as Node), logSize: logScale as Node }
    : { size: scale, logSize: log(scale) };
}

/** One scale, for oracles. */
export function naiveScale({ logScale, scale }: Either<number[][]>, row: number, column: number): number {
  return scale?.[row]?.[column] ?? Math.exp(logScale?.[row]?.[column] as number);
}
