import { add, expm1, less, log1p, mul, neg, softplus, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { magnitude } from "../special.ts";

/** log cosh(yPred − yTrue), averaged over the last axis. */
export const logCosh = defineLoss({
  name: "logCosh",
  aliases: ["logcoshLoss", "logCoshError"],
  task: "regression",
  summary: "Like half the square for small residuals and the size less log 2 for large ones, smooth throughout.",
  formula: String.raw`\ell = \log \cosh (\hat y - y)`,
  yTrue: real,
  harmless: 0,
  value(yTrue, yPred) {
    const residual = sub(yPred, yTrue);
    const small = less(magnitude(residual), 1);
    // cosh e − 1 = −expm1(e) expm1(−e) / 2: no subtraction, in the value or in its derivative.
    const near = where(small, residual, 0);
    const inner = log1p(mul(-0.5, mul(expm1(near), expm1(neg(near)))));
    // log cosh e = |e| − log 2 + log(1 + e^(−2|e|)), which cannot overflow.
    const far = magnitude(where(small, 1, residual));
    const outer = add(sub(far, Math.LN2), softplus(mul(-2, far)));
    return where(small, inner, outer);
  },
  textbook: (y: number, p: number) => Math.log(Math.cosh(p - y)),
  examples: [{ yTrue: 1, yPred: 1, loss: 0 }],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
});
