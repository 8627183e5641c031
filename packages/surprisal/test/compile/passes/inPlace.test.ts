/** inPlace: which results may lie where an operand lay, on kernels built by hand. */
import { describe, expect, test } from "vitest";
import type { DType } from "../../../src/base/dtype.ts";
import type { Expression, KernelBuffer, NestKernel, Phase } from "../../../src/compile/kernel.ts";
import { mayReplace } from "../../../src/compile/passes/inPlace.ts";
import { plan } from "../../../src/compile/passes/plan.ts";

let serial = 0;
const buffer = (elements: number, dtype: DType = "float32"): KernelBuffer => ({
  id: serial++,
  dtype,
  elements,
  place: { kind: "temporary" },
});
const access = (of: KernelBuffer, strides: readonly number[], offset = 0) => ({ buffer: of, offset, strides });
const load = (of: KernelBuffer, strides: readonly number[] = [8, 1], offset = 0): Expression => ({
  kind: "load",
  access: access(of, strides, offset),
  dtype: of.dtype,
});
const phase = (parts: Partial<Phase>): Phase => ({
  stores: [],
  reductions: [],
  columnSums: [],
  rowStores: [],
  ...parts,
});
const nest = (...phases: Phase[]): NestKernel => ({ family: "row", name: "", ops: [], space: [4, 8], phases });
const store = (into: KernelBuffer, value: Expression, strides: readonly number[] = [8, 1]) => ({
  access: access(into, strides),
  value,
});

describe("a result may take an operand's memory", () => {
  const [x, y] = [buffer(32), buffer(32)];
  const copy = nest(phase({ stores: [store(y, load(x))] }));

  test("where each element is read before it is written, and not again", () => {
    expect(mayReplace(copy, x, y)).toBe(true);
    const sum = phase({ reductions: [{ kind: "sum", source: load(x), dtype: "float32" }] });
    expect(mayReplace(nest(sum, phase({ stores: [store(y, load(x))] })), x, y)).toBe(true);
  });

  test("and the plan does so", () => {
    const first = nest(phase({ stores: [store(x, { kind: "constant", value: 1, dtype: "float32" })] }));
    const { offsets, bytes } = plan({ kernels: [first, copy], buffers: [x, y] });
    expect([offsets.get(x), offsets.get(y), bytes]).toEqual([0, 0, 128]);
    expect(plan({ kernels: [first, copy], buffers: [x, y] }, 64).bytes).toBe(2 * 192);
  });

  test("but not one that is read in another place or later", () => {
    const no = (...phases: Phase[]) => expect(mayReplace(nest(...phases), x, y)).toBe(false);
    no(phase({ stores: [store(y, load(x, [1, 4]))] }));
    no(phase({ stores: [store(y, load(x, [0, 1]))] }));
    no(phase({ stores: [store(y, load(x, [8, 1], 8))] }));
    no(phase({ stores: [store(y, load(x), [1, 4])] }));
    no(phase({ stores: [store(y, load(x))] }), phase({ stores: [store(buffer(32), load(x))] }));
    no(phase({ stores: [store(y, load(x))], rowStores: [store(buffer(4), load(x), [1, 0])] }));
    no(phase({ stores: [store(y, load(x)), store(x, load(x))] }));
    no(phase({ columnSums: [{ value: load(x), into: access(y, [0, 1]) }] }));
    // Every element of a shorter row is read again in the next.
    no(
      phase({ stores: [store(y, load(x))], reductions: [{ kind: "sum", source: load(x, [0, 1]), dtype: "float32" }] }),
    );
  });

  test("but not one whose elements are wider", () => {
    const wide = buffer(32, "float64");
    expect(mayReplace(nest(phase({ stores: [store(wide, load(x))] })), x, wide)).toBe(false);
  });
});
