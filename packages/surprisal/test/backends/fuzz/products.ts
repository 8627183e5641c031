/** Matrix products: sizes around register tiles and panels of k, operands anywhere in memory, every kind of epilogue. */
import type { FloatDType } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import { CaseBuilder, type Generator } from "./case.ts";
import { type Draw, fitting } from "./draw.ts";

const small = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 23, 24, 25, 31, 32, 33, 35, 36, 37, 47, 48, 49,
];
const large = [63, 64, 65, 95, 96, 97, 127, 128, 129, 191, 192, 193, 255, 256, 257];
/** Around where a walk along k is cut. */
const deep = [511, 512, 513, 767, 768, 769, 1023, 1024, 1025, 1537];

/** m, n and k; the products stay few enough for the interpreter. */
function sizes(draw: Draw): readonly [m: number, n: number, k: number] {
  const budget = draw.chance(0.03) ? 3_000_000 : 120_000;
  const form = draw.below(10);
  if (form < 4) return fitting(draw, small, 3, budget) as [number, number, number];
  if (form < 6) return fitting(draw, [...small, ...large], 3, budget) as [number, number, number];
  const k = draw.pick(form === 9 ? large : deep);
  const [m, n] = fitting(draw, [...small, ...large], 2, budget / k) as [number, number];
  // A matrix by a vector, and a vector by a matrix, are forms of their own.
  return draw.pick([
    [m, n, k],
    [m, n, k],
    [1, Math.max(m, n), k],
    [Math.max(m, n), 1, k],
  ] as const);
}

/** What is done with a product before it is stored; each step may be kept as an output of its own. */
function epilogue(b: CaseBuilder, product: g.Node, dtype: FloatDType): g.Node[] {
  const { draw } = b;
  const [m, n] = product.shape as [number, number];
  const outputs: g.Node[] = [];
  let y = product;
  const steps = {
    bias: () => g.add(y, b.operand(dtype, [n])),
    "bias of rows": () => g.add(y, b.operand(dtype, [m, 1])),
    relu: () => g.maximum(y, 0),
    residual: () => g.add(b.operand(dtype, [m, n]), y),
    scale: () => g.mul(y, g.constant(0.5, dtype)),
    mask: () => g.where(g.less(b.operand("int32", [m, n]), 1), y, 0),
    position: () => g.add(y, g.cast(g.iota(draw.below(2), [m, n]), dtype)),
    // Rounded to the other precision and back, which halves the lanes; whole numbers stay.
    precise: () => g.cast(g.add(g.cast(y, "float64"), 1), dtype),
  };
  for (let left = draw.below(4); left > 0; left--) {
    const name = draw.pick(Object.keys(steps) as (keyof typeof steps)[]);
    b.say(name);
    if (draw.chance(0.25)) outputs.push(y);
    y = steps[name]();
  }
  outputs.push(y);
  if (draw.chance(0.1)) outputs.push(g.less(0, y));
  if (draw.chance(0.1)) outputs.push(g.cast(y, "int32"));
  return outputs;
}

export const products: Generator = {
  name: "products",
  share: 36,
  make(draw) {
    const b = new CaseBuilder(draw, draw.chance(0.8) ? "whole" : "real", true);
    const dtype = draw.dtype("float32", "float32", "float64") as FloatDType;
    const [m, n, k] = sizes(draw);
    const [transposeA, transposeB] = [draw.chance(0.5), draw.chance(0.5)];
    b.say(dtype, `[${m}, ${k}]${transposeA ? "ᵀ" : ""} × [${k}, ${n}]${transposeB ? "ᵀ" : ""}`);
    const special = b.kind === "whole" && draw.chance(0.05);
    const x = b.operand(dtype, transposeA ? [k, m] : [m, k], special);
    const y = b.operand(dtype, transposeB ? [n, k] : [k, n], special);
    const product = g.matmul(x, y, { transposeA, transposeB });
    if (draw.chance(0.1)) {
      // As a gradient step does: the weights are replaced by a product that is taken from them.
      b.say("into its own state");
      const w = b.input(dtype, [m, n]);
      b.writeInto(0, w);
      return b.finish([g.sub(w, g.mul(0.5, product))]);
    }
    return b.finish(epilogue(b, product, dtype));
  },
};
