import { add, and, div, equal, less, log, log1p, mul, type Node, not, or, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { choice, positive } from "../params.ts";
import { costOfInterval, extreme, logistic, normal } from "./noises.ts";
import { lowerTimes, upperTimes } from "./targets.ts";

const distributions = { normal, logistic, extreme };

/** log(upper/lower), with the digits of their difference where they are near. */
function logRatio(lower: Node, upper: Node): Node {
  const isNear = less(upper, mul(2, lower));
  const near = log1p(div(sub(where(isNear, upper, lower), lower), lower));
  return where(isNear, near, sub(log(upper), log(lower)));
}

/**
 * Accelerated failure time: log t = yPred + sigma · noise. A row whose two times are equal is an event at that time and costs −log of the
 * density of t; any other row costs −log of the probability that the event lies between its times. upper = Infinity is censored on
 * the right, lower = 0 on the left; both together say nothing and cost 0.
 */
export const aft = defineArrayLoss({
  name: "aft",
  aliases: ["aftSurvival", "acceleratedFailureTime", "aftNll", "survivalAft", "intervalCensored"],
  task: "survival",
  summary: "Predicts the logarithm of a time until an event, known exactly, or only to lie in an interval.",
  formula: String.raw`\ell = -\log \Bigl(F\bigl(\tfrac{\log u - f}{\sigma}\bigr) - F\bigl(\tfrac{\log l - f}{\sigma}\bigr)\Bigr), \quad -\log \frac{F'\bigl((\log t - f)/\sigma\bigr)}{\sigma t} \text{ where } l = u = t`,
  references: [
    { title: "Wei, The accelerated failure time model (1992)", url: "https://doi.org/10.1002/sim.4780111409" },
    { title: "Barnwal, Cho, Hocking, Survival regression with accelerated failure time model in XGBoost (2022)" },
  ],
  yTrue: {
    lower: { axes: "N", domain: lowerTimes, doc: "the time that the event was not before, from 0 up" },
    upper: {
      axes: "N",
      domain: upperTimes,
      doc: "the time that it was not after, or Infinity; lower where it is known",
    },
  },
  yPred: { axes: "N", domain: logits, doc: "the predicted logarithm of the time" },
  losses: "N",
  params: {
    distribution: choice(["normal", "logistic", "extreme"], "the noise of the logarithm of the time"),
    sigma: positive(1, "the scale of that noise"),
  },
  value({ lower, upper }, yPred, { distribution, sigma }) {
    const noise = distributions[distribution];
    const isEvent = equal(lower, upper);
    const openBelow = equal(lower, 0);
    const openAbove = equal(upper, Number.POSITIVE_INFINITY);
    const isInside = not(or(isEvent, or(openBelow, openAbove)));
    const scaled = (logTime: Node) => div(sub(logTime, yPred), sigma);
    const from = scaled(log(where(openBelow, 1, lower)));
    const ends = {
      lower: from,
      upper: scaled(log(where(openAbove, 1, upper))),
      width: div(logRatio(where(isInside, lower, 1), where(isInside, upper, 2)), sigma),
    };
    const interval = costOfInterval(noise, ends, or(isEvent, openBelow), or(isEvent, openAbove));
    const isTimed = and(isEvent, not(openBelow));
    const event = add(noise.at(where(isTimed, from, 0)), log(mul(sigma, where(isTimed, lower, 1))));
    return where(isEvent, event, interval);
  },
  textbook: (times: Record<"lower" | "upper", number[]>, f: number[], { distribution, sigma }) =>
    f.map((prediction, i) => {
      const { density, cdf } = distributions[distribution];
      const [lower, upper] = [times.lower[i] as number, times.upper[i] as number];
      const scaled = (time: number) => (Math.log(time) - prediction) / sigma;
      if (lower === upper) return -Math.log(density(scaled(lower)) / (sigma * lower));
      return -Math.log((upper === Number.POSITIVE_INFINITY ? 1 : cdf(scaled(upper))) - cdf(scaled(lower)));
    }),
  examples: [
    { yTrue: { lower: [1], upper: [1] }, yPred: [0], loss: Math.log(2 * Math.PI) / 2 },
    { yTrue: { lower: [0], upper: [1] }, yPred: [0], loss: Math.LN2 },
    {
      yTrue: { lower: [2], upper: [Number.POSITIVE_INFINITY] },
      yPred: [0],
      options: { distribution: "extreme" },
      loss: 2,
    },
    { yTrue: { lower: [0], upper: [Number.POSITIVE_INFINITY] }, yPred: [3], loss: 0 },
  ],
  traits: { smooth: true },
});
