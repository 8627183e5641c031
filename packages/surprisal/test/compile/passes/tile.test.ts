/** How products are cut: every column in one strip, every tile in the registers, every part of the workspace on its own. */
import { describe, expect, test } from "vitest";
import type { ContractionKernel } from "../../../src/compile/kernel.ts";
import { lower } from "../../../src/compile/lower.ts";
import type { TargetProperties } from "../../../src/compile/target.ts";
import * as g from "../../../src/graph/index.ts";
import { lowered, programOf, target } from "../lowering.ts";

function product(m: number, n: number, k: number, transposeB = false, properties: TargetProperties = target) {
  const [a, b] = [g.input("a", "float32", [m, k]), g.input("b", "float32", transposeB ? [n, k] : [k, n])];
  const { program } = lower(programOf([g.matmul(a, b, { transposeB })]), properties);
  return program.kernels[0] as ContractionKernel;
}

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 20, 28, 29, 33, 64, 65, 100, 169, 170, 500];

describe.each([15, 14, 11])("with %i registers", (registers) => {
  test("strips cover the columns once, and one k of a tile fits", () => {
    let seen = 0;
    for (const m of sizes) {
      for (const n of sizes.filter((n) => n > 1)) {
        const { tiling } = product(m, n, 40, false, { ...target, registers });
        let column = 0;
        for (const group of tiling.groups) {
          const width = group.vectors * 4;
          expect(group.from).toBe(column);
          expect(group.columns).toBeLessThanOrEqual(group.strips * width);
          if (group.columns < group.strips * width) expect(group.strips).toBe(1);
          expect(group.rows * group.vectors + group.rows + group.vectors).toBeLessThanOrEqual(registers);
          // Where there is more than one block of rows, a block is a whole number of tiles.
          if (tiling.block < m) expect(tiling.block % group.rows).toBe(0);
          column += group.columns;
          seen++;
        }
        expect(column).toBe(n);
      }
    }
    expect(seen).toBeGreaterThan(sizes.length * (sizes.length - 1));
  });
});

test("the tiles of ordinary shapes", () => {
  const tiles = (m: number, n: number, k = 64) =>
    product(m, n, k).tiling.groups.map(({ rows, vectors, strips }) => `${rows}×${vectors}·${strips}`);
  expect(tiles(64, 64)).toEqual(["2×4·4"]);
  expect(tiles(33, 12)).toEqual(["3×3·1"]);
  expect(tiles(32, 3)).toEqual(["7×1·1"]);
  expect(tiles(1, 28)).toEqual(["1×7·1"]);
});

test("stretches of k are of nearly one length, and only where the right operand is copied", () => {
  const whole = product(100, 500, 256).tiling;
  expect([whole.stretch, whole.groups.map(({ right }) => right)]).toEqual([256, whole.groups.map(() => "packed")]);
  expect(product(100, 500, 257).tiling.stretch).toBe(132);
  expect(product(100, 8, 500).tiling.stretch).toBe(500);
  expect(product(100, 8, 500, true).tiling.stretch).toBe(252);
});

test("a product with one column is turned, its stores with it", () => {
  const kernel = product(40, 1, 6);
  expect([kernel.m, kernel.n, kernel.k]).toEqual([1, 40, 6]);
  expect([kernel.b.rowStride, kernel.b.columnStride]).toEqual([1, 6]);
  expect(kernel.tiling.groups.every(({ right }) => right === "alongK")).toBe(true);
  expect(kernel.stores.map(({ access }) => access.strides)).toEqual([[0, 1]]);
});

test("the workspace holds its parts one after another", () => {
  for (const [m, n, k] of [
    [500, 500, 600],
    [9, 3000, 700],
    [13, 21, 1025],
  ] as const) {
    const [a, b] = [g.input("a", "float32", [k, m]), g.input("b", "float32", [k, n])];
    const kernel = lowered([g.matmul(a, b, { transposeA: true })]).program.kernels[0] as ContractionKernel;
    const { groups, stretch, block, leftStride, workspace } = kernel.tiling;
    for (const { rows, vectors, heldStrips, left } of groups) {
      const width = vectors * 4;
      expect(workspace.left - workspace.right).toBeGreaterThanOrEqual(heldStrips * width * stretch);
      if (left === "packed") expect(workspace.unfinished - workspace.left).toBeGreaterThanOrEqual(block * leftStride);
      expect(workspace.tile - workspace.unfinished).toBeGreaterThanOrEqual(
        stretch < k ? Math.ceil(m / rows) * rows * heldStrips * width : 0,
      );
      expect(workspace.elements - workspace.tile).toBeGreaterThanOrEqual(rows * width);
      // What is copied at one time is bounded, however many columns there are.
      expect(heldStrips * width * stretch * 4).toBeLessThanOrEqual(4 * 2 ** 20);
    }
    expect(kernel.workspace.elements).toBe(workspace.elements);
  }
});
