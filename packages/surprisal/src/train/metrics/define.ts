/**
 * What a metric is: options, and (once the shapes are known) a state, its update as nodes and its value on the host. State is
 * float64, so that counts and sums stay exact over long epochs, whatever the model computes in.
 */
import {
  type OptionsOf,
  type Parameters,
  readOptions,
  refuseOption,
  type ValuesOf,
  writeOptions,
} from "../../base/parameters.ts";
import type { Shape } from "../../base/shape.ts";
import type { TargetKind } from "../../loss/contract.ts";
import type { Metric, MetricInputs } from "../contract.ts";

/** What a metric is fitted to. Shapes are whole, the batch axis first. */
export interface MetricContext {
  readonly yTrueShape: Shape;
  readonly yPredShape: Shape;
  /** `classIndex`: int32 labels [n]; `real`: numbers of yPred's shape. */
  readonly targets: TargetKind;
}

/** A configured metric that has not met its data yet; `metrics.get` binds it. */
export interface MetricSpec {
  /** As it is called in the history. */
  readonly name: string;
  bind(context: MetricContext): Metric;
  /** Plain data from which `metrics.fromConfig` makes the same metric. */
  toConfig(): { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
}

export type State = Readonly<Record<string, ArrayLike<number>>>;

/** The working parts of a metric, without its name and configuration. */
export interface MetricBody {
  readonly state: Metric["state"];
  update(inputs: MetricInputs): ReturnType<Metric["update"]>;
  result(state: State): number;
  values?(state: State): readonly number[];
}

/** A metric type: one file declares one. */
export interface MetricDefinition<P extends Parameters> {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One sentence. */
  readonly summary: string;
  readonly better: "higher" | "lower";
  readonly parameters: P;
  build(values: ValuesOf<P>, context: MetricContext): MetricBody;
}

/** A metric's own options, and what it is called in the history (its own name by default). */
export type MetricOptions<P extends Parameters> = OptionsOf<P> & { readonly name?: string | undefined };

/** Makes metrics of one type. */
export interface MetricFactory<P extends Parameters> {
  (options?: MetricOptions<P>): MetricSpec;
  readonly definition: MetricDefinition<P>;
}

export function defineMetric<P extends Parameters>(definition: MetricDefinition<P>): MetricFactory<P> {
  const make = (options: MetricOptions<P> = {} as MetricOptions<P>): MetricSpec => {
    const { name = definition.name, ...own } = options as { name?: unknown };
    if (typeof name !== "string" || name === "") {
      const place = { owner: definition.name, option: "name" };
      throw refuseOption(place, name, "a name for the history is needed", 'Pass a word such as "accuracyAt3".');
    }
    const values = readOptions(definition.name, definition.parameters, own);
    const config = Object.freeze({
      name: definition.name,
      options: { ...writeOptions(definition.parameters, values), ...(name !== definition.name && { name }) },
    });
    const toConfig = () => config;
    const bind = (context: MetricContext): Metric => ({
      name,
      better: definition.better,
      ...definition.build(values, context),
      toConfig,
    });
    return { name, bind, toConfig };
  };
  return Object.assign(make, { definition });
}
