/** What the parts of a product's code share: where the walk over its tiles stands. */
import type { ContractionKernel, KernelBuffer, StripGroup } from "../../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../../assembler.ts";
import type { Lanes } from "../vectors.ts";
import type { Windows } from "../windows.ts";

/** Locals that say where the walk stands; all of them outlive the tiles. */
export interface Walk {
  readonly f: FunctionWriter;
  readonly kernel: ContractionKernel;
  /** Whether product and sum are rounded once. */
  readonly fused: boolean;
  readonly lanes: Lanes;
  readonly bytes: number;
  addressOf(buffer: KernelBuffer): number;
  /** How far operands and results have moved in the loops around. */
  readonly windows: Windows;
  /** Address of each part of the workspace. */
  readonly workspace: {
    readonly right: number;
    readonly left: number;
    readonly unfinished: number;
    readonly tile: number;
  };
  /** First row and column of the tile. */
  readonly i: Local;
  readonly j: Local;
  /** First k of the stretch, and how many. */
  readonly from: Local;
  readonly length: Local;
  /** Whether there is more than one stretch, so that chains may be unfinished. */
  readonly stretched: boolean;
  /** Address at which the tile's sums wait between stretches. */
  readonly chain: Local;
}

/** A strip that is being walked. */
export interface Strip {
  readonly group: StripGroup;
  /** First row of the block of rows, and the first beyond it. */
  readonly top: Local;
  readonly bottom: Local;
  /** Address of the strip's first element of the right operand. */
  readonly right: Local;
}
