/** Dropout (Srivastava et al. 2014), inverted: what is kept grows by 1 / (1 − rate), so inference does nothing. */
import { ShapeError } from "../../base/errors.ts";
import { type Parameter, refuseOption, requiredNumber } from "../../base/parameters.ts";
import { showShape } from "../../base/shape.ts";
import { greaterEqual, mul, where } from "../../graph/index.ts";
import type { LayerSpec } from "../contract.ts";
import { defineLayer, type LayerOptions, layer, withType } from "./define.ts";

type NoiseShape = readonly (number | null)[];

const noiseShape: Parameter<NoiseShape | undefined, NoiseShape> = {
  about: "shape of the mask, batch axis included; null takes the input's size, 1 shares the mask along an axis",
  required: false,
  fallback: undefined,
  read(value, place) {
    if (!Array.isArray(value) || value.some((n) => n !== null && (!Number.isSafeInteger(n) || n < 1))) {
      throw refuseOption(place, value, "a list of sizes or null is needed", "For example [null, 1, null].");
    }
    return Object.freeze([...value]) as NoiseShape;
  },
  write: (shape) => [...(shape as NoiseShape)],
};

const parameters = {
  rate: requiredNumber("the share of values set to 0, from 0 to 1", { min: 0, max: 1 }),
  noiseShape,
};

const type = defineLayer({
  type: "dropout",
  passesOn: true,
  parameters,
  outputShape(inputShape, { noiseShape }) {
    // The batch axis is not known yet; 1 and null fit any.
    const fits = (n: number | null, d: number) => n === null || n === 1 || d === 0 || n === inputShape[d - 1];
    if (noiseShape !== undefined && (noiseShape.length !== inputShape.length + 1 || !noiseShape.every(fits))) {
      throw new ShapeError("dropout/noise-shape", {
        received: `noiseShape is ${JSON.stringify(noiseShape)} and rows have shape ${showShape(inputShape)}`,
        expected: "it needs one entry an axis, the batch's first, each null, 1 or the axis's size",
        hint: `For example ${JSON.stringify([null, ...inputShape.map((_, d) => (d === 0 ? 1 : null))])}.`,
      });
    }
    return inputShape;
  },
  apply(context, x, _, { rate, noiseShape }) {
    if (!context.training || rate === 0) return { output: x };
    const mask = x.shape.map((dim, d) => noiseShape?.[d] ?? dim);
    // Random numbers have 24 bits; a rate of as many makes the same choices in float32 and float64.
    const threshold = Math.ceil(rate * 2 ** 24) / 2 ** 24;
    const kept = where(greaterEqual(context.random(mask), threshold), x, 0);
    return { output: mul(kept, rate === 1 ? 0 : 1 / (1 - rate)) };
  },
});

/**
 * Sets a share `rate` of the values to 0 while training and scales the others by 1 / (1 − rate); does nothing otherwise.
 * @throws InvalidArgumentError for a rate outside [0, 1].
 */
export const dropout = withType(
  type,
  (rate: number, options: LayerOptions<typeof parameters, "rate"> = {}): LayerSpec => layer(type, { rate }, options),
);
