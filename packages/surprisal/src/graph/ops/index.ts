/** Every op there is. Tests loop over this list. */
import type { OpRecord } from "../node.ts";
import * as binary from "./binary.ts";
import * as compare from "./compare.ts";
import * as contract from "./contract.ts";
import { convolution, convolutionKernel } from "./convolution.ts";
import * as reduce from "./reduce.ts";
import * as allShaping from "./shaping.ts";
import * as softmax from "./softmax.ts";
import * as sources from "./sources.ts";
import * as unary from "./unary.ts";
import * as window from "./window.ts";

const { makeInput: _, ...sourceRecords } = sources;
const { matmulSizes: __, ...contractRecords } = contract;
const { stepsAttribute: ___, ...shaping } = allShaping;

/** Every op, by name. */
export const ops = {
  ...sourceRecords,
  ...unary,
  ...binary,
  ...compare,
  ...reduce,
  ...softmax,
  ...shaping,
  ...contractRecords,
  convolution,
  convolutionKernel,
  ...window,
} satisfies Record<string, OpRecord>;

/** The names of ops. */
export type OpName = keyof typeof ops;
