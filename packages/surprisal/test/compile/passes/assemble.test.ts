/** assemble: kernels of ops that read or write by position. */
import { describe, expect, test } from "vitest";
import type { Kernel, NestKernel } from "../../../src/compile/kernel.ts";
import * as g from "../../../src/graph/index.ts";
import { lowered } from "../lowering.ts";

const x = g.input("x", "float32", [4, 6]);
const kernelsOf = (node: g.Node): readonly Kernel[] => lowered([node]).program.kernels;

/** Space, where it writes and where it reads. */
function moved(kernel: Kernel | undefined) {
  const [store] = (kernel as NestKernel).phases[0]?.stores ?? [];
  const value = store?.value;
  return {
    space: (kernel as NestKernel).space,
    to: [store?.access.offset, ...(store?.access.strides ?? [])],
    from:
      value?.kind === "load"
        ? [value.access.offset, ...value.access.strides]
        : value?.kind === "constant" && value.value,
  };
}

describe("assemble", () => {
  test("gather goes by rows of the source", () => {
    const rows = g.input("rows", "int32", [2, 5]);
    const [kernel] = kernelsOf(g.gather(x, rows));
    expect(kernel).toMatchObject({ family: "gather", sourceRows: 4, count: 10, width: 6, sourceOffset: 0 });
  });

  test("gather reads a reshape where it lies", () => {
    const [kernel, more] = kernelsOf(g.gather(g.reshape(x, [8, 3]), g.input("rows", "int32", [2])));
    expect(kernel).toMatchObject({ family: "gather", sourceRows: 8, count: 2, width: 3 });
    expect(more).toBeUndefined();
  });

  test("gather copies a transpose first", () => {
    const kernels = kernelsOf(g.gather(g.transpose(x), g.input("rows", "int32", [2])));
    expect(kernels.map(({ family }) => family)).toEqual(["map", "gather"]);
  });

  test("scatterAdd names rows of the result", () => {
    const rows = g.input("rows", "int32", [4]);
    const [kernel] = kernelsOf(g.scatterAdd(rows, x, 9));
    expect(kernel).toMatchObject({ family: "scatterAdd", rows: 9, count: 4, width: 6 });
  });

  test("pad fills, then copies into the block", () => {
    const [fill, block, more] = kernelsOf(g.pad(x, [1, 0], [0, 3], -2));
    expect(moved(fill)).toEqual({ space: [45], to: [0, 1], from: -2 });
    expect(moved(block)).toEqual({ space: [4, 6], to: [9, 9, 1], from: [0, 6, 1] });
    expect(more).toBeUndefined();
  });

  test("concat copies part after part", () => {
    const parts = kernelsOf(g.concat([x, g.transpose(g.input("t", "float32", [6, 4])), x], 0));
    expect(parts.map(moved)).toEqual([
      { space: [24], to: [0, 1], from: [0, 1] },
      { space: [4, 6], to: [24, 6, 1], from: [0, 1, 4] },
      { space: [24], to: [48, 1], from: [0, 1] },
    ]);
  });

  test("concat along the columns writes into blocks of rows", () => {
    const parts = kernelsOf(g.concat([x, g.slice(x, [0, 2], [4, 3])], 1));
    expect(parts.map(moved)).toEqual([
      { space: [4, 6], to: [0, 9, 1], from: [0, 6, 1] },
      { space: [4, 3], to: [6, 9, 1], from: [2, 6, 1] },
    ]);
  });
});
