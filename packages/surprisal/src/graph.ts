/**
 * `surprisal/graph`: the language that losses, layers and optimizers are written in. What `defineLoss({ value })` is written
 * with, and what shows how a formula is stabilised and differentiated.
 */
export * from "./graph/index.ts";
