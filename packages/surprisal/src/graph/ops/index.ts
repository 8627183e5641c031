/** Every op there is. Tests loop over this list. */
import type { OpRecord } from "../node.ts";
import * as binary from "./binary.ts";
import * as compare from "./compare.ts";
import * as contract from "./contract.ts";
import * as reduce from "./reduce.ts";
import * as shaping from "./shaping.ts";
import * as softmax from "./softmax.ts";
import * as sources from "./sources.ts";
import * as unary from "./unary.ts";

const { makeInput: _, ...sourceRecords } = sources;
const { matmulSizes: __, ...contractRecords } = contract;

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
} satisfies Record<string, OpRecord>;

/** The names of ops. */
export type OpName = keyof typeof ops;
