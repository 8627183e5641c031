/** WebAssembly with 128-bit SIMD: one function a kernel, and `run`, which calls them in order. */
import type { Kernel, KernelBuffer, KernelProgram } from "../../compile/kernel.ts";
import type { Target, TargetProperties } from "../../compile/target.ts";
import { FunctionWriter, ModuleWriter } from "./assembler.ts";
import { emitContraction } from "./emit/contraction/index.ts";
import { emitConvolution } from "./emit/convolution.ts";
import { emitGather, emitScatterAdd } from "./emit/indexed.ts";
import { emitNest } from "./emit/nest.ts";
import type { RelocatableModule } from "./relocation.ts";

/**
 * What passes may know, by what the engine can do. Engines give a function about fifteen vector registers; a product that is
 * rounded before it is added needs one of them.
 */
export function propertiesOf({ fusedMultiplyAdd }: { readonly fusedMultiplyAdd: boolean }): TargetProperties {
  return {
    name: "wasm",
    lanes: { float32: 4, float64: 2 },
    registers: fusedMultiplyAdd ? 15 : 14,
    chains: 8,
    panel: 256,
    fusedMultiplyAdd,
  };
}

function emitKernel(
  f: FunctionWriter,
  kernel: Kernel,
  addressOf: (buffer: KernelBuffer) => number,
  properties: TargetProperties,
): void {
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

export type WasmTarget = Target<RelocatableModule>;

/** The target for engines that can do this much. Addresses may be symbols of `relocation.ts`; the module is then to be linked. */
export function wasmTarget(can: { readonly fusedMultiplyAdd: boolean }): WasmTarget {
  const properties = propertiesOf(can);
  return {
    properties,
    emit(program: KernelProgram, addressOf) {
      const module = new ModuleWriter();
      const run = new FunctionWriter();
      program.kernels.forEach((kernel, i) => {
        const f = new FunctionWriter();
        emitKernel(f, kernel, addressOf, properties);
        const index = module.add(f);
        // On its own too, for timing one by one.
        module.export(`kernel${i}`, index);
        run.call(index);
      });
      module.export("run", module.add(run));
      return module.finishRelocatable();
    },
  };
}
