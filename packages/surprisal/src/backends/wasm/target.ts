/** WebAssembly with 128-bit SIMD: one function a kernel, and `run`, which calls them in order. */
import type { Counter, Kernel, KernelBuffer, KernelProgram } from "../../compile/kernel.ts";
import type { Target, TargetProperties } from "../../compile/target.ts";
import { FunctionWriter, ModuleWriter } from "./assembler.ts";
import { emitContraction } from "./emit/contraction/index.ts";
import { emitConvolution } from "./emit/convolution.ts";
import { emitGather, emitScatterAdd } from "./emit/indexed.ts";
import { emitNest } from "./emit/nest.ts";
import { Windows } from "./emit/windows.ts";
import type { RelocatableModule } from "./relocation.ts";

/**
 * What passes may know, by what the engine can do. Engines give a function about fifteen vector registers; a product that is
 * rounded before it is added needs one of them.
 */
export function propertiesOf(
  { fusedMultiplyAdd }: { readonly fusedMultiplyAdd: boolean },
  workspace = 7.5 * 2 ** 20,
): TargetProperties {
  return {
    name: "wasm",
    lanes: { float32: 4, float64: 2 },
    registers: fusedMultiplyAdd ? 15 : 14,
    chains: 8,
    panel: 256,
    fusedMultiplyAdd,
    workspace,
  };
}

type Plain = Exclude<Kernel, { family: "loop" }>;

function emitKernel(
  f: FunctionWriter,
  kernel: Plain,
  addressOf: (buffer: KernelBuffer) => number,
  properties: TargetProperties,
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

/** Adds a kernel's function, which takes the counters of the loops that it is in. */
function addKernel(
  module: ModuleWriter,
  kernel: Kernel,
  addressOf: (buffer: KernelBuffer) => number,
  properties: TargetProperties,
  counters: readonly Counter[] = [],
): number {
  const f = new FunctionWriter(counters.map(() => "i32"));
  if (kernel.family !== "loop") emitKernel(f, kernel, addressOf, properties, counters);
  else {
    const inside = [...counters, kernel.counter];
    const body = kernel.body.map((inner) => addKernel(module, inner, addressOf, properties, inside));
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

export type WasmTarget = Target<RelocatableModule>;

/**
 * The target for engines that can do this much. Addresses may be symbols of `relocation.ts`; the module is then to be linked.
 * @param workspace bytes of temporaries beyond which rows are worked on in blocks
 */
export function wasmTarget(can: { readonly fusedMultiplyAdd: boolean }, workspace?: number): WasmTarget {
  const properties = propertiesOf(can, workspace);
  return {
    properties,
    emit(program: KernelProgram, addressOf) {
      const module = new ModuleWriter();
      const run = new FunctionWriter();
      program.kernels.forEach((kernel, i) => {
        const index = addKernel(module, kernel, addressOf, properties);
        // On its own too, for timing one by one.
        module.export(`kernel${i}`, index);
        run.call(index);
      });
      module.export("run", module.add(run));
      return module.finishRelocatable();
    },
  };
}
