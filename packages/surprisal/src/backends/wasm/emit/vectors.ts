/**
 * Kernel expressions as vector code. A kernel works on `lanes` elements at a time: four, or two if any of its values is
 * float64. A value of the narrower types then sits in the low lanes of its vector. Masks always have one full-width lane an
 * element. Scalars are vectors with equal lanes, and a tail is a vector of which some lanes are neither loaded nor stored, so
 * body, tail and scalar code have the same bits.
 */
import type { DType } from "../../../base/dtype.ts";
import type { Access, Expression, KernelBuffer, RowReduction } from "../../../compile/kernel.ts";
import { elementBytes } from "../../../compile/kernel.ts";
import type { FunctionWriter, Local, SimdOp } from "../assembler.ts";

export type Lanes = 2 | 4;

/** How an expression reaches memory and row values; each loop nest has its own. */
export interface Surroundings {
  readonly lanes: Lanes;
  /** How many of the lanes are real. */
  readonly active: number;
  addressOf(buffer: KernelBuffer): number;
  /** Pushes the byte address of an access at the current index, all but a constant part, which is returned. */
  pushAddress(access: Access): number;
  /** Pushes the int32 value of an index expression at the first lane. */
  pushIndex(offset: number, strides: readonly number[]): void;
  reduced(reduction: RowReduction): Local;
  accumulator(): void;
}

const float = (dtype: DType) => (dtype === "float64" ? "f64x2" : "f32x4");

/** Pushes expressions, each shared one computed once. Owns the locals that hold them. */
export class VectorWriter {
  readonly #f: FunctionWriter;
  readonly #held = new Map<Expression, Local>();
  readonly #uses: ReadonlyMap<Expression, number>;
  readonly #around: Surroundings;
  readonly #outer: VectorWriter | undefined;

  /** `outer` holds what an enclosing loop has computed already. */
  constructor(f: FunctionWriter, around: Surroundings, uses: ReadonlyMap<Expression, number>, outer?: VectorWriter) {
    this.#f = f;
    this.#around = around;
    this.#uses = uses;
    this.#outer = outer;
  }

  #find(e: Expression): Local | undefined {
    for (let writer: VectorWriter | undefined = this; writer !== undefined; writer = writer.#outer) {
      const held = writer.#held.get(e);
      if (held !== undefined) return held;
    }
    return undefined;
  }

  /** Computes an expression into a local that stays until `release`. */
  hold(e: Expression): Local {
    const known = this.#find(e);
    if (known !== undefined) return known;
    this.#compute(e);
    const local = this.#f.local("v128");
    this.#f.set(local);
    this.#held.set(e, local);
    return local;
  }

  push(e: Expression): void {
    const known = this.#find(e);
    if (known !== undefined) this.#f.get(known);
    else if (e.kind !== "constant" && (this.#uses.get(e) ?? 0) > 1) this.#f.get(this.hold(e));
    else this.#compute(e);
  }

  release(): void {
    this.#f.release(...this.#held.values());
    this.#held.clear();
  }

  #compute(e: Expression): void {
    const f = this.#f;
    if (e.kind === "constant") pushConstant(f, e.value, e.dtype);
    else if (e.kind === "load") this.#load(e.access, e.dtype);
    else if (e.kind === "index") this.#index(e.offset, e.strides);
    else if (e.kind === "reduced") f.get(this.#around.reduced(e.reduction));
    else if (e.kind === "accumulator") this.#around.accumulator();
    else this.#operation(e);
  }

  #load(access: Access, dtype: DType): void {
    const { lanes } = this.#around;
    loadLanes(this.#f, this.#around, access, dtype);
    // Booleans lie in memory as 0 or 1 and work as masks.
    if (dtype === "bool") {
      pushConstant(this.#f, 0, "int32");
      this.#f.simd("i32x4.eq");
      this.#f.simd("v128.not");
      if (lanes === 2) this.#f.simd("i64x2.extend_low_i32x4_s");
    }
  }

  #index(offset: number, strides: readonly number[]): void {
    const step = strides.at(-1) ?? 0;
    this.#around.pushIndex(offset, strides);
    this.#f.simd("i32x4.splat");
    if (step === 0) return;
    this.#f.bytes16("v128.const", int32Bytes([0, step, 2 * step, 3 * step]));
    this.#f.simd("i32x4.add");
  }

  #operation(e: Extract<Expression, { kind: "op" }>): void {
    const f = this.#f;
    const first = e.args[0] as Expression;
    if (e.op === "cast") {
      this.push(first);
      this.#cast(first.dtype, e.dtype);
      return;
    }
    if (e.op === "select") {
      const [mask, a, b] = e.args as readonly [Expression, Expression, Expression];
      this.push(a);
      this.push(b);
      this.push(mask);
      this.#fitMask(e.dtype);
      f.simd("v128.bitselect");
      return;
    }
    if (e.op === "copySign") {
      this.push(e.args[1] as Expression);
      this.push(first);
      f.bytes16("v128.const", signBytes(e.dtype));
      f.simd("v128.bitselect");
      return;
    }
    for (const arg of e.args) this.push(arg);
    if (e.op === "equal" || e.op === "less" || e.op === "lessEqual") this.#compare(e.op, first.dtype);
    else if (e.op === "shiftLeft" || e.op === "shiftRight") {
      f.i32(e.bits ?? 0);
      f.simd(e.op === "shiftLeft" ? "i32x4.shl" : "i32x4.shr_u");
    } else if (e.op === "pow2") this.#pow2(e.dtype);
    else if (e.op === "exponent") this.#exponent(e.dtype);
    else if (e.op === "significand") this.#significand(e.dtype);
    else f.simd(simpleOp(e.op, e.dtype));
  }

  /** A mask of full-width lanes, as a selector of the type's own lanes. */
  #fitMask(dtype: DType): void {
    if (this.#around.lanes === 2 && (dtype === "float32" || dtype === "int32")) {
      const [v, same] = [this.#f.local("v128"), this.#f];
      same.tee(v);
      same.get(v);
      // The low half of each 64-bit lane, side by side.
      same.bytes16("i8x16.shuffle", [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
      same.release(v);
    }
  }

  #compare(op: "equal" | "less" | "lessEqual", dtype: DType): void {
    const name = { equal: "eq", less: dtype === "int32" ? "lt_s" : "lt", lessEqual: dtype === "int32" ? "le_s" : "le" }[
      op
    ];
    if (dtype === "bool") {
      // Equal masks are those whose difference is nothing.
      this.#f.simd("v128.xor");
      this.#f.simd("v128.not");
      return;
    }
    this.#f.simd(`${dtype === "int32" ? "i32x4" : float(dtype)}.${name}` as SimdOp);
    if (this.#around.lanes === 2 && dtype !== "float64") this.#f.simd("i64x2.extend_low_i32x4_s");
  }

  #cast(from: DType, to: DType): void {
    const f = this.#f;
    if (from === to) return;
    if (to === "bool") {
      pushConstant(f, 0, from);
      this.#compare("equal", from);
      f.simd("v128.not");
    } else if (from === "bool") {
      const mask = f.local("v128");
      f.set(mask);
      pushConstant(f, 1, to);
      pushConstant(f, 0, to);
      f.get(mask);
      this.#fitMask(to);
      f.simd("v128.bitselect");
      f.release(mask);
    } else f.simd(casts[`${from}>${to}` as keyof typeof casts]);
  }

  #pow2(dtype: DType): void {
    const f = this.#f;
    if (dtype === "float32") {
      f.simd("i32x4.trunc_sat_f32x4_s");
      f.bytes16("v128.const", int32Bytes([127, 127, 127, 127]));
      f.simd("i32x4.add");
      f.i32(23);
      f.simd("i32x4.shl");
      return;
    }
    f.simd("i32x4.trunc_sat_f64x2_s_zero");
    f.simd("i64x2.extend_low_i32x4_s");
    f.bytes16("v128.const", int32Bytes([1023, 0, 1023, 0]));
    f.simd("i64x2.add");
    f.i32(52);
    f.simd("i64x2.shl");
  }

  #exponent(dtype: DType): void {
    const f = this.#f;
    if (dtype === "float32") {
      f.i32(23);
      f.simd("i32x4.shr_u");
      f.bytes16("v128.const", int32Bytes([127, 127, 127, 127]));
      f.simd("i32x4.sub");
      f.simd("f32x4.convert_i32x4_s");
      return;
    }
    f.i32(52);
    f.simd("i64x2.shr_u");
    const v = f.local("v128");
    f.tee(v);
    f.get(v);
    f.bytes16("i8x16.shuffle", [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
    f.release(v);
    f.bytes16("v128.const", int32Bytes([1023, 1023, 1023, 1023]));
    f.simd("i32x4.sub");
    f.simd("f64x2.convert_low_i32x4_s");
  }

  #significand(dtype: DType): void {
    const f = this.#f;
    const mask = dtype === "float32" ? [0x7fffff, 0x7fffff, 0x7fffff, 0x7fffff] : [-1, 0xfffff, -1, 0xfffff];
    const one = dtype === "float32" ? Array(4).fill(0x3f800000) : [0, 0x3ff00000, 0, 0x3ff00000];
    f.bytes16("v128.const", int32Bytes(mask));
    f.simd("v128.and");
    f.bytes16("v128.const", int32Bytes(one));
    f.simd("v128.or");
  }
}

const casts = {
  "float32>float64": "f64x2.promote_low_f32x4",
  "float64>float32": "f32x4.demote_f64x2_zero",
  "int32>float32": "f32x4.convert_i32x4_s",
  "int32>float64": "f64x2.convert_low_i32x4_s",
  "float32>int32": "i32x4.trunc_sat_f32x4_s",
  "float64>int32": "i32x4.trunc_sat_f64x2_s_zero",
} as const satisfies Record<string, SimdOp>;

const bitwise: Readonly<Record<string, SimdOp>> = {
  and: "v128.and",
  or: "v128.or",
  not: "v128.not",
  xor: "v128.xor",
  bitOr: "v128.or",
};
const integers: Readonly<Record<string, SimdOp>> = {
  add: "i32x4.add",
  sub: "i32x4.sub",
  mul: "i32x4.mul",
  neg: "i32x4.neg",
  abs: "i32x4.abs",
  min: "i32x4.min_s",
  max: "i32x4.max_s",
};

export function simpleOp(op: string, dtype: DType): SimdOp {
  const bits = bitwise[op];
  if (bits !== undefined) return bits;
  if (dtype === "int32") return integers[op] as SimdOp;
  // The interface asks for b < a ? b : a, which is what pmin computes.
  const name = op === "min" ? "pmin" : op === "max" ? "pmax" : op;
  return `${float(dtype)}.${name}` as SimdOp;
}

export function int32Bytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

function signBytes(dtype: DType): Uint8Array {
  // bitselect(sign, magnitude, mask): the sign's top bit, the magnitude's others.
  return int32Bytes(dtype === "float64" ? [0, -0x80000000, 0, -0x80000000] : Array(4).fill(-0x80000000));
}

/** Sixteen bytes under the views of each type; what is written there is copied at once. */
const lanesOf16 = new Float64Array(2);
const sixteen = {
  float64: lanesOf16,
  float32: new Float32Array(lanesOf16.buffer),
  int32: new Int32Array(lanesOf16.buffer),
  bool: new Int32Array(lanesOf16.buffer),
  bytes: new Uint8Array(lanesOf16.buffer),
};

/** The same number in every lane of its type. */
export function pushConstant(f: FunctionWriter, value: number, dtype: DType): void {
  sixteen[dtype].fill(dtype === "bool" ? (value === 0 ? 0 : -1) : value);
  f.bytes16("v128.const", sixteen.bytes);
}

/** Pushes `active` elements of an access, the rest 0; equal lanes where the access stands still. */
export function loadLanes(f: FunctionWriter, around: Surroundings, access: Access, dtype: DType): void {
  const { active } = around;
  const bytes = elementBytes(dtype);
  const step = access.strides.at(-1) ?? 0;
  const offset = around.pushAddress(access);
  if (step === 0) {
    f.memory(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", offset);
    return;
  }
  const whole = active * bytes;
  if (step === 1 && whole === 16) {
    f.memory("v128.load", offset);
    return;
  }
  const address = f.local("i32");
  f.set(address);
  f.get(address);
  if (step === 1 && bytes === 4 && active >= 2) {
    f.memory("v128.load64_zero", offset);
    if (active === 3) laneLoad(f, address, offset + 8, 2, 4);
  } else {
    f.memory(bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", offset);
    for (let lane = 1; lane < active; lane++) laneLoad(f, address, offset + lane * step * bytes, lane, bytes);
  }
  f.release(address);
}

/** vector on the stack → vector with one lane loaded. Offsets may be negative where strides are. */
function laneLoad(f: FunctionWriter, address: Local, offset: number, lane: number, bytes: number): void {
  const vector = f.local("v128");
  f.set(vector);
  f.get(address);
  f.get(vector);
  f.memory(bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", offset, lane);
  f.release(vector);
}

/** Stores the first `active` lanes of a vector. */
export function storeLanes(
  f: FunctionWriter,
  around: Surroundings,
  access: Access,
  vector: Local,
  active: number,
): void {
  const { dtype } = access.buffer;
  const bytes = elementBytes(dtype);
  const step = access.strides.at(-1) ?? 0;
  if (step === 1 && active * bytes === 16) {
    const offset = around.pushAddress(access);
    f.get(vector);
    f.memory("v128.store", offset);
    return;
  }
  const address = f.local("i32");
  const offset = around.pushAddress(access);
  f.set(address);
  const pairs = step === 1 && bytes === 4 && active >= 2;
  if (pairs) {
    f.get(address);
    f.get(vector);
    f.memory("v128.store64_lane", offset, 0);
  }
  for (let lane = pairs ? 2 : 0; lane < active; lane++) {
    f.get(address);
    f.get(vector);
    f.memory(bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", offset + lane * step * bytes, lane);
  }
  f.release(address);
}

/** How often each expression that is no constant is used, below these roots. */
export function countUses(roots: readonly Expression[]): Map<Expression, number> {
  const uses = new Map<Expression, number>();
  const visit = (e: Expression): void => {
    // A constant is pushed wherever it is used.
    if (e.kind === "constant") return;
    const before = uses.get(e) ?? 0;
    uses.set(e, before + 1);
    if (before === 0 && e.kind === "op") e.args.forEach(visit);
  };
  roots.forEach(visit);
  return uses;
}

/** Whether any value below is float64, which halves the lanes. */
export function needsWideLanes(roots: readonly Expression[]): boolean {
  const seen = new Set<Expression>();
  const visit = (e: Expression): boolean => {
    if (e.dtype === "float64") return true;
    if (e.kind === "constant" || seen.has(e)) return false;
    seen.add(e);
    if (e.kind === "op") return e.args.some(visit);
    return e.kind === "reduced" && visit(e.reduction.source);
  };
  return roots.some(visit);
}
