/** Predicted scales of distributions: by their logarithms, so that every output of a network is allowed, or as they are. */
import { div, log, type Node, neg, where } from "../../graph/index.ts";
import { type Domain, logits, rates } from "../domain.ts";
import { timesExp } from "../special.ts";

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

export type Scales = Either<Node>;

/** The logarithm of the scale. */
export const logOf = ({ logScale, scale }: Scales): Node => (scale === undefined ? (logScale as Node) : log(scale));

/** x / scale. */
export const inUnits = (x: Node, { logScale, scale }: Scales): Node =>
  scale === undefined ? timesExp(x, neg(logScale as Node)) : div(x, scale);

/** A scale of 1 where `at` (bool) holds. */
export const calmed = ({ logScale, scale }: Scales, at: Node): Scales =>
  scale === undefined ? { logScale: where(at, 0, logScale as Node) } : { scale: where(at, 1, scale) };

/** One scale, for oracles. */
export function naiveScale({ logScale, scale }: Either<number[][]>, row: number, column: number): number {
  return scale?.[row]?.[column] ?? Math.exp(logScale?.[row]?.[column] as number);
}
