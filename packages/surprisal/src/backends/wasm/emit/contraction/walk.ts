/** What the parts of a product's code share: where the walk over its tiles stands, and arithmetic on addresses. */
import type { ContractionKernel, KernelBuffer, StripGroup } from "../../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../../assembler.ts";
import type { Lanes } from "../vectors.ts";
import type { Windows } from "../windows.ts";

/** Locals that say where the walk stands; all of them outlive the tiles. */
export interface Walk {
  readonly f: FunctionWriter;
  readonly kernel: ContractionKernel;
  /** Whether product and sum are rounded once. */
  readonly fused: boolean;
  readonly lanes: Lanes;
  readonly bytes: number;
  addressOf(buffer: KernelBuffer): number;
  /** How far operands and results have moved in the loops around. */
  readonly windows: Windows;
  /** Address of each part of the workspace. */
  readonly workspace: {
    readonly right: number;
    readonly left: number;
    readonly unfinished: number;
    readonly tile: number;
  };
  /** First row and column of the tile. */
  readonly i: Local;
  readonly j: Local;
  /** First k of the stretch, and how many. */
  readonly from: Local;
  readonly length: Local;
  /** Whether there is more than one stretch, so that chains may be unfinished. */
  readonly stretched: boolean;
  /** Address at which the tile's sums wait between stretches. */
  readonly chain: Local;
}

/** A strip that is being walked. */
export interface Strip {
  readonly group: StripGroup;
  /** First row of the block of rows, and the first beyond it. */
  readonly top: Local;
  readonly bottom: Local;
  /** Address of the strip's first element of the right operand. */
  readonly right: Local;
}

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
