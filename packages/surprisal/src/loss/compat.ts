/** What a loss is called elsewhere, and how to say there what is said here. */

/** Libraries that ours are compared with. */
export type Framework = "keras" | "pytorch" | "optax" | "scikit-learn";

/** A loss of another library that is one of ours. */
export interface Compat {
  readonly framework: Framework;
  /** As it is imported: `keras.losses.Huber`, `sklearn.linear_model.SGDRegressor(loss="huber")`. */
  readonly name: string;
  /** Their argument → our option, beside what all losses of the library take (`commonArguments`). */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Options that ours needs to be the same. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Where the two differ nevertheless; sentences. */
  readonly differs?: string;
}

/** Their argument → our option, for every loss of a library. */
export const commonArguments: Readonly<Record<Framework, Readonly<Record<string, string>>>> = {
  keras: { sample_weight: "sampleWeight", reduction: "reduction" },
  pytorch: { reduction: "reduction" },
  optax: {},
  "scikit-learn": { sample_weight: "sampleWeight" },
};
