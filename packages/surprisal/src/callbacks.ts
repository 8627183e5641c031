/** `surprisal/callbacks`: what happens between epochs and batches. */

export * from "./train/callbacks/index.ts";
export type { Callback, CallbackContext, Terminal } from "./train/contract.ts";
export type { Logs } from "./train/history.ts";
