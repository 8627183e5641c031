/** How far the windows of a kernel in a loop have moved: byte offsets, computed once at the head of the kernel's function. */
import { type Counter, elementBytes, type Kernel, type KernelBuffer } from "../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../assembler.ts";

export class Windows {
  readonly #f: FunctionWriter;
  readonly #counters: ReadonlyMap<Counter, Local>;
  readonly #offsets = new Map<KernelBuffer, Local | undefined>();

  /** @param counters the rounds of the loops around the kernel, outermost first; parameters of its function. */
  constructor(f: FunctionWriter, kernel: Kernel, counters: readonly Counter[]) {
    this.#f = f;
    this.#counters = new Map(counters.map((counter, i) => [counter, f.parameter(i)]));
    if (counters.length > 0) this.#prepare(kernel, new Set());
  }

  /** The bytes to add to a buffer's address; undefined where nothing moves. */
  offsetOf(buffer: KernelBuffer): Local | undefined {
    return this.#offsets.get(buffer);
  }

  /** Adds them to the address on the stack. */
  add(buffer: KernelBuffer): void {
    const offset = this.#offsets.get(buffer);
    if (offset === undefined) return;
    this.#f.get(offset);
    this.#f.op("i32.add");
  }

  counter(counter: Counter): Local {
    const local = this.#counters.get(counter);
    if (local === undefined) throw new Error("a kernel uses the counter of a loop that it is not in");
    return local;
  }

  #prepare(value: unknown, seen: Set<object>): void {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if ("place" in value && "elements" in value) this.#offset(value as KernelBuffer);
    else for (const part of Object.values(value)) this.#prepare(part, seen);
  }

  /** Windows may be in windows. */
  #offset(buffer: KernelBuffer): void {
    if (this.#offsets.has(buffer)) return;
    const f = this.#f;
    let terms = 0;
    for (let { place } = buffer; place.kind === "window"; place = place.of.place) {
      if (place.counter === undefined || place.step === 0) continue;
      f.get(this.counter(place.counter));
      f.i32(place.step * elementBytes(buffer.dtype));
      f.op("i32.mul");
      if (terms++ > 0) f.op("i32.add");
    }
    if (terms === 0) {
      this.#offsets.set(buffer, undefined);
      return;
    }
    const local = f.local("i32");
    f.set(local);
    this.#offsets.set(buffer, local);
  }
}
