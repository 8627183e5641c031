/**
 * Parts that can be given by name, by object or as a configuration: activations, initializers, regularizers, constraints.
 * One definition declares name, aliases, parameters and behaviour; factory, checks and configuration follow.
 */
import { InvalidArgumentError } from "../base/errors.ts";
import { finder } from "../base/finder.ts";
import {
  kebab,
  type OptionsOf,
  type Parameter,
  type Parameters,
  readOptions,
  refuseOption,
  showValue,
  type ValuesOf,
  type Written,
  writeOptions,
} from "../base/parameters.ts";
import type { NamedConfig } from "./contract.ts";

/** What every named part has besides its behaviour. */
export interface Named {
  readonly name: string;
  toConfig(): NamedConfig;
}

export interface Definition<I extends Named, P extends Parameters = Parameters, S extends keyof P & string = never> {
  readonly name: string;
  /** Other words for it. Case and separators never count, so `leaky_relu` needs no alias. */
  readonly aliases?: readonly string[];
  readonly parameters: P;
  /** The option that a single plain argument stands for: `l2(1e-4)` is `l2({ l2: 1e-4 })`. */
  readonly shorthand?: S;
  /** @throws what options that do not go together deserve. */
  make(values: ValuesOf<P>): Omit<I, keyof Named>;
}

type PartOptions<P extends Parameters> = [keyof P] extends [never] ? Readonly<Record<string, never>> : OptionsOf<P>;

/** Makes the part with the options given; where a part is asked for, the factory itself stands for its defaults. */
export interface Factory<I extends Named, P extends Parameters = Parameters, S extends keyof P & string = never> {
  (options?: PartOptions<P> | ([S] extends [never] ? never : Written<P[S]>)): I;
  readonly definition: { readonly name: string; readonly aliases?: readonly string[] };
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds factories of all parameter tables
type AnyFactory<I extends Named> = Factory<I, any, any>;

/** `const define = definer<Activation>()`, then one `define({ … })` a part. */
export function definer<I extends Named>() {
  return <const P extends Parameters, S extends keyof P & string = never>(
    definition: Definition<I, P, S>,
  ): Factory<I, P, S> => {
    const { name, parameters, shorthand, make } = definition;
    const factory = (given: unknown = {}): I => {
      const short = shorthand !== undefined && (typeof given !== "object" || given === null || Array.isArray(given));
      const values = readOptions(name, parameters, short ? { [shorthand]: given } : given);
      const part = { ...make(values), name, toConfig: () => ({ name, options: writeOptions(parameters, values) }) };
      return Object.freeze(part) as unknown as I;
    };
    return Object.assign(factory, { definition }) as unknown as Factory<I, P, S>;
  };
}

export interface Registry<I extends Named, N extends string = string> {
  /** The singular noun of messages: `"activation"`. */
  readonly kind: string;
  readonly names: readonly N[];
  /**
   * A name, a part, a factory or `{ name, options }`, as a part of this library: it can always be written and read again.
   * @throws UnknownNameError for a name that is not here, InvalidArgumentError for anything else.
   */
  resolve(value: unknown): I;
}

/** Collects factories by name. Throws when two claim one word. */
export function registryOf<I extends Named, const F extends Readonly<Record<string, AnyFactory<I>>>>(
  kind: string,
  factories: F,
): Registry<I, keyof F & string> {
  const all: readonly AnyFactory<I>[] = Object.values(factories);
  const names = all.map((factory) => factory.definition.name).sort();
  const byName = finder(kind, all);
  return {
    kind,
    names: names as (keyof F & string)[],
    resolve(value) {
      if (typeof value === "string") return byName(value)();
      if (typeof value === "function" && "definition" in value) {
        return byName((value.definition as { name: string }).name)();
      }
      const config = configOf(value);
      if (config !== undefined) return byName(config.name)(config.options as object);
      throw new InvalidArgumentError(`${kebab(kind)}/not-one`, {
        received: `${showValue(value)} was given as ${withArticle(kind)}`,
        expected: "a name, a configured object or { name, options } is needed",
        hint: `Names are ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}.`,
      });
    },
  };
}

const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;

/** The configuration behind a part, or the one that the value is; undefined for anything else. */
function configOf(value: unknown): NamedConfig | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const part = value as { toConfig?: unknown };
  const config = (typeof part.toConfig === "function" ? part.toConfig() : value) as Partial<NamedConfig>;
  if (typeof config.name !== "string") return undefined;
  if (Object.keys(config).some((key) => key !== "name" && key !== "options")) return undefined;
  return { name: config.name, options: config.options === undefined ? {} : config.options };
}

/** What may be written where a part is asked for. */
export type NamedWritten<I extends Named, N extends string> =
  | N
  | (string & {})
  | I
  | AnyFactory<I>
  | { readonly name: N | (string & {}); readonly options?: Readonly<Record<string, unknown>> };

/** An option that takes a part; `null` is the fallback too, as Keras writes it. */
export function part<I extends Named, N extends string>(
  registry: Registry<I, N>,
  fallback: NamedWritten<I, N>,
  about: string,
): Parameter<I, NamedWritten<I, N> | null> {
  return partOr(registry, registry.resolve(fallback), about);
}

/** An option that takes a part or nothing. */
export function optionalPart<I extends Named, N extends string>(
  registry: Registry<I, N>,
  about: string,
): Parameter<I | undefined, NamedWritten<I, N> | null> {
  return partOr<I, N, I | undefined>(registry, undefined, about);
}

function partOr<I extends Named, N extends string, V extends I | undefined>(
  registry: Registry<I, N>,
  fallback: V,
  about: string,
): Parameter<V, NamedWritten<I, N> | null> {
  return {
    about,
    required: false,
    fallback,
    read: (value) => (value === null ? fallback : (registry.resolve(value) as V)),
    write: (value) => value?.toConfig(),
  };
}

/** An option that takes a part and cannot do without. */
export function requiredPart<I extends Named, N extends string>(
  registry: Registry<I, N>,
  about: string,
): Parameter<I, NamedWritten<I, N>> {
  return {
    about,
    required: true,
    fallback: undefined as never,
    read(value, place) {
      if (value === null) throw refuseOption(place, value, `${withArticle(registry.kind)} is needed`, "Name one.");
      return registry.resolve(value);
    },
    write: (value) => value.toConfig(),
  };
}
