/** `surprisal/losses`: every loss, functions of distributions, and what a loss of your own is made with. */

export type { Tensor, TensorLike } from "./base/tensor.ts";
export * from "./loss/index.ts";
