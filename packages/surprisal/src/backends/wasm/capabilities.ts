/**
 * What the engine that runs this can do, found out once. A relaxed multiply-add may round once or twice as the engine likes, and
 * that an engine accepts the instruction says nothing about which; so a small module multiplies and adds numbers for which the
 * two differ, in every lane.
 */
import { FunctionWriter, ModuleWriter } from "./assembler.ts";

export interface Capabilities {
  /** Whether relaxed multiply-adds of float32 and of float64 round once. */
  readonly fusedMultiplyAdd: boolean;
}

let known: Capabilities | undefined;

/** What this engine can do; found out at the first call, the same ever after. Never throws. */
export function capabilities(): Capabilities {
  if (known === undefined) {
    askForRelaxedSimd();
    known = { fusedMultiplyAdd: roundsOnce(relaxedMultiplyAdd()) };
  }
  return known;
}

/** What of Node this asks for; it is there from 20.16 on, and not in a page. */
interface WithModules {
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/**
 * Engines of Node 20 have the instructions behind a flag, which is read when a module is compiled. Newer ones need no flag, or
 * know it no more, which they ignore.
 */
function askForRelaxedSimd(): void {
  if (WebAssembly.validate(relaxedMultiplyAdd())) return;
  try {
    const v8 = (globalThis as WithModules).process?.getBuiltinModule?.("node:v8") as
      | { setFlagsFromString?(flag: string): void }
      | undefined;
    v8?.setFlagsFromString?.("--experimental-wasm-relaxed-simd");
  } catch {
    // An engine that lets nobody set its flags goes without.
  }
}

/** Where the operands a, b, c of each type begin, and their results; sixteen bytes each. */
const places = { float32: 0, float64: 64 } as const;

/** A module whose `run` computes a · b + c for both types. */
export function relaxedMultiplyAdd(): Uint8Array<ArrayBuffer> {
  const [module, f] = [new ModuleWriter(), new FunctionWriter()];
  for (const dtype of ["float32", "float64"] as const) {
    f.i32(places[dtype]);
    for (const operand of [0, 1, 2]) {
      f.i32(places[dtype]);
      f.memory("v128.load", 16 * operand);
    }
    f.simd(dtype === "float32" ? "f32x4.relaxed_madd" : "f64x2.relaxed_madd");
    f.memory("v128.store", 48);
  }
  module.export("run", module.add(f));
  return module.finish();
}

/** Runs a module like the above. False as well where the engine does not take it. */
export function roundsOnce(code: Uint8Array<ArrayBuffer>): boolean {
  try {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const [narrow, broad] = [new Float32Array(memory.buffer), new Float64Array(memory.buffer, places.float64)];
    // (1 + x)² − 1 is 2x + x² where it is rounded once; an odd x of half the digits loses its square to a second rounding.
    const odd = [1, 3, 5, 7];
    const [small, smaller] = [odd.map((n) => n * 2 ** -12), odd.slice(0, 2).map((n) => n * 2 ** -27)];
    const given = (xs: readonly number[]) => [...xs, ...xs].map((x) => 1 + x).concat(xs.map(() => -1));
    narrow.set(given(small));
    broad.set(given(smaller));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
    (exports.run as () => void)();
    const isExact = (results: ArrayLike<number>, xs: readonly number[]) =>
      xs.every((x, lane) => results[3 * xs.length + lane] === 2 * x + x * x);
    return isExact(narrow, small) && isExact(broad, smaller);
  } catch {
    return false;
  }
}
