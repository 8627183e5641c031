/** The loss of a task, and the output layer it goes with: both follow from what the loss says of itself. */
import { InvalidArgumentError, losses } from "surprisal";
import { taskDefaults } from "./defaults.ts";
import type { Task } from "./task.ts";

export interface LossChoice {
  readonly name: string;
  /** Of the output layer. */
  readonly activation: string;
  /** Trained on rows of 0 and 1 rather than class numbers. */
  readonly oneHot: boolean;
  /** Whether a numeric target may be standardised. */
  readonly scale: boolean;
}

/** Tasks of losses that serve a task of the command line. */
const serving: Readonly<Record<Task, readonly string[]>> = {
  binary: ["binary"],
  multiclass: ["multiclass", "distribution"],
  regression: ["regression", "count"],
};
/** The activation that gives what a loss takes as predictions, by the name of that domain. */
const outputs: Readonly<Record<Task, Readonly<Record<string, string>>>> = {
  binary: { probabilities: "sigmoid" },
  multiclass: { probabilities: "softmax", distribution: "softmax" },
  regression: { logits: "linear", real: "linear", rates: "exponential" },
};

/** @throws UnknownNameError for a loss that does not exist, InvalidArgumentError for one that does not suit the task. */
export function chooseLoss(task: Task, asked?: string): LossChoice {
  const loss = losses.get(asked ?? taskDefaults[task].loss);
  const { definition, params, targets } = loss;
  const given = definition.yPred ?? losses.domains.logits;
  const domain = typeof given === "function" ? given(params) : given;
  const activation = serving[task].includes(definition.task ?? "") ? outputs[task][domain.name] : undefined;
  if (activation !== undefined) {
    const oneHot = task === "multiclass" && targets === "real";
    return { name: loss.name, activation, oneHot, scale: domain !== losses.domains.rates };
  }
  const suited = losses.list().filter((known) => suits(task, known.name));
  throw new InvalidArgumentError("cli/loss", {
    received: `--loss ${loss.name} was asked for a ${task} task`,
    expected: `it is a loss for ${definition.task ?? "another"} tasks${task === "regression" ? "" : ", or gives no probabilities"}`,
    hint: `Use one of ${suited.map(({ name }) => name).join(", ")}, or another --task.`,
  });
}

function suits(task: Task, name: string): boolean {
  const { definition, params } = losses.get(name);
  const given = definition.yPred ?? losses.domains.logits;
  const domain = typeof given === "function" ? given(params) : given;
  return serving[task].includes(definition.task ?? "") && outputs[task][domain.name] !== undefined;
}
