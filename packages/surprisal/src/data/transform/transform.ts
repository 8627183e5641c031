/** What every transform is, and the plain record it is saved as. */
import { InvalidArgumentError } from "../../base/errors.ts";
import type { Tensor, TensorLike } from "../../base/tensor.ts";
import type { Cell } from "../labels.ts";

/** Rows of fields of any kind. */
export type Table = readonly (readonly Cell[])[];
/** Rows of numbers in which null, undefined or NaN stand for a missing one. */
export type NumberTable = readonly (readonly (number | null | undefined)[])[];
/** What transforms of numbers take: a matrix with a row per sample. */
export type NumbersLike = TensorLike | NumberTable;
/** What transforms of any fields take. */
export type FieldsLike = TensorLike | Table;

/** What is fitted to data, then changes data, and can be saved. */
export interface Transform {
  /** Learns from rows; returns itself. */
  fit(x: FieldsLike): this;
  /** @throws InvalidArgumentError before fit, ShapeError for another number of columns than in fit. */
  transform(x: FieldsLike): Tensor | Cell[][];
  /** A record that JSON holds exactly; see `fromConfig`. */
  toConfig(): TransformConfig;
  /** Names of the columns that `transform` returns, from the names of those it takes. */
  featureNamesOut?(inputNames?: readonly string[]): string[];
}

/** Anything that JSON holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A transform as plain data: never code, never a name that is looked up anywhere but in the list of transforms. */
export interface TransformConfig {
  readonly name: string;
  readonly options: { readonly [key: string]: Json };
  /** Null before fit. */
  readonly state: { readonly [key: string]: Json } | null;
}

/** What a transform's class offers for reading it back. `restore` reads transforms inside it. */
export interface TransformClass {
  readonly transformName: string;
  fromConfig(config: TransformConfig, restore: (config: unknown) => Transform): Transform;
}

/** Uses before fit. */
export function notFitted(name: string, method: string): InvalidArgumentError {
  return new InvalidArgumentError("transform/not-fitted", {
    received: `${method}() was called on a ${name} that has seen no data`,
    expected: "it must be fitted first",
    hint: "Call fit(x) or fitTransform(x) with the training rows.",
  });
}

/** The names given, or x0, x1, … */
export function inputNamesOf(names: readonly string[] | undefined, columns: number, where: string): readonly string[] {
  const used = names ?? Array.from({ length: columns }, (_, j) => `x${j}`);
  if (used.length === columns) return used;
  throw new InvalidArgumentError(`${where}/names-length`, {
    received: `${used.length} names were given`,
    expected: `there are ${columns} columns`,
    hint: "Pass one name per column.",
  });
}
