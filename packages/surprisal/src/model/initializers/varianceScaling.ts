/** Initializers whose variance is scale / fan: Glorot & Bengio 2010, He et al. 2015, LeCun et al. 1998. */
import { choice, number } from "../../base/parameters.ts";
import { type Shape, sizeOf } from "../../base/shape.ts";
import type { Initializer } from "../contract.ts";
import { defineInitializer } from "./define.ts";
import { drawNormal, drawTruncatedNormal, drawUniform, truncatedDeviation, type UniformStream } from "./draw.ts";

/** Inputs and outputs of one unit. Leading axes of more than a matrix are a receptive field, which counts in both. */
export function fansOf(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = sizeOf(shape.slice(0, -2));
  return { fanIn: field * (shape.at(-2) as number), fanOut: field * (shape.at(-1) as number) };
}

const fans = {
  fanIn: (fanIn: number) => fanIn,
  fanOut: (_: number, fanOut: number) => fanOut,
  fanAvg: (fanIn: number, fanOut: number) => (fanIn + fanOut) / 2,
} as const;

type Draw = (shape: Shape, random: UniformStream, stddev: number) => Float64Array;
const draws = {
  truncatedNormal: (shape, random, stddev) => drawTruncatedNormal(shape, random, 0, stddev / truncatedDeviation),
  untruncatedNormal: (shape, random, stddev) => drawNormal(shape, random, 0, stddev),
  uniform: (shape, random, stddev) => drawUniform(shape, random, -Math.sqrt(3) * stddev, Math.sqrt(3) * stddev),
} as const satisfies Record<string, Draw>;

type Mode = keyof typeof fans;
type Distribution = keyof typeof draws;

function scaled(scale: number, mode: Mode, distribution: Distribution): Pick<Initializer, "generate"> {
  return {
    generate(shape, random) {
      const { fanIn, fanOut } = fansOf(shape);
      return draws[distribution](shape, random, Math.sqrt(scale / Math.max(1, fans[mode](fanIn, fanOut))));
    },
  };
}

/** Variance scale / fan, from the distribution named. */
export const varianceScaling = defineInitializer({
  name: "varianceScaling",
  parameters: {
    scale: number(1, "the variance times the fan", { min: 0, open: true }),
    mode: choice(["fanIn", "fanOut", "fanAvg"], "fanIn", "which fan divides"),
    distribution: choice(["truncatedNormal", "untruncatedNormal", "uniform"], "truncatedNormal", "what is drawn from"),
  },
  make: ({ scale, mode, distribution }) => scaled(scale, mode, distribution),
});

const named = <N extends string>(
  name: N,
  aliases: readonly string[],
  scale: number,
  mode: Mode,
  distribution: Distribution,
) => defineInitializer({ name, aliases, parameters: {}, make: () => scaled(scale, mode, distribution) });

/** Uniform, variance 2 / (fanIn + fanOut). */
export const glorotUniform = named("glorotUniform", ["xavierUniform"], 1, "fanAvg", "uniform");
/** Truncated normal, variance 2 / (fanIn + fanOut). */
export const glorotNormal = named("glorotNormal", ["xavierNormal"], 1, "fanAvg", "truncatedNormal");
/** Uniform, variance 2 / fanIn. */
export const heUniform = named("heUniform", ["kaimingUniform"], 2, "fanIn", "uniform");
/** Truncated normal, variance 2 / fanIn. */
export const heNormal = named("heNormal", ["kaimingNormal"], 2, "fanIn", "truncatedNormal");
/** Uniform, variance 1 / fanIn. */
export const lecunUniform = named("lecunUniform", [], 1, "fanIn", "uniform");
/** Truncated normal, variance 1 / fanIn. */
export const lecunNormal = named("lecunNormal", [], 1, "fanIn", "truncatedNormal");
