/**
 * What a learning-rate schedule is: a pure function from the update index (0, 1, 2 …) to a rate, which knows the
 * configuration it came from.
 */
import {
  type Parameters,
  readOptions,
  requiredNumber,
  type ValuesOf,
  type Written,
  writeOptions,
} from "../../base/parameters.ts";

/** A configured schedule. Call it with the update index, counted from 0, to get the rate. */
export interface Schedule {
  (updateIndex: number): number;
  /** Plain data from which `schedules.fromConfig` makes the same schedule. */
  toConfig(): { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
}

/** A schedule type: one file declares one. */
export interface ScheduleDefinition<P extends Parameters> {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One sentence, with the formula. */
  readonly summary: string;
  readonly parameters: P;
  /** Checks that take more than one option; throws typed errors. */
  check?(values: ValuesOf<P>): void;
  rate(updateIndex: number, values: ValuesOf<P>): number;
}

/** Options of a schedule: those that must be given, and the others. */
export type ScheduleOptions<P extends Parameters, Required extends keyof P> = {
  readonly [K in Required]: Written<P[K]>;
} & { readonly [K in Exclude<keyof P, Required>]?: Written<P[K]> | undefined };

/** Makes schedules of one type. */
export interface ScheduleFactory<P extends Parameters, Required extends keyof P> {
  (options: ScheduleOptions<P, Required>): Schedule;
  readonly definition: ScheduleDefinition<P>;
}

export function defineSchedule<P extends Parameters, const Required extends keyof P = never>(
  definition: ScheduleDefinition<P>,
  _required: readonly Required[],
): ScheduleFactory<P, Required> {
  const make = (options: unknown): Schedule => {
    const values = readOptions(definition.name, definition.parameters, options);
    definition.check?.(values);
    const config = Object.freeze({
      name: definition.name,
      options: Object.freeze(writeOptions(definition.parameters, values)),
    });
    return Object.assign((updateIndex: number) => definition.rate(updateIndex, values), { toConfig: () => config });
  };
  return Object.assign((options: ScheduleOptions<P, Required>) => make(options), { definition });
}

/** The rate that a schedule starts from. */
export const startingRate = () => requiredNumber("the rate at update 0", { min: 0 });

/** A length in updates. */
export const updates = (about: string) => requiredNumber(about, { min: 0, open: true });
