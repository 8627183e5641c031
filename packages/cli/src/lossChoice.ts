/** The loss of a task, and the output layer it goes with: both follow from what the loss says of itself. */
import { chooseLoss as advise, InvalidArgumentError, losses } from "surprisal";
import type { Task } from "./task.ts";

export interface LossChoice {
  readonly loss: losses.Loss;
  /** As it is shown: the loss's name, or the formula. */
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

/** Anything else is a formula. */
const isName = /^[\w-]+$/;
/** The activation whose results a formula can take, by the name of the domain that its logarithms leave. */
const outputsOfFormulas: Readonly<Record<Task, Readonly<Record<string, string>>>> = {
  binary: { probabilities: "sigmoid", rates: "sigmoid", logits: "sigmoid" },
  multiclass: { probabilities: "softmax", rates: "softmax", logits: "softmax" },
  regression: { probabilities: "sigmoid", rates: "exponential", logits: "linear" },
};

/** Of classes, y is 0 or 1 (a row of them for several) and p the probability; of numbers, y is as in the file, not standardised. */
function ofFormula(task: Task, formula: string): LossChoice {
  const loss = losses.formulaLoss(formula);
  if (task !== "regression" && /\bz\b/.test(formula)) {
    throw new InvalidArgumentError("cli/loss-on-logits", {
      received: `--loss "${formula}" uses z`,
      expected: `the model of a ${task} task puts out probabilities`,
      hint: "Write the formula with the probability p; it is trained on the logits behind it all the same.",
    });
  }
  const domain = loss.definition.yPred as losses.Domain;
  const activation = outputsOfFormulas[task][domain.name] as string;
  return { loss, name: formula, activation, oneHot: task === "multiclass", scale: false };
}

/** @throws UnknownNameError for a loss that does not exist, InvalidArgumentError for one that does not suit the task. */
export function chooseLoss(task: Task, asked?: string): LossChoice {
  if (asked !== undefined && !isName.test(asked)) return ofFormula(task, asked);
  const loss = losses.get(asked ?? advise({ task }).name);
  const { definition, params, targets } = loss;
  const given = definition.yPred ?? losses.domains.logits;
  const domain = typeof given === "function" ? given(params) : given;
  const activation = serving[task].includes(definition.task ?? "") ? outputs[task][domain.name] : undefined;
  if (activation !== undefined) {
    const oneHot = task === "multiclass" && targets === "real";
    return { loss, name: loss.name, activation, oneHot, scale: domain !== losses.domains.rates };
  }
  const suited = losses.list().filter((known) => suits(task, known.name));
  throw new InvalidArgumentError("cli/loss", {
    received: `--loss ${loss.name} was asked for a ${task} task`,
    expected: `it is a loss for ${definition.task ?? "another"} tasks${task === "regression" ? "" : ", or gives no probabilities"}`,
    hint: `Use one of ${suited.map(({ name }) => name).join(", ")}, or fit with another --task.`,
  });
}

function suits(task: Task, name: string): boolean {
  const { definition, params } = losses.get(name);
  const given = definition.yPred ?? losses.domains.logits;
  const domain = typeof given === "function" ? given(params) : given;
  return serving[task].includes(definition.task ?? "") && outputs[task][domain.name] !== undefined;
}
