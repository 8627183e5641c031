/** The functions as fixed sequences of operations: their bits, their lengths, and bounds that they keep. */
import { describe, expect, it } from "vitest";
import type { FloatDType } from "../../../src/base/dtype.ts";
import { elementary } from "../../../src/compile/elementary/index.ts";
import type { Scalars } from "../../../src/compile/scalars.ts";
import { fingerprint, formats, points, scalars } from "./measure.ts";
import { truths } from "./truth.ts";

type Name = keyof typeof elementary;
const names = Object.keys(elementary) as Name[];

/** Counts distinct operations: the same operation on the same operands is one, constants are none. */
function countOperations(name: Name, precision: FloatDType): number {
  const known = new Set<string>();
  const operation =
    (op: string) =>
    (...operands: string[]): string => {
      const key = `${op}(${operands.join()})`;
      known.add(key);
      return `#${[...known].indexOf(key)}`;
    };
  const operations = Object.keys(scalars.float32).filter((key) => key !== "precision" && key !== "constant");
  const s = {
    precision,
    constant: (x: number) => `${x}`,
    ...Object.fromEntries(operations.map((op) => [op, operation(op)])),
  } as unknown as Scalars<string>;
  elementary[name](s, "x", "y");
  return known.size;
}

/** Operations a value, and a hash of the results at 20,000 operands: both change only on purpose. */
const expected: Record<Name, { float32: [number, string]; float64: [number, string] }> = {
  exp: { float32: [27, "fec64fd6"], float64: [37, "eb0edb81"] },
  expm1: { float32: [31, "26f11f43"], float64: [41, "982c7ecb"] },
  log: { float32: [42, "4ee0a003"], float64: [45, "00dd80ab"] },
  log1p: { float32: [43, "8e15c497"], float64: [46, "7cf305ae"] },
  log1mexp: { float32: [79, "221fbbcd"], float64: [92, "30b112a1"] },
  tanh: { float32: [35, "0f0805ae"], float64: [51, "4c720f5a"] },
  sigmoid: { float32: [31, "ab641dc9"], float64: [41, "6439a544"] },
  logSigmoid: { float32: [50, "900148f4"], float64: [71, "c15ec7b8"] },
  softplus: { float32: [48, "a0821bf8"], float64: [69, "03878805"] },
  erf: { float32: [46, "a711f753"], float64: [87, "913ac73a"] },
  atan: { float32: [31, "614672f3"], float64: [47, "330b1655"] },
  pow: { float32: [200, "decc4104"], float64: [218, "f702c45f"] },
  xlogy: { float32: [47, "9e4de4d0"], float64: [50, "0e3c413e"] },
  xlog1py: { float32: [48, "a66dd395"], float64: [51, "58ae2c6e"] },
  sign: { float32: [4, "71d16ec5"], float64: [4, "cc36f145"] },
};

describe.each(["float32", "float64"] as const)("fixed sequences, %s", (precision) => {
  it.each(names)("%s has its length and its bits", (name) => {
    expect([countOperations(name, precision), fingerprint(name, precision, 20_000)]).toEqual(expected[name][precision]);
  });

  it.each(["expm1", "tanh", "erf", "atan", "sign", "log1p"] as const)("%s keeps the sign of its operand", (name) => {
    const s = scalars[precision];
    for (const x of [-0, 0, -(2 ** -149), 2 ** -149, -0.9, 0.9]) {
      expect(Object.is(Math.sign(elementary[name](s, x)), Math.sign(x)), `${name}(${x})`).toBe(true);
    }
  });

  it.each([
    ["tanh", -1, 1],
    ["erf", -1, 1],
    ["atan", -1.5707963705062866, 1.5707963705062866],
    ["sigmoid", 0, 1],
    ["expm1", -1, Infinity],
  ] as const)("%s stays from %d to %d", (name, least, most) => {
    const s = scalars[precision];
    let count = 0;
    for (const x of points(formats[precision], truths[name] as (typeof truths)[string], 100_000)) {
      const y = elementary[name](s, x);
      if (!(least <= y && y <= most)) expect.fail(`${name}(${x}) = ${y}`);
      count++;
    }
    expect(count).toBeGreaterThanOrEqual(100_000);
  });
});
