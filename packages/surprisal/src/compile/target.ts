/** What renders kernels. Needs no device, so it is tested as bytes or text. */
import type { KernelBuffer, KernelProgram } from "./kernel.ts";

/** What passes may know of a target, instead of its name. */
export interface TargetProperties {
  readonly name: string;
  /** Elements a vector holds, by bytes of an element. */
  readonly lanes: { readonly float32: number; readonly float64: number };
  /** Vectors that a product may keep in registers: sums, and all that one k of its operands needs. */
  readonly registers: number;
  /** Independent chains of multiply-adds that keep the arithmetic busy: its latency times what it starts in a cycle. */
  readonly chains: number;
  /** Length of k that a product walks before it moves on to the next panel. */
  readonly panel: number;
  /** Whether the product and the sum of a contraction or convolution are rounded once, as one fused multiply-add. */
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
