/** The innermost loops of a product: k, for one tile whose sums are in registers. */
import type { FunctionWriter, Local } from "../../assembler.ts";
import { advance, assign, countDown, whileWithin } from "../loops.ts";
import { simpleOp } from "../vectors.ts";
import { loadPart, turnBlock } from "./blocks.ts";
import type { Strip, Walk } from "./walk.ts";

/** sum += left · right, rounded once or twice. */
export function multiplyAdd(
  f: FunctionWriter,
  { fused, kernel: { dtype } }: { readonly fused: boolean; readonly kernel: { readonly dtype: "float32" | "float64" } },
  sum: Local,
  left: Local,
  right: Local,
): void {
  if (fused) {
    f.get(left);
    f.get(right);
    f.get(sum);
    f.simd(dtype === "float64" ? "f64x2.relaxed_madd" : "f32x4.relaxed_madd");
  } else {
    f.get(sum);
    f.get(left);
    f.get(right);
    f.simd(simpleOp("mul", dtype));
    f.simd(simpleOp("add", dtype));
  }
  f.set(sum);
}

/**
 * Vectors of the right operand's columns, row elements of the left one splatted. One k a round: engines put a block's
 * arithmetic after its loads, and two rounds in a block would hold more loaded values than there are registers.
 */
export function walkK(walk: Walk, { group, right }: Strip, sums: readonly Local[], left: Local): void {
  const { f, kernel, bytes, lanes, length } = walk;
  const { vectors } = group;
  const { a, b, tiling } = kernel;
  const packed = group.right === "packed";
  const rows = sums.length / vectors;
  const rowStride = group.left === "packed" ? tiling.leftStride : a.rowStride;
  const leftStep = (group.left === "packed" ? 1 : a.columnStride) * bytes;
  const rightStep = (packed ? vectors * lanes : b.rowStride) * bytes;
  // Copies are filled up to whole vectors; where the operand lies, something else follows.
  const columns = packed || group.strips > 1 ? vectors * lanes : group.columns;
  const pointer = f.local("i32");
  f.get(right);
  f.set(pointer);
  const rights = Array.from({ length: vectors }, () => f.local("v128"));
  const splat = f.local("v128");
  countDown(f, length, () => {
    rights.forEach((vector, v) => {
      loadPart(f, pointer, v * 16, Math.min(lanes, columns - v * lanes), bytes);
      f.set(vector);
    });
    for (let r = 0; r < rows; r++) {
      f.get(left);
      f.memory(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", r * rowStride * bytes);
      f.set(splat);
      rights.forEach((vector, v) => {
        multiplyAdd(f, walk, sums[r * vectors + v] as Local, splat, vector);
      });
    }
    advance(f, left, leftStep);
    advance(f, pointer, rightStep);
  });
  f.release(pointer, splat, ...rights);
}

/**
 * One row, and a right operand whose columns lie along k: as many k as a vector holds are loaded of as many columns, and the
 * square is turned in registers. Columns beyond the last read the last one again; nobody stores what they give.
 */
export function walkAlongK(walk: Walk, { group, right }: Strip, sums: readonly Local[], left: Local): void {
  const { f, kernel, bytes, lanes, length } = walk;
  const { a, b } = kernel;
  const columns = group.strips === 1 ? group.columns : group.vectors * lanes;
  const offset = (column: number) => Math.min(column, columns - 1) * b.columnStride * bytes;
  const [pointer, done] = [f.local("i32"), f.local("i32")];
  f.get(right);
  f.set(pointer);
  assign(f, done, 0);
  const splat = f.local("v128");
  const round = (ks: number, load: (v: number) => readonly Local[]) => {
    for (let v = 0; v < group.vectors; v++) {
      const turned = load(v);
      for (let k = 0; k < ks; k++) {
        f.get(left);
        f.memory(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", k * a.columnStride * bytes);
        f.set(splat);
        multiplyAdd(f, walk, sums[v] as Local, splat, turned[k] as Local);
      }
      f.release(...turned);
    }
    advance(f, left, ks * a.columnStride * bytes);
    advance(f, pointer, ks * bytes);
    advance(f, done, ks);
  };
  whileWithin(f, done, lanes, length, () => {
    round(lanes, (v) => {
      const loaded = Array.from({ length: lanes }, (_, c) => {
        const vector = f.local("v128");
        f.get(pointer);
        f.memory("v128.load", offset(v * lanes + c));
        f.set(vector);
        return vector;
      });
      return turnBlock(f, loaded, bytes);
    });
  });
  whileWithin(f, done, 1, length, () => {
    round(1, (v) => {
      const vector = f.local("v128");
      f.get(pointer);
      f.memory(bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", offset(v * lanes));
      f.set(vector);
      for (let c = 1; c < lanes; c++) {
        f.get(pointer);
        f.get(vector);
        f.memory(bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", offset(v * lanes + c), c);
        f.set(vector);
      }
      return [vector];
    });
  });
  f.release(pointer, done, splat);
}
