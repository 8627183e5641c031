/** Means of errors between numbers. */
import { abs, div, log1p, maximum, mul, softplus, square, sub } from "../../graph/index.ts";
import { defineMetric } from "./define.ts";
import { bothWide, fuzz, meanOverFeatures } from "./figures.ts";
import { meanOf } from "./mean.ts";

/** Mean of (yTrue − yPred)². */
export const meanSquaredError = defineMetric({
  name: "meanSquaredError",
  aliases: ["mse"],
  summary: "The mean of squared errors.",
  better: "lower",
  parameters: {},
  build: () => meanOverFeatures((y, p) => square(sub(y, p))),
});

/** The root of the mean of (yTrue − yPred)². */
export const rootMeanSquaredError = defineMetric({
  name: "rootMeanSquaredError",
  aliases: ["rmse"],
  summary: "The root of the mean of squared errors.",
  better: "lower",
  parameters: {},
  build: () => meanOf((yTrue, yPred) => square(sub(...bothWide(yTrue, yPred))), Math.sqrt),
});

/** Mean of |yTrue − yPred|. */
export const meanAbsoluteError = defineMetric({
  name: "meanAbsoluteError",
  aliases: ["mae"],
  summary: "The mean of absolute errors.",
  better: "lower",
  parameters: {},
  build: () => meanOverFeatures((y, p) => abs(sub(y, p))),
});

/** Mean of 100 · |yTrue − yPred| / |yTrue|; targets nearer to 0 than 1e-7 count as 1e-7. */
export const meanAbsolutePercentageError = defineMetric({
  name: "meanAbsolutePercentageError",
  aliases: ["mape"],
  summary: "The mean of absolute errors in percent of the target.",
  better: "lower",
  parameters: {},
  build: () => meanOverFeatures((y, p) => mul(abs(div(sub(y, p), maximum(abs(y), fuzz))), 100)),
});

/** Mean of (log(1 + yTrue) − log(1 + yPred))²; numbers below 1e-7 count as 1e-7. */
export const meanSquaredLogarithmicError = defineMetric({
  name: "meanSquaredLogarithmicError",
  aliases: ["msle"],
  summary: "The mean of squared errors of logarithms.",
  better: "lower",
  parameters: {},
  build: () => meanOverFeatures((y, p) => square(sub(log1p(maximum(y, fuzz)), log1p(maximum(p, fuzz))))),
});

/** Mean of log cosh(yPred − yTrue). */
export const logCoshError = defineMetric({
  name: "logCoshError",
  aliases: ["logCosh"],
  summary: "The mean of log cosh of errors: squares near 0, absolute values far out.",
  better: "lower",
  parameters: {},
  build: () =>
    meanOverFeatures((y, p) => {
      const size = abs(sub(p, y));
      return sub(softplus(mul(size, -2)), sub(Math.LN2, size));
    }),
});
