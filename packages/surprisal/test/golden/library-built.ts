/** `library.ts`, from the built package: what the conformance runner is pointed at. */

export { SurprisalError, Tensor, tensor } from "surprisal";
export * as callbacks from "surprisal/callbacks";
export * as data from "surprisal/data";
export * as graph from "surprisal/graph";
export { Model, model, ThreefryStream } from "surprisal/internals";
export * as layers from "surprisal/layers";
export * as losses from "surprisal/losses";
export * as metrics from "surprisal/metrics";
export * as optimizers from "surprisal/optimizers";
export * as schedules from "surprisal/schedules";
