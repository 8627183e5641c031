/** The classes of arithmetic that the engine running the tests can compute in; products differ in their last bits between them. */
import { capabilities } from "../../src/backends/wasm/capabilities.ts";

export interface ArithmeticClass {
  readonly name: "wasm" | "wasm-fma";
  readonly fusedMultiplyAdd: boolean;
}

export const classes: readonly ArithmeticClass[] = [
  { name: "wasm", fusedMultiplyAdd: false },
  ...(capabilities().fusedMultiplyAdd ? [{ name: "wasm-fma", fusedMultiplyAdd: true } as const] : []),
];
