/** Rows by number, out of a table and into one: repeated, missing, and of every width. */
import type { FloatDType } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import { CaseBuilder, type Generator } from "./case.ts";

const counts = [0, 1, 2, 3, 5, 8, 17, 33, 64, 65, 130];
const widths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 33];

/** Row numbers; some of them name no row. */
function numbers(b: CaseBuilder, count: number, rows: number): g.Node {
  const { draw } = b;
  const outside = [-1, rows, rows + 1, -rows, 2147483647, -2147483648];
  const missing = draw.pick([0, 0.2]);
  const at = Array.from({ length: count }, () =>
    rows === 0 || draw.chance(missing) ? draw.pick(outside) : draw.below(draw.chance(0.3) ? Math.min(2, rows) : rows),
  );
  const form = draw.pick(["fed", "constant", "column", "table"]);
  b.say(form);
  if (form === "constant") return g.constant(at, "int32", [count]);
  // A column of a wider table, as labels beside other fields are.
  if (form === "column") {
    const wide = b.input(
      "int32",
      [count, 3],
      at.flatMap((row) => [5, row, -7]),
    );
    return g.reshape(g.slice(wide, [0, 1], [count, 1]), [count]);
  }
  if (form === "table" && count % 2 === 0) return b.input("int32", [2, count / 2], at);
  return b.input("int32", [count], at);
}

export const indexed: Generator = {
  name: "indexed",
  share: 8,
  make(draw) {
    // Every value is moved or added: whole numbers miss nothing.
    const b = new CaseBuilder(draw, "whole", true);
    const [count, width, rows] = [draw.pick(counts), draw.pick(widths), draw.pick([0, 1, 2, 3, 7, 20, 65])];
    const row = draw.pick([[width], [width], [2, width], [width, 1], []]);
    if (draw.chance(0.5)) {
      const dtype = draw.dtype("float32", "float64", "int32", "bool");
      b.say("gather", dtype, `${count} of [${[rows, ...row].join(", ")}]`);
      const table = b.operand(dtype, [rows, ...row]);
      const out = g.gather(table, numbers(b, count, rows));
      const more = dtype === "bool" ? [] : [g.add(out, 1)];
      return b.finish(draw.chance(0.4) ? [out, ...more] : [out]);
    }
    const dtype = draw.dtype("float32", "float64") as FloatDType;
    b.say("scatterAdd", dtype, `${count} rows of [${row.join(", ")}] into ${rows}`);
    const at = numbers(b, count, rows);
    const flat = at.shape.length === 1 ? at : g.reshape(at, [count]);
    const sums = g.scatterAdd(flat, b.operand(dtype, [count, ...row]), rows);
    if (draw.chance(0.3)) {
      b.say("into its own state");
      const state = b.input(dtype, sums.shape);
      b.writeInto(0, state);
      return b.finish([g.sub(state, sums)]);
    }
    return b.finish([sums]);
  },
};
