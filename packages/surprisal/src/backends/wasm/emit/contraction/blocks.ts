/** Parts of vectors from memory, and squares of elements turned in registers. */
import type { FunctionWriter, Local } from "../../assembler.ts";

/** Pushes the first `active` elements at an address, the rest 0. */
export function loadPart(f: FunctionWriter, pointer: Local, offset: number, active: number, bytes: number): void {
  f.get(pointer);
  if (active * bytes === 16) {
    f.memory("v128.load", offset);
    return;
  }
  const pair = bytes === 8 || active >= 2;
  f.memory(pair ? "v128.load64_zero" : "v128.load32_zero", offset);
  if (bytes === 8 || active < 3) return;
  const vector = f.local("v128");
  f.set(vector);
  f.get(pointer);
  f.get(vector);
  f.memory("v128.load32_lane", offset + 8, 2);
  f.release(vector);
}

const words = (...order: number[]) => order.flatMap((word) => [4 * word, 4 * word + 1, 4 * word + 2, 4 * word + 3]);
/** Both vectors' low, or high, halves word by word; both vectors' low, or high, halves. */
const [lowWords, highWords] = [words(0, 4, 1, 5), words(2, 6, 3, 7)];
const [lowHalves, highHalves] = [words(0, 1, 4, 5), words(2, 3, 6, 7)];

/** The columns of a square whose rows are given, which are released. */
export function turnBlock(f: FunctionWriter, rows: readonly Local[], bytes: number): Local[] {
  const shuffled = (a: Local, b: Local, order: readonly number[]): Local => {
    f.get(a);
    f.get(b);
    f.bytes16("i8x16.shuffle", order);
    const made = f.local("v128");
    f.set(made);
    return made;
  };
  const [a, b] = rows as [Local, Local];
  if (bytes === 8) {
    const made = [shuffled(a, b, lowHalves), shuffled(a, b, highHalves)];
    f.release(...rows);
    return made;
  }
  const [c, d] = rows.slice(2) as [Local, Local];
  const low = [shuffled(a, b, lowWords), shuffled(c, d, lowWords)] as const;
  const high = [shuffled(a, b, highWords), shuffled(c, d, highWords)] as const;
  f.release(...rows);
  const made = [
    shuffled(...low, lowHalves),
    shuffled(...low, highHalves),
    shuffled(...high, lowHalves),
    shuffled(...high, highHalves),
  ];
  f.release(...low, ...high);
  return made;
}
