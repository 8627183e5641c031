/** Programs in memory: linked to their regions, run, and given back when nobody holds them any more. */
import { SurprisalError } from "../../base/errors.ts";
import type { DeviceBuffer, Executable, Program, ProgramReport } from "../../compile/device.ts";
import { type CompiledProgram, compileProgram } from "./compiled.ts";
import type { DeviceMemory } from "./memory.ts";
import { link } from "./relocation.ts";
import type { Scratch } from "./scratch.ts";
import type { WasmTarget } from "./target.ts";

const views = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Int32Array } as const;

/** What runs a loaded program; everything that can run it holds this. */
interface Held {
  /** Looked up once: the look-up takes longer than a small kernel. Nothing after it was freed. */
  code: { readonly run: () => void; readonly kernels: readonly (() => void)[] } | undefined;
}

/** Gives back what programs took that nobody can run any more. */
const unreachable = new FinalizationRegistry<() => void>((giveBack) => giveBack());

/**
 * @param addressOf where a buffer of the program lies.
 * @param onZone is told of every red zone in scratch, where there are any.
 */
export async function loadProgram(
  program: Program,
  target: WasmTarget,
  memory: DeviceMemory,
  scratch: Scratch,
  addressOf: (buffer: DeviceBuffer) => number,
  onZone: (zone: { start: number; bytes: number }) => void,
): Promise<Executable> {
  const { compiled, buffers, cached } = compileProgram(program, target, memory.gap);
  const regions = takeRegions(compiled, memory, scratch);
  try {
    for (const end of compiled.temporaryEnds) onZone({ start: regions.scratch + end, bytes: memory.gap });
    writeConstants(compiled, memory, regions.constants);
    const code = link(compiled.module, [regions.scratch, regions.constants, ...buffers.map(addressOf)]);
    const { instance } = await WebAssembly.instantiate(code, { env: { memory: memory.memory } });
    const named = (name: string) => instance.exports[name] as () => void;
    const kernels = compiled.report.kernels.map((_, i) => named(`kernel${i}`));
    const held: Held = { code: { run: named("run"), kernels } };
    unreachable.register(held, regions.giveBack, held);
    return executable(held, { label: program.label ?? "program", ...compiled.report, cached }, regions.giveBack);
  } catch (error) {
    regions.giveBack();
    throw error;
  }
}

/** Apart from everything that runs the program, so that giving back, which waits until that is gone, does not keep it. */
function takeRegions({ scratchBytes, constantBytes }: CompiledProgram, memory: DeviceMemory, scratch: Scratch) {
  const temporaries = scratch.take(scratchBytes);
  let constants = 0;
  try {
    if (constantBytes > 0) constants = memory.take(constantBytes);
  } catch (error) {
    temporaries.release();
    throw error;
  }
  const giveBack = () => {
    temporaries.release();
    if (constantBytes > 0) memory.give(constants);
  };
  return { scratch: temporaries.start, constants, giveBack };
}

function writeConstants(compiled: CompiledProgram, { memory }: DeviceMemory, start: number): void {
  for (const { offset, dtype, elements, values } of compiled.constants) {
    const target = new views[dtype](memory.buffer, start + offset, elements);
    if (values.length === 1) target.fill(values[0] as number);
    else target.set(values);
  }
}

function executable(held: Held, report: ProgramReport, giveBack: () => void): Executable {
  const code = () => {
    if (held.code === undefined) throw freed(report.label);
    return held.code;
  };
  return {
    run: () => code().run(),
    runKernel: (i) => code().kernels[i]?.(),
    report: () => report,
    free() {
      if (held.code === undefined) return;
      held.code = undefined;
      unreachable.unregister(held);
      giveBack();
    },
  };
}

function freed(label: string): SurprisalError {
  return new SurprisalError("device/program-freed", {
    received: `the program "${label}" was run after it had been freed`,
    expected: "its constants and temporaries are no longer on the device",
    hint: "Load it again, or free it later.",
  });
}
