/** Assembles WebAssembly binary modules: bytes out, nothing parsed. Only what the emitter uses is here. */
import { Bytes } from "./bytes.ts";
import { isSymbolic, type RelocatableModule, type Relocation, relocatable, reserve } from "./relocation.ts";

export type WasmType = "i32" | "v128";
const typeCodes: Record<WasmType, number> = { i32: 0x7f, v128: 0x7b };

/** Opcodes behind the SIMD prefix, by their name in the specification. */
const simd = {
  "v128.load": 0x00,
  "v128.load8_splat": 0x07,
  "v128.load32_splat": 0x09,
  "v128.load64_splat": 0x0a,
  "v128.store": 0x0b,
  "v128.const": 0x0c,
  "i8x16.shuffle": 0x0d,
  "i32x4.splat": 0x11,
  "i32x4.extract_lane": 0x1b,
  "i32x4.eq": 0x37,
  "i32x4.lt_s": 0x39,
  "i32x4.le_s": 0x3d,
  "f32x4.eq": 0x41,
  "f32x4.lt": 0x43,
  "f32x4.le": 0x45,
  "f64x2.eq": 0x47,
  "f64x2.lt": 0x49,
  "f64x2.le": 0x4b,
  "v128.not": 0x4d,
  "v128.and": 0x4e,
  "v128.or": 0x50,
  "v128.xor": 0x51,
  "v128.bitselect": 0x52,
  "v128.load32_lane": 0x56,
  "v128.load64_lane": 0x57,
  "v128.store32_lane": 0x5a,
  "v128.store64_lane": 0x5b,
  "v128.load32_zero": 0x5c,
  "v128.load64_zero": 0x5d,
  "f32x4.demote_f64x2_zero": 0x5e,
  "f64x2.promote_low_f32x4": 0x5f,
  "f32x4.floor": 0x68,
  "f32x4.nearest": 0x6a,
  "f64x2.floor": 0x75,
  "f64x2.nearest": 0x94,
  "i32x4.neg": 0xa1,
  "i32x4.shl": 0xab,
  "i32x4.shr_u": 0xad,
  "i32x4.add": 0xae,
  "i32x4.sub": 0xb1,
  "i32x4.mul": 0xb5,
  "i32x4.abs": 0xa0,
  "i32x4.min_s": 0xb6,
  "i32x4.max_s": 0xb8,
  "i64x2.extend_low_i32x4_s": 0xc7,
  "i64x2.shl": 0xcb,
  "i64x2.shr_u": 0xcd,
  "i64x2.add": 0xce,
  "i64x2.lt_s": 0xd8,
  "f32x4.abs": 0xe0,
  "f32x4.neg": 0xe1,
  "f32x4.sqrt": 0xe3,
  "f32x4.add": 0xe4,
  "f32x4.sub": 0xe5,
  "f32x4.mul": 0xe6,
  "f32x4.div": 0xe7,
  "f32x4.pmin": 0xea,
  "f32x4.pmax": 0xeb,
  "f64x2.abs": 0xec,
  "f64x2.neg": 0xed,
  "f64x2.sqrt": 0xef,
  "f64x2.add": 0xf0,
  "f64x2.sub": 0xf1,
  "f64x2.mul": 0xf2,
  "f64x2.div": 0xf3,
  "f64x2.pmin": 0xf6,
  "f64x2.pmax": 0xf7,
  "i32x4.trunc_sat_f32x4_s": 0xf8,
  "f32x4.convert_i32x4_s": 0xfa,
  "i32x4.trunc_sat_f64x2_s_zero": 0xfc,
  "f64x2.convert_low_i32x4_s": 0xfe,
  // Relaxed: whether these round once or twice is the engine's choice (capabilities.ts finds out which).
  "f32x4.relaxed_madd": 0x105,
  "f64x2.relaxed_madd": 0x107,
} as const;
export type SimdOp = keyof typeof simd;

const plain = {
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.and": 0x71,
  "i32.or": 0x72,
  "i32.shl": 0x74,
  "i32.shr_u": 0x76,
  "i32.lt_s": 0x48,
  "i32.gt_s": 0x4a,
  "i32.le_s": 0x4c,
  "i32.lt_u": 0x49,
  "i32.ge_u": 0x4f,
  "i32.gt_u": 0x4b,
  "i32.eqz": 0x45,
  select: 0x1b,
  drop: 0x1a,
} as const;
export type PlainOp = keyof typeof plain;

/** A local variable of the function being written. */
export interface Local {
  readonly index: number;
  readonly type: WasmType;
}

/** Writes one function's body. Every method appends; the stack discipline is the caller's. */
export class FunctionWriter {
  readonly parameters: readonly WasmType[];
  readonly #code = new Bytes();
  readonly #relocations: Relocation[] = [];
  readonly #locals: WasmType[] = [];
  readonly #free: Record<WasmType, Local[]> = { i32: [], v128: [] };

  constructor(parameters: readonly WasmType[] = []) {
    this.parameters = parameters;
  }

  parameter(index: number): Local {
    return { index, type: this.parameters[index] as WasmType };
  }

  local(type: WasmType): Local {
    const reused = this.#free[type].pop();
    if (reused !== undefined) return reused;
    this.#locals.push(type);
    return { index: this.parameters.length + this.#locals.length - 1, type };
  }

  /** Gives a local back for other uses. */
  release(...locals: readonly Local[]): void {
    for (const local of locals) this.#free[local.type].push(local);
  }

  get(local: Local): void {
    this.#code.push(0x20);
    this.#code.unsigned(local.index);
  }

  set(local: Local): void {
    this.#code.push(0x21);
    this.#code.unsigned(local.index);
  }

  tee(local: Local): void {
    this.#code.push(0x22);
    this.#code.unsigned(local.index);
  }

  /** A constant; an address may be symbolic. */
  i32(value: number): void {
    this.#code.push(0x41);
    if (isSymbolic(value)) this.#relocate(value, true);
    else this.#code.signed(value);
  }

  #offset(value: number): void {
    if (isSymbolic(value)) this.#relocate(value, false);
    else this.#code.unsigned(value);
  }

  #relocate(symbolic: number, signed: boolean): void {
    this.#relocations.push({ at: this.#code.length, symbolic, signed });
    reserve(this.#code);
  }

  op(name: PlainOp): void {
    this.#code.push(plain[name]);
  }

  simd(name: SimdOp): void {
    this.#code.push(0xfd);
    this.#code.unsigned(simd[name]);
  }

  /** Loads, stores: an immediate offset is added to the address on the stack. */
  memory(name: SimdOp, offset = 0, lane?: number): void {
    this.simd(name);
    this.#code.push(0);
    this.#offset(offset);
    if (lane !== undefined) this.#code.push(lane);
  }

  lane(name: SimdOp, index: number): void {
    this.simd(name);
    this.#code.push(index);
  }

  /** A vector constant, or shuffle indices: sixteen bytes. */
  bytes16(name: "v128.const" | "i8x16.shuffle", bytes: ArrayLike<number>): void {
    this.simd(name);
    this.#code.append(bytes, 16);
  }

  i32Load(offset = 0): void {
    this.#code.push(0x28, 0);
    this.#offset(offset);
  }

  i32Store(offset = 0): void {
    this.#code.push(0x36, 0);
    this.#offset(offset);
  }

  /** Fills memory: address, byte, length on the stack. */
  memoryFill(): void {
    this.#code.push(0xfc, 11, 0);
  }

  /** Copies memory: to, from, length on the stack. */
  memoryCopy(): void {
    this.#code.push(0xfc, 10, 0, 0);
  }

  call(index: number): void {
    this.#code.push(0x10);
    this.#code.unsigned(index);
  }

  /** A loop whose body ends with a condition on the stack: again while it is not 0. */
  loopWhile(body: () => void): void {
    this.#code.push(0x03, 0x40);
    body();
    this.#code.push(0x0d, 0, 0x0b);
  }

  /** Runs the body when the condition on the stack is not 0. */
  when(body: () => void, otherwise?: () => void): void {
    this.#code.push(0x04, 0x40);
    body();
    if (otherwise !== undefined) {
      this.#code.push(0x05);
      otherwise();
    }
    this.#code.push(0x0b);
  }

  /** Repeats the body with `counter` from 0 in steps, a fixed number of times; a single round has no loop. */
  repeat(count: number, counter: Local | undefined, step: number, body: () => void): void {
    if (count <= 0) return;
    const own = counter ?? this.local("i32");
    this.i32(0);
    this.set(own);
    if (count === 1) body();
    else {
      this.loopWhile(() => {
        body();
        this.get(own);
        this.i32(step);
        this.op("i32.add");
        this.tee(own);
        this.i32(count * step);
        this.op("i32.lt_u");
      });
    }
    if (counter === undefined) this.release(own);
  }

  /** Appends the function's size, locals and code. Returns where addresses are missing, counted from the start of `out`. */
  writeInto(out: Bytes): Relocation[] {
    const head = new Bytes(16);
    const runs: { type: WasmType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    head.unsigned(runs.length);
    for (const { type, count } of runs) {
      head.unsigned(count);
      head.push(typeCodes[type]);
    }
    out.unsigned(head.length + this.#code.length + 1);
    out.join(head);
    const start = out.length;
    out.join(this.#code);
    out.push(0x0b);
    return moved(this.#relocations, start);
  }
}

/** A module that imports one memory and exports functions. */
export class ModuleWriter {
  readonly #functions: FunctionWriter[] = [];
  readonly #exports: { name: string; index: number }[] = [];

  add(fn: FunctionWriter): number {
    this.#functions.push(fn);
    return this.#functions.length - 1;
  }

  export(name: string, index: number): void {
    this.#exports.push({ name, index });
  }

  /** The module's bytes, for code that holds no symbolic address. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.finishRelocatable().bytes;
  }

  finishRelocatable(): RelocatableModule {
    const signatures: string[] = [];
    const typeOf = this.#functions.map(({ parameters }) => {
      const key = parameters.join();
      if (!signatures.includes(key)) signatures.push(key);
      return signatures.indexOf(key);
    });
    const out = new Bytes();
    out.append([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    section(out, 1, signatures.length, (body) => {
      for (const signature of signatures) {
        const types = signature === "" ? [] : (signature.split(",") as WasmType[]);
        body.push(0x60);
        body.unsigned(types.length);
        for (const type of types) body.push(typeCodes[type]);
        body.push(0);
      }
    });
    section(out, 2, 1, (body) => {
      name(body, "env");
      name(body, "memory");
      body.push(0x02, 0x00, 1);
    });
    section(out, 3, typeOf.length, (body) => {
      for (const type of typeOf) body.unsigned(type);
    });
    section(out, 7, this.#exports.length, (body) => {
      for (const entry of this.#exports) {
        name(body, entry.name);
        body.push(0);
        body.unsigned(entry.index);
      }
    });
    const missing: Relocation[][] = [];
    const start = section(out, 10, this.#functions.length, (body) => {
      for (const fn of this.#functions) missing.push(fn.writeInto(body));
    });
    return relocatable(out.finish(), moved(missing.flat(), start));
  }
}

function moved(relocations: readonly Relocation[], by: number): Relocation[] {
  return relocations.map(({ at, symbolic, signed }) => ({ at: at + by, symbolic, signed }));
}

function name(out: Bytes, text: string): void {
  out.unsigned(text.length);
  for (const char of text) out.push(char.charCodeAt(0));
}

/** Returns where the section's body starts. */
function section(out: Bytes, id: number, count: number, write: (body: Bytes) => void): number {
  const body = new Bytes();
  body.unsigned(count);
  write(body);
  out.push(id);
  out.unsigned(body.length);
  const start = out.length;
  out.join(body);
  return start;
}
