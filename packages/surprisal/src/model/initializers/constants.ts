/** Initializers without chance. */
import { ShapeError } from "../../base/errors.ts";
import { number } from "../../base/parameters.ts";
import { type Shape, showShape, sizeOf } from "../../base/shape.ts";
import { defineInitializer } from "./define.ts";

const filled = (shape: Shape, value: number) => new Float64Array(sizeOf(shape)).fill(value);

/** 0 everywhere. */
export const zeros = defineInitializer({
  name: "zeros",
  aliases: ["zero"],
  parameters: {},
  make: () => ({ generate: (shape) => filled(shape, 0) }),
});

/** 1 everywhere. */
export const ones = defineInitializer({
  name: "ones",
  aliases: ["one"],
  parameters: {},
  make: () => ({ generate: (shape) => filled(shape, 1) }),
});

/** `value` everywhere. */
export const constant = defineInitializer({
  name: "constant",
  parameters: { value: number(0, "the value of every element") },
  shorthand: "value",
  make: ({ value }) => ({ generate: (shape) => filled(shape, value) }),
});

/** `gain` on the diagonal of a matrix, 0 elsewhere. Throws ShapeError for other ranks. */
export const identity = defineInitializer({
  name: "identity",
  aliases: ["eye"],
  parameters: { gain: number(1, "the value on the diagonal") },
  shorthand: "gain",
  make: ({ gain }) => ({
    generate(shape) {
      if (shape.length !== 2) {
        throw new ShapeError("identity/not-a-matrix", {
          received: `the identity initializer was given shape ${showShape(shape)}`,
          expected: "only matrices have a diagonal",
          hint: "Use orthogonal or glorotUniform for other weights.",
        });
      }
      const [rows, columns] = shape as [number, number];
      const out = filled(shape, 0);
      for (let i = 0; i < Math.min(rows, columns); i++) out[i * columns + i] = gain;
      return out;
    },
  }),
});
