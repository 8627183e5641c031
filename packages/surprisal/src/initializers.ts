/** First values of weights: `layers.dense(64, { kernelInitializer: initializers.heNormal() })`. */
export type { Initializer } from "./model/contract.ts";
export * from "./model/initializers/index.ts";
export type { InitializerLike, InitializerName } from "./model/initializers/registry.ts";
