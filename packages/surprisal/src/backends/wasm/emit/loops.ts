/** Arithmetic on addresses, and loops that count in locals. */
import type { FunctionWriter, Local } from "../assembler.ts";

/** pointer += by */
export function advance(f: FunctionWriter, pointer: Local, by: number): void {
  f.get(pointer);
  f.i32(by);
  f.op("i32.add");
  f.set(pointer);
}

/** Pushes local · factor. */
export function pushTimes(f: FunctionWriter, local: Local, factor: number): void {
  f.get(local);
  f.i32(factor);
  f.op("i32.mul");
}

/** Sets a local to a constant. */
export function assign(f: FunctionWriter, local: Local, value: number): void {
  f.i32(value);
  f.set(local);
}

/** Repeats the body while `local + ahead` is no more than `end`; the body moves `local`. */
export function whileWithin(
  f: FunctionWriter,
  local: Local,
  ahead: number,
  end: Local | number,
  body: () => void,
): void {
  const condition = () => {
    f.get(local);
    f.i32(ahead);
    f.op("i32.add");
    if (typeof end === "number") f.i32(end);
    else f.get(end);
    f.op("i32.le_s");
  };
  condition();
  f.when(() => {
    f.loopWhile(() => {
      body();
      condition();
    });
  });
}

/** Repeats the body as often as a local says, once at least. */
export function countDown(f: FunctionWriter, times: Local, body: () => void): void {
  const left = f.local("i32");
  f.get(times);
  f.set(left);
  f.loopWhile(() => {
    body();
    f.get(left);
    f.i32(-1);
    f.op("i32.add");
    f.tee(left);
  });
  f.release(left);
}
