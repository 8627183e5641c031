/** WebAssembly with 128-bit SIMD: one function a kernel, and `run`, which calls them in order. */
import type { Counter, Kernel, KernelBuffer, KernelProgram } from "../../compile/kernel.ts";
import type { Target, TargetProperties } from "../../compile/target.ts";
import { FunctionWriter, ModuleWriter } from "./assembler.ts";
import { emitContraction } from "./emit/contraction.ts";
import { emitGather, emitScatterAdd } from "./emit/indexed.ts";
import { emitNest } from "./emit/nest.ts";
import { Windows } from "./emit/windows.ts";

/** Engines give a function about fifteen vector registers; 4 × 2 sums, 2 columns and 1 row element fit, 6 × 2 spill. */
export const properties: TargetProperties = {
  name: "wasm",
  lanes: { float32: 4, float64: 2 },
  tile: { rows: 4, vectors: 2 },
  panel: 512,
  fusedMultiplyAdd: false,
  workspace: 12 * 2 ** 20,
};

type Plain = Exclude<Kernel, { family: "loop" }>;

function emitKernel(
  f: FunctionWriter,
  kernel: Plain,
  addressOf: (buffer: KernelBuffer) => number,
  counters: readonly Counter[],
): void {
  switch (kernel.family) {
    case "map":
    case "row":
      emitNest(f, kernel, addressOf, new Windows(f, kernel, counters));
      break;
    case "contraction":
      emitContraction(f, kernel, addressOf, properties, new Windows(f, kernel, counters));
      break;
    case "gather":
      emitGather(f, kernel, addressOf);
      break;
    case "scatterAdd":
      emitScatterAdd(f, kernel, addressOf);
      break;
    default:
      kernel satisfies never;
  }
}

/** Adds a kernel's function, which takes the counters of the loops that it is in. */
function addKernel(
  module: ModuleWriter,
  kernel: Kernel,
  addressOf: (buffer: KernelBuffer) => number,
  counters: readonly Counter[] = [],
): number {
  const f = new FunctionWriter(counters.map(() => "i32"));
  if (kernel.family !== "loop") emitKernel(f, kernel, addressOf, counters);
  else {
    const body = kernel.body.map((inner) => addKernel(module, inner, addressOf, [...counters, kernel.counter]));
    const round = f.local("i32");
    f.repeat(kernel.counter.rounds, round, 1, () => {
      for (const index of body) {
        for (let i = 0; i < counters.length; i++) f.get(f.parameter(i));
        f.get(round);
        f.call(index);
      }
    });
  }
  return module.add(f);
}

export const wasmTarget: Target<Uint8Array<ArrayBuffer>> = {
  properties,
  emit(program: KernelProgram, addressOf) {
    const module = new ModuleWriter();
    const run = new FunctionWriter();
    program.kernels.forEach((kernel, i) => {
      const index = addKernel(module, kernel, addressOf);
      // On its own too, for timing one by one.
      module.export(`kernel${i}`, index);
      run.call(index);
    });
    module.export("run", module.add(run));
    return module.finish();
  },
};
