/** `formulaLoss`: a loss typed as in a textbook. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { dataOptions } from "../configured.ts";
import type { ConfiguredLoss, LossFunction } from "../define.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { choice, finite, type Param } from "../params.ts";
import { buildFormula } from "./build.ts";
import { foldName, functionNames } from "./functions.ts";
import { readMeaning, targetNames } from "./meaning.ts";
import { parseFormula } from "./parser.ts";
import { type FormulaWarning, findWarnings } from "./warnings.ts";

/** The parameters of a formula: the formula itself, which cannot be changed, and those that it names. */
// biome-ignore lint/suspicious/noExplicitAny: what parameters there are is in the formula, where no type sees it
export type FormulaParams = Readonly<Record<string, Param<any>>>;

/** A loss made of a formula. */
export interface FormulaLoss extends LossFunction<FormulaParams> {
  /**
   * Where digits are lost all the same, in float32 and at the default parameters: found by evaluating the formula at some 200 points
   * when this is first read. An empty list says that those points are right to three digits and more, value and gradient.
   */
  readonly warnings: readonly FormulaWarning[];
}

/** The name of every loss made of a formula; with the formula it is the whole configuration. */
export const formulaName = "formulaLoss";
const reserved: readonly string[] = [...targetNames, "yPred", "formula", "reduction", ...dataOptions];

/** Definitions made here, which a configuration leads back to. */
const made = new WeakSet<object>();
export const isFormulaDefinition = (definition: object): boolean => made.has(definition);

/**
 * A loss from a formula, as in a textbook: `formulaLoss("-(y*log(p) + (1 - y)*log(1 - p))")`. It is parsed (never run as code), and
 * stabilised, differentiated and compiled like every loss.
 *
 * Names: `y` or `yTrue` is the target; `yPred`, `p`, `q` and `z` are the prediction as the model puts it out (one of them a formula);
 * `pi` and `e`; and the parameters. Both are float, of the prediction's shape: classes are one-hot rows.
 * Operators, from loose to tight: `c ? a : b`, `||`, `&&`, one comparison, `+ -`, `* /`, a sign before an operand, `^` or `**`. A
 * condition among numbers counts as 0 or 1. Functions: exp, expm1, log, log1p, sqrt, square, pow, abs, sign, floor, tanh, cosh, erf,
 * atan, sigmoid, logSigmoid, softplus, relu, clip(x, low, high), where(c, a, b), max and min (of several operands, or of one over the
 * classes); over the last axis, the classes: sum, mean, logSumExp, softmax, logSoftmax.
 *
 * An elementwise result is averaged over the last axis; one that sum, mean, max, min or logSumExp already reduced is one number a row.
 * Where the formula takes log(p) of the prediction itself, predictions below 0 are refused, and with log(1 − p) those above 1, too.
 * @param parameters named numbers with their defaults: `formulaLoss("max(t*(y - p), (t - 1)*(y - p))", { t: 0.9 })`; the loss takes
 * them as options.
 * @throws InvalidArgumentError with a caret under the place; a formula has at most 4000 characters and is nested at most 100 deep.
 */
export function formulaLoss(text: string, parameters: Readonly<Record<string, number>> = {}): FormulaLoss {
  if (typeof text !== "string") throw notText(text);
  checkParameters(parameters);
  const formula = parseFormula(text);
  const names = Object.keys(parameters);
  const meaning = readMeaning(formula, names);
  const definition = {
    name: formulaName,
    summary: "A formula of one's own.",
    formula: text,
    yTrue: real,
    yPred: meaning.predictions,
    axis: meaning.result === "row" ? ("class" as const) : ("mean" as const),
    oneClass: true as const,
    params: {
      formula: choice([text], "the formula, which stays"),
      ...Object.fromEntries(
        names.map((name) => [name, finite(parameters[name] as number, "a parameter of the formula")]),
      ),
    } as unknown as FormulaParams,
    value: (yTrue: Parameters<typeof buildFormula>[2]["yTrue"], yPred: typeof yTrue, given: object) =>
      buildFormula(formula.tree, meaning, { yTrue, yPred, parameters: numbersOf(given) }),
  };
  made.add(definition);
  const loss = defineLoss<FormulaParams>(definition);
  let warnings: readonly FormulaWarning[] | undefined;
  return Object.defineProperty(loss, "warnings", {
    enumerable: true,
    get: () => {
      warnings ??= Object.freeze(findWarnings(formula, meaning, parameters));
      return warnings;
    },
  }) as FormulaLoss;
}

function numbersOf(params: object): Record<string, number> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== "formula"));
}

/** The loss that a configuration's params describe. They may hold anything. */
export function formulaFromParams(params: Readonly<Record<string, unknown>>): ConfiguredLoss {
  const { formula, reduction, ...parameters } = params;
  if (typeof formula !== "string") throw notText(formula);
  const loss = formulaLoss(formula, parameters as Record<string, number>);
  return loss(reduction === undefined ? {} : ({ reduction } as object)) as unknown as ConfiguredLoss;
}

function notText(given: unknown): InvalidArgumentError {
  return new InvalidArgumentError("formula/text", {
    received: `${given === null ? "null" : given === undefined ? "nothing" : `a ${typeof given}`} was given as a formula`,
    expected: "it is a text",
    hint: `Write formulaLoss("(y - p)^2").`,
  });
}

function checkParameters(parameters: unknown): asserts parameters is Record<string, number> {
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
    throw parameterError(
      `the parameters are ${JSON.stringify(parameters) ?? typeof parameters}`,
      "they are an object of numbers",
    );
  }
  for (const [name, value] of Object.entries(parameters)) {
    const quoted = JSON.stringify(name);
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      throw parameterError(`a parameter is called ${quoted}`, "names are letters, digits and _, a letter first");
    }
    if (reserved.includes(name) || functionNames.some((known) => foldName(known) === foldName(name))) {
      throw parameterError(`a parameter is called ${quoted}`, "that name means something already");
    }
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw parameterError(
        `the parameter ${quoted} is ${JSON.stringify(value) ?? typeof value}`,
        "it needs a finite number as default",
      );
    }
  }
}

const parameterError = (received: string, expected: string) =>
  new InvalidArgumentError("formula/parameter", {
    received,
    expected,
    hint: `Pass them as in formulaLoss("max(t*(y - p), (t - 1)*(y - p))", { t: 0.9 }).`,
  });
