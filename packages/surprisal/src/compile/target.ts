/** What renders kernels. Needs no device, so it is tested as bytes or text. */
import type { KernelBuffer, KernelProgram } from "./kernel.ts";

/** What passes may know of a target, instead of its name. */
export interface TargetProperties {
  readonly name: string;
  /** Elements a vector holds, by bytes of an element. */
  readonly lanes: { readonly float32: number; readonly float64: number };
  /** Rows and vectors of a contraction's register tile. */
  readonly tile: { readonly rows: number; readonly vectors: number };
  /** Length of k that a contraction walks before it moves on to the next panel. */
  readonly panel: number;
  /** Whether a product and a sum are rounded once. */
  readonly fusedMultiplyAdd: boolean;
  /**
   * Bytes of temporaries beyond which rows are worked on in blocks (`passes/rowBlocks.ts`), and that a block's may take. Results do not
   * depend on it.
   */
  readonly workspace: number;
}

/** Renders a program for memory that is laid out already. `Code` is bytes or text. */
export interface Target<Code> {
  readonly properties: TargetProperties;
  emit(program: KernelProgram, addressOf: (buffer: KernelBuffer) => number): Code;
}
