/** `chooseLoss`: which loss suits a task, with the output layer that goes with it, and why. */
import type { Loss } from "../loss/contract.ts";
import { get } from "../loss/registry.ts";
import { type Advice, type ConsideredLoss, type Described, lossCases, type OutputUnits } from "./lossCases/index.ts";
import { checkDescription, formsOf, type LossDescription, type LossTask, type TargetForm } from "./lossDescription.ts";
import { lookAtTarget, type TargetLook } from "./targetColumn.ts";

/** What `chooseLoss` recommends. */
export interface LossChoice {
  /** What is predicted: as said, or as seen. */
  readonly task: LossTask;
  /** How the targets are to be written. */
  readonly targets: TargetForm;
  /** Configured: `model.compile({ loss })` takes it as it is. */
  readonly loss: Loss;
  /** Its name, and the options that differ from its defaults. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Of the last layer. */
  readonly activation: string;
  /** Of the last layer; in words where their number is not known. */
  readonly units: OutputUnits;
  /** For `compile`. */
  readonly metrics: readonly string[];
  /** Sentences: what was seen, then what follows from it. */
  readonly why: readonly string[];
  /** What else there is, each with the reason against it. */
  readonly considered: readonly ConsideredLoss[];
}

/** Tasks whose output has a unit for each value of a column, rather than for each number of a row. */
const unitForValue: readonly LossTask[] = ["multiclass", "ordinal"];
const classesOf = ({ distinct, width }: TargetLook, task: LossTask): number =>
  unitForValue.includes(task) ? (distinct ?? width) : width;

/**
 * The loss for a task that is described (`{ task: "multiclass", targets: "index" }`), for a target whose values are given (`{ target: values }`,
 * looked at and never changed), or both; circumstances such as `outliers: true` count as if they had been seen.
 * @throws UnknownNameError, InvalidArgumentError for a description that says nothing or too much; DataError for a target of one value.
 */
export function chooseLoss(description: LossDescription): LossChoice {
  checkDescription(description);
  const { target, task: said, targets, ...told } = description;
  const look = target === undefined ? undefined : lookAtTarget(target);
  const task = said ?? look?.task ?? "regression";
  const form =
    targets ?? (look !== undefined && formsOf[task].includes(look.targets) ? look.targets : formsOf[task][0]);
  // What was seen of another task says nothing of this one.
  const seen = task === look?.task ? look.circumstances : look && { classes: classesOf(look, task) };
  const defined = Object.fromEntries(Object.entries({ ...seen, ...told }).filter(([, value]) => value !== undefined));
  const described: Described = { ...defined, task, targets: form };
  const advice = lossCases
    .find((entry) => entry.task === task && (entry.when?.(described) ?? true))
    ?.advise(described) as Advice;
  const { loss: name, options = {}, why, ...rest } = advice;
  return {
    task,
    targets: form,
    ...rest,
    loss: (get(name) as unknown as (options: object) => Loss)(options),
    name,
    options,
    why: [...(look?.saw ?? []), ...why],
  };
}
