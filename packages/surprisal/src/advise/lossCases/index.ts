/** Every case of `chooseLoss`, in the order they are tried: of each task the special ones first, the plain one last. */
import { amountCases } from "./amounts.ts";
import type { LossCase } from "./case.ts";
import { classCases } from "./classes.ts";
import { orderCases } from "./orders.ts";

export type { Advice, ConsideredLoss, Described, LossCase, OutputUnits } from "./case.ts";

/** @internal */
export const lossCases: readonly LossCase[] = [...classCases, ...amountCases, ...orderCases];
