/** Reductions along rows, whose lengths lie around lanes and blocks, and what is done with them in a second pass. */
import { type DType, isFloat } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import { CaseBuilder, type Generator } from "./case.ts";

const lengths = [1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 23, 31, 32, 33, 47, 64, 65, 127, 257, 1009];
const long = [4095, 4096, 4097, 4099, 4111, 4112, 4113, 8191, 8192, 8193, 8209, 12288, 12289, 16385];

type Form = (x: g.Node) => g.Node[];

/** Right to the last bit for whole numbers. */
const exact: Readonly<Record<string, Form>> = {
  sum: (x) => [g.sum(x, [-1])],
  "sum of squares": (x) => [g.sum(g.mul(x, x), [-1])],
  max: (x) => [g.max(x)],
  argmax: (x) => [g.argmax(x)],
  "max and argmax": (x) => [g.max(x, { keepDims: true }), g.argmax(x)],
  "two sums and a maximum": (x) => [g.sum(x, [-1]), g.max(x), g.sum(g.maximum(x, g.neg(x)), [-1])],
  "less its sum": (x) => [g.sub(x, g.sum(x, [-1], { keepDims: true }))],
  "less its maximum": (x) => [g.sub(x, g.max(x, { keepDims: true })), g.sum(x, [-1])],
  "sum after the maximum": (x) => [g.sum(g.sub(x, g.max(x, { keepDims: true })), [-1])],
  "where it is largest": (x) => [g.where(g.equal(x, g.max(x, { keepDims: true })), x, 0), g.argmax(x)],
  "the first largest": (x) => [
    g.where(g.equal(g.iota(x.shape.length - 1, x.shape), g.argmax(x, { keepDims: true })), 0, x),
  ],
  "down and along": (x) => [g.sum(x, [0]), g.sum(x, [-1])],
  everything: (x) => [g.sum(x), g.add(g.sum(x), g.max(x))],
};

const rounding: Readonly<Record<string, Form>> = {
  softmax: (x) => [g.softmax(x)],
  logSoftmax: (x) => [g.logSoftmax(x)],
  logSumExp: (x) => [g.logSumExp(x)],
  "softmax and its gradient": (x) => [g.softmax(x), ...g.gradient(g.sum(g.mul(g.softmax(x), g.tanh(x))), [x])],
  mean: (x) => [g.mean(x, [-1]), g.sum(g.exp(x), [-1])],
  normalised: (x) => {
    const centred = g.sub(x, g.mean(x, [-1], { keepDims: true }));
    return [g.div(centred, g.sqrt(g.add(0.125, g.mean(g.mul(centred, centred), [-1], { keepDims: true }))))];
  },
  "sums in the other precision": (x) => [
    g.sum(g.cast(x, x.dtype === "float32" ? "float64" : "float32"), [-1]),
    g.sum(x, [-1]),
  ],
};

export const rows: Generator = {
  name: "rows",
  share: 15,
  make(draw) {
    const b = new CaseBuilder(draw, draw.chance(0.7) ? "whole" : "real", true);
    const length = draw.pick(draw.chance(0.35) ? long : lengths);
    const outer = draw.pick(length > 2000 ? [[1], [2], [3], []] : [[], [1], [2], [5], [33], [3, 5], [2, 1, 7]]);
    const shape = [...outer, length];
    const dtype: DType =
      b.kind === "real" ? draw.dtype("float32", "float64") : draw.dtype("float32", "float64", "int32");
    const special = b.kind === "whole" && isFloat(dtype) && draw.chance(0.25);
    const forms = b.kind === "whole" ? exact : rounding;
    const names = [draw.pick(Object.keys(forms)), ...(draw.chance(0.3) ? [draw.pick(Object.keys(forms))] : [])];
    b.say(dtype, `[${shape.join(", ")}]`, ...(special ? ["with NaN and infinities"] : []), ...names);
    const x = b.operand(dtype, shape, special);
    return b.finish(names.flatMap((name) => (forms[name] as Form)(x)));
  },
};
