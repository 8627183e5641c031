/** Parameter sets that a loss is tried with, beside its defaults, by its name. */
export type Variants = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
