/** Schedules by name. */
import { finder } from "../../base/finder.ts";
import { type Parameters, refuseOption } from "../../base/parameters.ts";
import { readRecord } from "../../base/record.ts";
import type { Schedule, ScheduleDefinition } from "./define.ts";
import * as factories from "./list.ts";

export type { Schedule, ScheduleDefinition } from "./define.ts";
export * from "./list.ts";

type Factory = { (options: object): Schedule; readonly definition: ScheduleDefinition<Parameters> };
const all = Object.values(factories) as unknown as readonly Factory[];
const find = finder("schedule", all);

/** The definitions of all schedules: names, options with defaults, one line each. */
export function list(): readonly ScheduleDefinition<Parameters>[] {
  return all.map((factory) => factory.definition);
}

/**
 * The schedule that a configuration describes: `{ name: "cosineDecay", options: { … } }`, as `toConfig` gives it.
 * @throws UnknownNameError for an unknown schedule or option; InvalidArgumentError for a value out of range.
 */
export function fromConfig(config: {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}): Schedule {
  const { name: given, options = {} } = readRecord(config, "schedule config", ["name"], ["options"]);
  if (typeof given !== "string") {
    const place = { owner: "schedules", option: "name" };
    throw refuseOption(place, given, "a name is needed", "Pass what toConfig() returned.");
  }
  return find(given)(options as object);
}
