/** The library as the golden cases see it. Everything they run comes through here, so that they can be pointed at a build. */

export { SurprisalError } from "../../src/base/errors.ts";
export { Tensor, tensor } from "../../src/base/tensor.ts";
export { ThreefryStream } from "../../src/base/threefry.ts";
export * as callbacks from "../../src/callbacks.ts";
export * as data from "../../src/data/index.ts";
export * as graph from "../../src/graph/index.ts";
export * as layers from "../../src/layers.ts";
export * as losses from "../../src/losses.ts";
export * as metrics from "../../src/metrics.ts";
export * as model from "../../src/model/index.ts";
export * as optimizers from "../../src/optimizers.ts";
export * as schedules from "../../src/schedules.ts";
export { Model } from "../../src/train/model.ts";
