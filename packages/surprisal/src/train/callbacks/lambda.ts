import type { Callback } from "../contract.ts";

/** A callback from single hooks: `lambda({ onEpochEnd: (epoch, logs) => … })`. */
export function lambda(hooks: Omit<Callback, "name"> & { readonly name?: string }): Callback {
  return { name: "lambda", ...hooks };
}
