/** Orthogonal matrices (Saxe, McClelland & Ganguli 2014). */
import { ShapeError } from "../../base/errors.ts";
import { number } from "../../base/parameters.ts";
import { showShape, sizeOf } from "../../base/shape.ts";
import { defineInitializer } from "./define.ts";
import { drawNormal } from "./draw.ts";

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}

/** Makes rows orthonormal by Gram-Schmidt, each projected twice, which is enough for full precision (Kahan and Parlett). */
function orthonormalise(rows: readonly Float64Array[]): void {
  rows.forEach((row, at) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < at; j++) {
        const other = rows[j] as Float64Array;
        const along = dot(row, other);
        for (let i = 0; i < row.length; i++) row[i] = (row[i] as number) - along * (other[i] as number);
      }
    }
    const length = Math.sqrt(dot(row, row));
    for (let i = 0; i < row.length; i++) row[i] = (row[i] as number) / length;
  });
}

/**
 * `gain` times a random matrix whose shorter side is orthonormal, uniformly distributed; weights of higher rank are seen as
 * (all leading axes, last). Throws ShapeError for vectors.
 */
export const orthogonal = defineInitializer({
  name: "orthogonal",
  parameters: { gain: number(1, "a factor") },
  shorthand: "gain",
  make: ({ gain }) => ({
    generate(shape, random) {
      if (shape.length < 2) {
        throw new ShapeError("orthogonal/not-a-matrix", {
          received: `the orthogonal initializer was given shape ${showShape(shape)}`,
          expected: "at least two axes are needed",
          hint: "Use zeros or randomNormal for vectors.",
        });
      }
      const columns = shape.at(-1) as number;
      const rows = sizeOf(shape) / Math.max(columns, 1);
      const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
      const vectors = Array.from({ length: short }, () => drawNormal([long], random, 0, 1));
      orthonormalise(vectors);
      const out = new Float64Array(sizeOf(shape));
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c++) {
          out[r * columns + c] = gain * ((rows < columns ? vectors[r]?.[c] : vectors[c]?.[r]) as number);
        }
      }
      return out;
    },
  }),
});
