/** Sums down the columns, around the length of a block, and over other axes than the last. */
import type { DType } from "../../../src/base/dtype.ts";
import { isFloat } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import { CaseBuilder, type Generator } from "./case.ts";
import { fitting } from "./draw.ts";

const edges = [255, 256, 257];
const heights = [0, 1, 2, 3, 7, 16, 17, 63, 258, 511, 512, 513, 769, 1023, 1025, ...edges, ...edges];
const widths = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 33];

export const columns: Generator = {
  name: "columns",
  share: 14,
  make(draw) {
    const b = new CaseBuilder(draw, draw.chance(0.8) ? "whole" : "real", true);
    const dtype: DType =
      b.kind === "real" ? draw.dtype("float32", "float64") : draw.dtype("float32", "float64", "int32");
    const special = b.kind === "whole" && isFloat(dtype) && draw.chance(0.15);
    if (draw.chance(0.3)) {
      const shape = fitting(draw, [1, 2, 3, 5, 8, 9, 17, 31], 3 + draw.below(2), 6000);
      const axes = shape.map((_, d) => d).filter(() => draw.chance(0.5));
      const summed = axes.length === 0 ? [1] : axes;
      b.say(dtype, `[${shape.join(", ")}] summed over ${summed.join(" and ")}`);
      return b.finish([g.sum(b.operand(dtype, shape, special), summed, { keepDims: draw.chance(0.5) })]);
    }
    const shape = [draw.pick(heights), draw.pick(widths)];
    b.say(dtype, `[${shape.join(", ")}]`);
    const x = b.operand(dtype, shape, special);
    const sum = g.sum(x, [0]);
    const forms = {
      alone: () => [sum],
      "two of them": () => [sum, g.sum(g.mul(x, x), [0])],
      "beside the elements": () => [sum, g.sub(x, 1)],
      "read again": () => [g.sub(x, g.sum(x, [0], { keepDims: true }))],
      "beside sums of rows": () => [sum, g.sum(x, [1])],
      "in its own state": () => {
        const state = b.input(dtype, [shape[1] as number]);
        b.writeInto(0, state);
        return [g.add(state, sum)];
      },
      "as bias": () => [g.add(g.maximum(x, 0), sum)],
    };
    const name = draw.pick(Object.keys(forms) as (keyof typeof forms)[]);
    b.say(name);
    return b.finish(forms[name]());
  },
};
