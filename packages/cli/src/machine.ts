/** What Node says of itself and of the machine it runs on. */
import { availableParallelism, cpus, totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";

export interface Machine {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly processor: string;
  /** That this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** What a container leaves this process of it; absent where nothing limits it. */
  readonly memoryLimitBytes?: number;
  /** What JavaScript's heap may grow to; a WebAssembly memory lies outside. */
  readonly heapLimitBytes: number;
}

export function machine(): Machine {
  const memoryBytes = totalmem();
  const limit = process.constrainedMemory?.();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes,
    // Without a limit some systems answer 0, some a number larger than any memory.
    ...(limit !== undefined && limit > 0 && limit < memoryBytes && { memoryLimitBytes: limit }),
    heapLimitBytes: getHeapStatistics().heap_size_limit,
  };
}
