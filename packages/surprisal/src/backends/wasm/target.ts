/** WebAssembly with 128-bit SIMD: one function a kernel, and `run`, which calls them in order. */
import type { Kernel, KernelBuffer, KernelProgram } from "../../compile/kernel.ts";
import type { Target, TargetProperties } from "../../compile/target.ts";
import { FunctionWriter, ModuleWriter } from "./assembler.ts";
import { emitContraction } from "./emit/contraction.ts";
import { emitConvolution } from "./emit/convolution.ts";
import { emitGather, emitScatterAdd } from "./emit/indexed.ts";
import { emitNest } from "./emit/nest.ts";

/** Engines give a function about fifteen vector registers; 4 × 2 sums, 2 columns and 1 row element fit, 6 × 2 spill. */
export const properties: TargetProperties = {
  name: "wasm",
  lanes: { float32: 4, float64: 2 },
  tile: { rows: 4, vectors: 2 },
  panel: 512,
  fusedMultiplyAdd: false,
};

function emitKernel(f: FunctionWriter, kernel: Kernel, addressOf: (buffer: KernelBuffer) => number): void {
  switch (kernel.family) {
    case "map":
    case "row":
      emitNest(f, kernel, addressOf);
      break;
    case "contraction":
      emitContraction(f, kernel, addressOf, properties);
      break;
    case "convolution":
      emitConvolution(f, kernel, addressOf, properties);
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

export const wasmTarget: Target<Uint8Array<ArrayBuffer>> = {
  properties,
  emit(program: KernelProgram, addressOf) {
    const module = new ModuleWriter();
    const run = new FunctionWriter();
    program.kernels.forEach((kernel, i) => {
      const f = new FunctionWriter();
      emitKernel(f, kernel, addressOf);
      const index = module.add(f);
      // On its own too, for timing one by one.
      module.export(`kernel${i}`, index);
      run.call(index);
    });
    module.export("run", module.add(run));
    return module.finish();
  },
};
