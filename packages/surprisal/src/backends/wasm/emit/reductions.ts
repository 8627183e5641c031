/** Row reductions in sixteen logical lanes: accumulators while walking, a fixed tree at the end. */
import type { DType } from "../../../base/dtype.ts";
import { elementBytes, type RowReduction } from "../../../compile/kernel.ts";
import type { FunctionWriter, Local, SimdOp } from "../assembler.ts";
import { addBlocks } from "./trees.ts";
import { int32Bytes, type Lanes, pushConstant, simpleOp } from "./vectors.ts";

/** Shuffles that bring lanes i+2 and i+1 (of four), or i+1 (of two), down to lane i; and lane 0 everywhere. */
const down8 = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const down4 = [4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7];
const first4 = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3];
const first8 = [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7];

interface Pair {
  readonly value: Local;
  /** For argmax: the position, in full-width lanes. */
  readonly index: Local | undefined;
}

export class Accumulator {
  readonly reduction: RowReduction;
  readonly #f: FunctionWriter;
  readonly #lanes: Lanes;
  /** One for each vector of the sixteen lanes. */
  readonly #parts: readonly Pair[];
  /** dtype of what is reduced, which for argmax is not that of the result. */
  readonly #dtype: DType;

  constructor(f: FunctionWriter, reduction: RowReduction, lanes: Lanes, vectors: number) {
    this.#f = f;
    this.reduction = reduction;
    this.#lanes = lanes;
    this.#dtype = reduction.source.dtype;
    this.#parts = Array.from({ length: vectors }, () => ({
      value: f.local("v128"),
      index: reduction.kind === "argmax" ? f.local("v128") : undefined,
    }));
  }

  #identity(): number {
    if (this.reduction.kind === "sum") return 0;
    return this.#dtype === "int32" ? -0x80000000 : Number.NEGATIVE_INFINITY;
  }

  clear(): void {
    for (const { value, index } of this.#parts) {
      pushConstant(this.#f, this.#identity(), this.#dtype);
      this.#f.set(value);
      if (index === undefined) continue;
      // Later than any real position, so a row of −∞ still answers with its first.
      pushConstant(this.#f, 0x7fffffff, "int32");
      if (this.#lanes === 2) this.#f.simd("i64x2.extend_low_i32x4_s");
      this.#f.set(index);
    }
  }

  /** Takes the vector on the stack into the k-th vector of lanes. */
  take(k: number, active: number, pushPosition: () => void): void {
    const f = this.#f;
    const part = this.#parts[k] as Pair;
    const taken = f.local("v128");
    if (active < this.#lanes) this.#mask(active);
    f.set(taken);
    if (part.index === undefined) {
      this.#combine(part.value, taken);
    } else {
      const position = f.local("v128");
      pushPosition();
      f.simd("i32x4.splat");
      f.bytes16("v128.const", int32Bytes([0, 1, 2, 3]));
      f.simd("i32x4.add");
      if (active < this.#lanes) this.#maskPosition(active);
      if (this.#lanes === 2) f.simd("i64x2.extend_low_i32x4_s");
      f.set(position);
      this.#combinePositions(part, { value: taken, index: position });
      f.release(position);
    }
    f.release(taken);
  }

  /** Gives lanes that are not real the identity. */
  #mask(active: number): void {
    const f = this.#f;
    pushConstant(f, this.#identity(), this.#dtype);
    f.bytes16("v128.const", activeBytes(active, elementBytes(this.#dtype)));
    f.simd("v128.bitselect");
  }

  #maskPosition(active: number): void {
    const f = this.#f;
    pushConstant(f, 0x7fffffff, "int32");
    f.bytes16("v128.const", activeBytes(active, 4));
    f.simd("v128.bitselect");
  }

  /** into = into ∘ other. A NaN in either stays. */
  #combine(into: Local, other: Local): void {
    const f = this.#f;
    if (this.reduction.kind === "sum") {
      f.get(into);
      f.get(other);
      f.simd(simpleOp("add", this.#dtype));
      f.set(into);
      return;
    }
    f.get(into);
    f.get(other);
    f.simd(simpleOp("max", this.#dtype));
    if (this.#dtype !== "int32") {
      f.get(other);
      f.get(other);
      f.get(other);
      f.simd(this.#dtype === "float64" ? "f64x2.eq" : "f32x4.eq");
      f.simd("v128.bitselect");
    }
    f.set(into);
  }

  /** Takes the other pair where its value is larger (NaN is largest), or equal and earlier. */
  #combinePositions(into: Pair, other: Pair): void {
    const f = this.#f;
    const [a, i, b, j] = [into.value, into.index as Local, other.value, other.index as Local];
    const eq = (x: Local, y: Local) => this.#compare("eq", x, y);
    const notNumber = (x: Local) => {
      eq(x, x);
      f.simd("v128.not");
    };
    const better = f.local("v128");
    this.#compare("lt", a, b);
    if (this.#dtype !== "int32") {
      notNumber(b);
      eq(a, a);
      f.simd("v128.and");
      f.simd("v128.or");
    }
    eq(a, b);
    if (this.#dtype !== "int32") {
      notNumber(a);
      notNumber(b);
      f.simd("v128.and");
      f.simd("v128.or");
    }
    f.get(j);
    f.get(i);
    f.simd(this.#lanes === 2 ? "i64x2.lt_s" : "i32x4.lt_s");
    f.simd("v128.and");
    f.simd("v128.or");
    f.set(better);
    for (const [x, y, narrow] of [
      [a, b, this.#lanes === 2 && this.#dtype !== "float64"],
      [i, j, false],
    ] as const) {
      f.get(y);
      f.get(x);
      f.get(better);
      if (narrow) {
        f.get(better);
        f.bytes16("i8x16.shuffle", [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
      }
      f.simd("v128.bitselect");
      f.set(x);
    }
    f.release(better);
  }

  /** Pushes a full-width mask. */
  #compare(op: "eq" | "lt", x: Local, y: Local): void {
    const f = this.#f;
    f.get(x);
    f.get(y);
    const name =
      this.#dtype === "int32"
        ? op === "lt"
          ? "i32x4.lt_s"
          : "i32x4.eq"
        : `${this.#dtype === "float64" ? "f64x2" : "f32x4"}.${op}`;
    f.simd(name as SimdOp);
    if (this.#lanes === 2 && this.#dtype !== "float64") f.simd("i64x2.extend_low_i32x4_s");
  }

  #join(into: Pair, other: Pair): void {
    if (into.index === undefined) this.#combine(into.value, other.value);
    else this.#combinePositions(into, other);
  }

  /** The sixteen lanes into lane 0 of the first vector. */
  #tree(): Pair {
    const f = this.#f;
    for (let half = this.#parts.length / 2; half >= 1; half /= 2) {
      for (let k = 0; k < half; k++) this.#join(this.#parts[k] as Pair, this.#parts[k + half] as Pair);
    }
    const total = this.#parts[0] as Pair;
    const wide = this.#dtype === "float64" || this.#lanes === 2;
    const moved: Pair = { value: f.local("v128"), index: total.index && f.local("v128") };
    const bring = (shuffle: readonly number[], indexShuffle: readonly number[]) => {
      for (const [from, to, bytes] of [
        [total.value, moved.value, shuffle],
        [total.index, moved.index, indexShuffle],
      ] as const) {
        if (from === undefined || to === undefined) continue;
        f.get(from);
        f.get(from);
        f.bytes16("i8x16.shuffle", bytes);
        f.set(to);
      }
      this.#join(total, moved);
    };
    if (!wide) bring(down8, down8);
    // Two lanes are left: next to each other by the value's own width, by eight bytes for positions of wide kernels.
    bring(this.#dtype === "float64" ? down8 : down4, this.#lanes === 2 ? down8 : down4);
    f.release(moved.value);
    if (moved.index !== undefined) f.release(moved.index);
    return total;
  }

  /** Writes the block's sum behind those before it. */
  storeBlock(address: number, block: Local): void {
    const f = this.#f;
    const total = this.#tree();
    f.get(block);
    f.i32(elementBytes(this.#dtype));
    f.op("i32.mul");
    f.get(total.value);
    f.memory(elementBytes(this.#dtype) === 8 ? "v128.store64_lane" : "v128.store32_lane", address, 0);
  }

  /** After the last block: their sum becomes the accumulator. */
  joinBlocks(address: number, count: number): void {
    const f = this.#f;
    addBlocks(f, address, count, 1, this.#dtype);
    f.i32(0);
    f.memory(elementBytes(this.#dtype) === 8 ? "v128.load64_zero" : "v128.load32_zero", address);
    f.set((this.#parts[0] as Pair).value);
  }

  /** The result in every lane. The caller owns the local. */
  finish(): Local {
    const f = this.#f;
    const total = this.#tree();
    const result = f.local("v128");
    const from = total.index ?? total.value;
    f.get(from);
    f.get(from);
    f.bytes16("i8x16.shuffle", this.reduction.dtype === "float64" ? first8 : first4);
    f.set(result);
    for (const { value, index } of this.#parts) {
      f.release(value);
      if (index !== undefined) f.release(index);
    }
    return result;
  }
}

/** Ones in the bytes of the first lanes. */
function activeBytes(active: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => (i < active * bytes ? 0xff : 0));
}
