/**
 * How fast the innermost loop of a product can run: one tile of sums over operands that lie in order and stay in the first
 * cache, nothing around it. What whole products are measured against. Written apart from them, so that it does not get slow
 * when they do.
 */
import { FunctionWriter, type Local, ModuleWriter } from "./assembler.ts";
import { multiplyAdd } from "./emit/contraction/microKernel.ts";

const [rows, vectors, length] = [4, 2, 256];
/** Where the rows of the left operand, side by side at each k, those of the right one, and the sums begin. */
const [left, right, sums] = [0, 16_384, 32_768];

export interface Ceiling {
  /** Runs the loop over all of k so many times. */
  run(rounds: number): void;
  /** Floating-point operations of one round. */
  readonly flops: number;
}

/** float32, one thread. @param fused whether product and sum are rounded once, which the engine must be able to do */
export function productCeiling(fused: boolean): Ceiling {
  const module = new ModuleWriter();
  module.export("run", module.add(writeLoop(fused)));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { memory } });
  return { run: exports.run as (rounds: number) => void, flops: 2 * rows * vectors * 4 * length };
}

function writeLoop(fused: boolean): FunctionWriter {
  const f = new FunctionWriter(["i32"]);
  const rounds = f.parameter(0);
  const tile = Array.from({ length: rows * vectors }, () => f.local("v128"));
  const columns = Array.from({ length: vectors }, () => f.local("v128"));
  const [element, a, b, k] = [f.local("v128"), f.local("i32"), f.local("i32"), f.local("i32")];
  const count = (local: Local, by: number) => {
    f.get(local);
    f.i32(by);
    f.op("i32.add");
    f.tee(local);
  };
  f.loopWhile(() => {
    for (const sum of tile) {
      f.bytes16("v128.const", new Uint8Array(16));
      f.set(sum);
    }
    for (const [local, start] of [
      [a, left],
      [b, right],
      [k, length],
    ] as const) {
      f.i32(start);
      f.set(local);
    }
    f.loopWhile(() => {
      for (const [v, column] of columns.entries()) {
        f.get(b);
        f.memory("v128.load", 16 * v);
        f.set(column);
      }
      for (let r = 0; r < rows; r++) {
        f.get(a);
        f.memory("v128.load32_splat", 4 * r);
        f.set(element);
        for (const [v, column] of columns.entries())
          multiplyAdd(f, { fused, kernel: { dtype: "float32" } }, tile[r * vectors + v] as Local, element, column);
      }
      count(a, 4 * rows);
      f.set(a);
      count(b, 16 * vectors);
      f.set(b);
      count(k, -1);
    });
    for (const [s, sum] of tile.entries()) {
      f.i32(sums);
      f.get(sum);
      f.memory("v128.store", 16 * s);
    }
    count(rounds, -1);
  });
  return f;
}
