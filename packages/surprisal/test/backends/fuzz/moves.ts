/** Elements that only move: cut, turned, joined, padded, reshaped, in any order. */
import { sizeOf } from "../../../src/base/shape.ts";
import * as g from "../../../src/graph/index.ts";
import { CaseBuilder, type Generator } from "./case.ts";
import { fitting } from "./draw.ts";

const dims = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33];

export const moves: Generator = {
  name: "moves",
  share: 7,
  make(draw) {
    const b = new CaseBuilder(draw, "whole", false);
    const dtype = draw.dtype("float32", "float64", "int32", "bool");
    const shape = fitting(draw, dims, 1 + draw.below(4), 2000);
    b.say(dtype, `[${shape.join(", ")}]`);
    let x = b.operand(dtype, shape);
    const axis = () => draw.below(x.shape.length);
    const steps = {
      transpose: () => g.transpose(x, b.permutation(x.shape.length)),
      slice: () => {
        const starts = x.shape.map((dim) => draw.below(Math.max(1, dim)));
        return g.slice(
          x,
          starts,
          x.shape.map((dim, d) => (dim === 0 ? 0 : 1 + draw.below(dim - (starts[d] as number)))),
        );
      },
      flat: () => g.reshape(x, [sizeOf(x.shape)]),
      pairs: () => (sizeOf(x.shape) % 2 === 0 ? g.reshape(x, [sizeOf(x.shape) / 2, 2]) : g.reshape(x, [1, ...x.shape])),
      pad: () =>
        g.pad(
          x,
          x.shape.map(() => draw.below(3)),
          x.shape.map(() => draw.below(3)),
          dtype === "bool" ? 1 : -3,
        ),
      concat: () => g.concat([x, b.operand(dtype, x.shape), x].slice(0, 2 + draw.below(2)), axis()),
      repeat: () => g.broadcastTo(x, [1 + draw.below(3), ...x.shape]),
      changed: () => (dtype === "bool" ? g.not(x) : g.add(x, 1)),
    };
    for (let left = 1 + draw.below(5); left > 0; left--) {
      const name = draw.pick(Object.keys(steps) as (keyof typeof steps)[]);
      const next = steps[name]();
      if (sizeOf(next.shape) > 20_000 || next.shape.length > 6) continue;
      b.say(name);
      x = next;
    }
    return b.finish([x, ...(draw.chance(0.3) ? [g.transpose(x)] : [])]);
  },
};
