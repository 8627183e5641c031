/** Packs a stretch of a contraction's right operand: panels as wide as the register tile, k by k, columns beyond the last 0. */
import type { MatrixAccess } from "../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { bytesOf, type Lanes, pushConstant } from "./vectors.ts";

export interface Packing {
  readonly dtype: "float32" | "float64";
  readonly lanes: Lanes;
  /** Columns of a panel. */
  readonly width: number;
  readonly matrix: MatrixAccess;
  /** Address of the operand's first element, and of the panels. */
  readonly source: number;
  /** Bytes to add to it, where the operand is a window of a loop. */
  readonly moved?: Local | undefined;
  readonly panels: number;
  /** First k and how many; columns in all. */
  readonly from: number;
  readonly length: number;
  readonly columns: number;
}

export function emitPacking(f: FunctionWriter, p: Packing): void {
  const bytes = bytesOf(p.dtype);
  const base = p.source + (p.matrix.offset + p.from * p.matrix.rowStride) * bytes;
  const [source, target] = [f.local("i32"), f.local("i32")];
  const whole = Math.floor(p.columns / p.width);
  const stretch = (width: number) => {
    const counter = f.local("i32");
    f.repeat(p.length, counter, 1, () => {
      for (let c = 0; c < p.width; c += p.lanes) packVector(f, p, base, source, target, c, width);
      advance(f, source, p.matrix.rowStride * bytes);
      advance(f, target, p.width * bytes);
    });
    f.release(counter);
  };
  const setSource = () => {
    if (p.moved !== undefined) {
      f.get(p.moved);
      f.op("i32.add");
    }
    f.set(source);
  };
  f.i32(0);
  f.set(target);
  const panel = f.local("i32");
  f.repeat(whole, panel, 1, () => {
    f.get(panel);
    f.i32(p.width * p.matrix.columnStride * bytes);
    f.op("i32.mul");
    setSource();
    stretch(p.width);
  });
  if (p.columns % p.width > 0) {
    f.i32(whole * p.width * p.matrix.columnStride * bytes);
    setSource();
    f.i32(whole * p.length * p.width * bytes);
    f.set(target);
    stretch(p.columns % p.width);
  }
  f.release(source, target, panel);
}

/** One vector of a panel's row: a vector load where the columns lie side by side, single lanes otherwise. */
function packVector(
  f: FunctionWriter,
  p: Packing,
  base: number,
  source: Local,
  target: Local,
  c: number,
  width: number,
): void {
  const bytes = bytesOf(p.dtype);
  f.get(target);
  if (p.matrix.columnStride === 1 && c + p.lanes <= width) {
    f.get(source);
    f.memory("v128.load", base + c * bytes);
  } else {
    pushConstant(f, 0, p.dtype);
    const vector = f.local("v128");
    for (let lane = 0; lane < p.lanes && c + lane < width; lane++) {
      f.set(vector);
      f.get(source);
      f.get(vector);
      f.memory(
        bytes === 8 ? "v128.load64_lane" : "v128.load32_lane",
        base + (c + lane) * p.matrix.columnStride * bytes,
        lane,
      );
    }
    f.release(vector);
  }
  f.memory("v128.store", p.panels + c * bytes);
}

/** pointer += by */
export function advance(f: FunctionWriter, pointer: Local, by: number): void {
  f.get(pointer);
  f.i32(by);
  f.op("i32.add");
  f.set(pointer);
}
