/**
 * What the parts of a formula are, settled before any data is seen: which names it uses, whether each part is a number for each
 * element or for each row, and which predictions it can take.
 */
import { suggestNames } from "../../base/nearest.ts";
import { type Domain, logits, probabilities, rates } from "../domain.ts";
import { formulaError } from "./errors.ts";
import { constants, type FormulaFunction, findFunction, functionNames } from "./functions.ts";
import { type CallTree, type Formula, type NameTree, partsOf, type Tree } from "./tree.ts";

/** Names of the targets. */
export const targetNames: readonly string[] = ["y", "yTrue"];
/** Names of the predictions. */
export const predictionNames: readonly string[] = ["yPred", "p", "q", "z"];

/** A plain number, one for each row, or one for each element. */
export type Level = 0 | 1 | 2;

export interface Meaning {
  /** `row`: the class axis is summed up already. */
  readonly result: "row" | "element";
  /** What the formula's logarithms let the predictions be. */
  readonly predictions: Domain;
  readonly functionOf: (tree: CallTree) => FormulaFunction;
  readonly levelOf: (tree: Tree) => Level;
}

/** @throws InvalidArgumentError with a caret for names and operands that do not fit. */
export function readMeaning(formula: Formula, parameters: readonly string[]): Meaning {
  const { text, tree } = formula;
  const functionOf = new Map<CallTree, FormulaFunction>();
  const levels = new Map<Tree, Level>();
  let prediction: NameTree | undefined;
  for (const part of partsOf(tree)) {
    if (part.kind === "number") levels.set(part, 0);
    else if (part.kind === "name") {
      levels.set(part, levelOfName(text, part, parameters));
      if (parameters.includes(part.name) || !predictionNames.includes(part.name)) continue;
      if (prediction !== undefined && prediction.name !== part.name) throw twoNames(text, part, prediction.name);
      prediction = part;
    } else {
      const called = lookUp(text, part, parameters);
      functionOf.set(part, called);
      checkKinds(text, part, called);
      levels.set(
        part,
        levelOfCall(text, part, called, (arg) => levels.get(arg) as Level),
      );
    }
  }
  if (prediction === undefined) throw noPrediction(text, tree);
  if (isCondition(tree)) throw conditionResult(text, tree);
  return {
    result: levels.get(tree) === 1 ? "row" : "element",
    predictions: predictionsOf(tree, prediction.name),
    functionOf: (part) => functionOf.get(part) as FormulaFunction,
    levelOf: (part) => levels.get(part) as Level,
  };
}

export const isCondition = (tree: Tree): boolean => tree.kind === "call" && findFunction(tree.name)?.condition === true;

function levelOfName(text: string, part: NameTree, parameters: readonly string[]): Level {
  const { name } = part;
  if (parameters.includes(name) || Object.hasOwn(constants, name)) return 0;
  if (targetNames.includes(name) || predictionNames.includes(name)) return 2;
  const known = [...targetNames, ...predictionNames, ...parameters, ...Object.keys(constants)];
  const called = findFunction(name) !== undefined;
  throw formulaError("unknown-name", text, part, {
    received: `the formula uses "${name}"`,
    expected: called ? "it is a function, which needs its operands" : "no such name is known",
    hint: called
      ? `Write ${name}(…).`
      : `${suggestNames(name, known)} Pass parameters of your own with their defaults: formulaLoss("…", { ${name}: 1 }).`,
  });
}

function lookUp(text: string, part: CallTree, parameters: readonly string[]): FormulaFunction {
  const found = findFunction(part.name);
  if (found === undefined) {
    const isName = [...targetNames, ...predictionNames, ...parameters, ...Object.keys(constants)].includes(part.name);
    throw formulaError("unknown-function", text, part.at, {
      received: `the formula calls "${part.name}"`,
      expected: isName ? "it is a number, not a function" : "no such function is known",
      hint: isName ? `Write ${part.name}*(…) for a product.` : suggestNames(part.name, functionNames),
    });
  }
  const [least, most] = found.arity;
  if (part.args.length >= least && part.args.length <= most) return found;
  throw formulaError("operands", text, part, {
    received: `${part.name} has ${part.args.length} operand${part.args.length === 1 ? "" : "s"}`,
    expected: `it takes ${least === most ? least : `${least} to ${most}`}`,
    hint:
      found.reach === "element" ? "Separate operands with commas." : "It always goes over the last axis, the classes.",
  });
}

function checkKinds(text: string, part: CallTree, called: FormulaFunction): void {
  part.args.forEach((arg, i) => {
    if (called.conditions?.includes(i) !== true || isCondition(arg)) return;
    throw formulaError("condition", text, arg, {
      received: "a number stands here",
      expected: `${part.name} needs a condition`,
      hint: "Compare it with something, such as y > 0.",
    });
  });
}

function levelOfCall(text: string, part: CallTree, called: FormulaFunction, of: (arg: Tree) => Level): Level {
  const level = Math.max(...part.args.map(of)) as Level;
  // max and min are over the classes when they have one operand.
  const reduces = called.reach === "row" || (called.arity[0] === 1 && called.arity[1] > 1 && part.args.length === 1);
  if (!reduces && called.reach === "element") return level;
  if (level === 2) return reduces ? 1 : 2;
  throw formulaError("no-class-axis", text, part, {
    received: `${part.name} is applied to ${level === 0 ? "a plain number" : "what is one number a row already"}`,
    expected: "it goes over the classes of something that has one number each",
    hint: "Use it on y, on predictions or on what is made of them.",
  });
}

/** Names of the logarithm, by what they add to their operand. */
const logarithms: Readonly<Record<string, number>> = { log: 0, ln: 0, log1p: 1 };

/** From which logarithms are taken of the predictions themselves, outside conditions: log p wants p ≥ 0, log(1 − p) wants p ≤ 1. */
function predictionsOf(tree: Tree, prediction: string): Domain {
  let positive = false;
  let belowOne = false;
  const isPrediction = (part: Tree | undefined) => part?.kind === "name" && part.name === prediction;
  const visit = (part: Tree): void => {
    if (part.kind !== "call" || part.name === "where") return;
    part.args.forEach(visit);
    const plus = Object.hasOwn(logarithms, part.name) ? logarithms[part.name] : undefined;
    const [inner] = part.args;
    if (plus === undefined || inner === undefined) return;
    if (plus === 0 && isPrediction(inner)) positive = true;
    if (inner.kind !== "call") return;
    const [first, second] = inner.args;
    const fromOne = inner.name === "-" && first?.kind === "number" && first.value === 1 && isPrediction(second);
    if (plus === 0 ? fromOne : inner.name === "neg" && isPrediction(first)) belowOne = true;
  };
  visit(tree);
  return positive && belowOne ? probabilities : positive ? rates : logits;
}

function twoNames(text: string, part: NameTree, other: string) {
  return formulaError("two-names", text, part, {
    received: `the formula uses both "${other}" and "${part.name}"`,
    expected: `each of ${predictionNames.join(", ")} is the prediction, the numbers that the model puts out`,
    hint: "Keep one of them; the target is y. What is computed of the prediction is written out: sigmoid(z).",
  });
}

function noPrediction(text: string, tree: Tree) {
  return formulaError("no-prediction", text, tree, {
    received: "the formula does not use the prediction",
    expected: "a loss depends on it",
    hint: `Write it as one of ${predictionNames.join(", ")}.`,
  });
}

function conditionResult(text: string, tree: Tree) {
  return formulaError("condition-result", text, tree, {
    received: "the formula is a condition",
    expected: "a loss is a number",
    hint: "Write where(condition, a, b).",
  });
}
