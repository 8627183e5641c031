/** Comparisons, logic, selection and casts. */
import { type DType, isFloat, roundTo } from "../../base/dtype.ts";
import type { Node, OpRecord } from "../node.ts";
import { evaluateElementwise, type NoAttributes, requireDType, requireSame } from "./record.ts";

function comparison(name: string, scalar: (a: number, b: number) => boolean, dtype?: DType): OpRecord<NoAttributes> {
  return {
    name,
    kind: "elementwise",
    scalar: (a, b) => Number(scalar(a, b)),
    infer([a, b]) {
      requireSame(name, a as Node, b as Node);
      if (dtype !== undefined) requireDType(name, a as Node, dtype);
      return { dtype: "bool", shape: (a as Node).shape };
    },
    evaluate: evaluateElementwise,
    gradient: () => [undefined, undefined],
  };
}

export const equal = comparison("equal", (a, b) => a === b);
export const less = comparison("less", (a, b) => a < b);
export const lessEqual = comparison("lessEqual", (a, b) => a <= b);
export const and = comparison("and", (a, b) => a !== 0 && b !== 0, "bool");
export const or = comparison("or", (a, b) => a !== 0 || b !== 0, "bool");

/** Picks by a condition. The operand not picked gets a gradient of exactly 0. */
export const where: OpRecord<NoAttributes> = {
  name: "where",
  kind: "elementwise",
  scalar: (condition, a, b) => (condition !== 0 ? a : b) as number,
  infer([condition, a, b]) {
    requireDType("where", condition as Node, "bool");
    requireSame("where", a as Node, b as Node);
    return { dtype: (a as Node).dtype, shape: (a as Node).shape };
  },
  evaluate: evaluateElementwise,
  gradient: (b, { inputs: [condition] }, g) => [
    undefined,
    b.where(condition as Node, g, 0),
    b.where(condition as Node, 0, g),
  ],
};

export interface CastAttributes {
  readonly dtype: DType;
}

/** To int32 rounds toward zero, what lies beyond its ends becomes the nearer end and NaN 0; to bool is "not 0". */
export const cast: OpRecord<CastAttributes> = {
  name: "cast",
  kind: "elementwise",
  infer: ([x], { dtype }) => ({ dtype, shape: (x as Node).shape }),
  evaluate: ({ dtype }, [x]) => {
    const values = x as Float64Array;
    if (dtype === "int32") return values.map((v) => Math.min(Math.max(v, -0x80000000), 0x7fffffff) | 0);
    return dtype === "bool" ? values.map((v) => roundTo(dtype, v)) : values.slice();
  },
  gradient: (b, { inputs: [x] }, g) => [
    isFloat((x as Node).dtype) && isFloat(g.dtype) ? b.cast(g, (x as Node).dtype) : undefined,
  ],
};
