/** Class numbers as one-hot rows. */
import { DataError } from "../../base/errors.ts";
import { Tensor, type TensorLike, tensor } from "../../base/tensor.ts";
import { type OptionsOf, orNull, readOptions, whole } from "../options.ts";
import { empty } from "./matrix.ts";

const where = "to-categorical";

const params = {
  /** Columns; null for the greatest class number plus 1. */
  numClasses: orNull(whole(1, 1)),
};
/** What `toCategorical` takes. */
export type ToCategoricalOptions = OptionsOf<typeof params>;

/**
 * One-hot rows for class numbers 0 … numClasses−1, by Keras's rule: a last axis of length 1 goes, an axis of numClasses
 * comes, fractions are cut off. Float32 [...shape, numClasses].
 * @throws DataError for a number outside 0 … numClasses−1, ShapeError for no numbers, DTypeError for text.
 */
export function toCategorical(x: TensorLike, options: ToCategoricalOptions = {}): Tensor {
  const { numClasses } = readOptions(where, params, options);
  const given = x instanceof Tensor ? x : tensor(x, { dtype: "float64" });
  if (given.size === 0) throw empty(where, 0);
  const codes = Array.from(given.data, Math.trunc);
  const classes = numClasses ?? codes.reduce((most, code) => Math.max(most, code), 0) + 1;
  const wrong = codes.findIndex((code) => !(code >= 0 && code < classes));
  if (wrong >= 0 || !Number.isFinite(classes)) {
    throw new DataError(
      `${where}/class-out-of-range`,
      {
        received: `element ${wrong} is ${given.data[wrong]}`,
        expected: `class numbers run from 0 to ${classes - 1}`,
        hint: "Number the classes with LabelEncoder first, or pass a larger numClasses.",
      },
      { row: wrong + 1 },
    );
  }
  const data = new Float32Array(codes.length * classes);
  codes.forEach((code, i) => {
    data[i * classes + code] = 1;
  });
  const shape = given.rank > 1 && given.shape.at(-1) === 1 ? given.shape.slice(0, -1) : given.shape;
  return new Tensor(data, [...shape, classes]);
}
