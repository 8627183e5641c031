/** Times a program kernel by kernel and holds each against the roofs, and leaves every buffer as it was. */
import { allocate, type FloatDType } from "../base/dtype.ts";
import { sizeOf } from "../base/shape.ts";
import { type Ceilings, measureCeilings, notAtOnce } from "./ceilings.ts";
import type { Device, Executable, KernelReport, Program, ProgramReport } from "./device.ts";
import { type Timing, type TimingOptions, timeRuns } from "./timing.ts";

/** A kernel's time, and what holds it back. */
export interface KernelMeasure {
  /** Seconds of the fastest run, alone, its data as warm as it can be. */
  readonly seconds: number;
  /** Of the kernels' times together, 0 to 1. */
  readonly share: number;
  /** 10⁹ floating-point operations, and bytes read and written, a second. */
  readonly gigaflops: number;
  readonly gigabytesPerSecond: number;
  /** Seconds that it would take under the roof; `share` of the roof is this over `seconds`, above 1 when the data never leaves the cache. */
  readonly roof: { readonly seconds: number; readonly limit: "arithmetic" | "memory"; readonly share: number };
}

/** What measuring adds to the report of a program. */
export interface ProgramMeasure {
  /** All kernels one after another, as training runs them. */
  readonly run: Timing;
  /** Absent on a device without kernels. */
  readonly ceilings?: Ceilings;
  /** One for each kernel of the report. */
  readonly kernels: readonly KernelMeasure[];
}

/**
 * Runs the program and each of its kernels several times. Nothing comes between saving the buffers that it writes and putting them back,
 * so that nobody ever sees them changed.
 * @throws InvalidArgumentError on a device that does not run and read at once.
 */
export async function measureProgram(
  device: Device,
  program: Program,
  executable: Executable,
  dtype: FloatDType,
  options: TimingOptions = {},
): Promise<ProgramMeasure> {
  if (device.readNow === undefined) throw notAtOnce(device);
  const { kernels } = executable.report();
  const ceilings = kernels.length === 0 ? undefined : await measureCeilings(device, { ...options, dtype });
  const { run, times } = unchanged(device, program, () => ({
    run: timeRuns(() => {
      if (executable.run() !== undefined) throw notAtOnce(device);
    }, options),
    times: kernels.map((_, i) => timeRuns(() => executable.runKernel?.(i), options).min),
  }));
  const total = times.reduce((sum, seconds) => sum + seconds, 0);
  return {
    run,
    ...(ceilings && { ceilings }),
    kernels: ceilings ? kernels.map((kernel, i) => held(kernel, times[i] as number, total, ceilings)) : [],
  };
}

/** Does the work and puts back what the program's outputs held before it. */
function unchanged<T>(device: Device, { outputs }: Program, work: () => T): T {
  const saved = outputs.map(({ into }) => {
    const values = allocate(into.dtype, sizeOf(into.shape));
    device.readNow?.(into, values);
    return { into, values };
  });
  try {
    return work();
  } finally {
    for (const { into, values } of saved) device.write(into, values);
  }
}

/** A kernel under its roof: as fast as its arithmetic and its data's way allow, whichever is slower. */
export function held(kernel: KernelReport, seconds: number, total: number, ceilings: Ceilings): KernelMeasure {
  const bytes = kernel.bytesRead + kernel.bytesWritten;
  const { flops, productFlops = 0 } = kernel;
  const level = ceilings.memory.find((one) => bytes <= one.bytes) ?? ceilings.memory.at(-1);
  const arithmetic =
    (productFlops / ceilings.productGigaflops + (flops - productFlops) / ceilings.chainGigaflops) / 1e9;
  const memory = level === undefined ? 0 : bytes / level.gigabytesPerSecond / 1e9;
  const roof = Math.max(arithmetic, memory);
  const rate = (count: number) => (seconds > 0 ? count / seconds / 1e9 : 0);
  return {
    seconds,
    share: total > 0 ? seconds / total : 0,
    gigaflops: rate(kernel.flops),
    gigabytesPerSecond: rate(bytes),
    roof: {
      seconds: roof,
      limit: memory >= arithmetic ? "memory" : "arithmetic",
      share: seconds > 0 ? roof / seconds : 0,
    },
  };
}

/** The report of a program, and what was measured of it if that was asked for. */
export interface Explanation extends ProgramReport {
  readonly measured?: ProgramMeasure;
}
