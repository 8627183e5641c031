/** From a formula that was read to a graph. */
import { broadcastTo, cast, constant, type Node, type Operand, reshape, where } from "../../graph/index.ts";
import { constants } from "./functions.ts";
import { isCondition, type Meaning, targetNames } from "./meaning.ts";
import { type CallTree, partsOf, type Tree } from "./tree.ts";

export interface FormulaInputs {
  readonly yTrue: Node;
  readonly yPred: Node;
  readonly parameters: Readonly<Record<string, number>>;
  /** Is told what each part became. */
  readonly onPart?: ((part: Tree, value: Node) => void) | undefined;
}

/** Put in place of what a condition leaves out: in the domain of every function here. */
const harmless = 0.5;

/** The value of the formula: elementwise (yPred's shape), or one number a row (without the last axis). */
export function buildFormula(tree: Tree, meaning: Meaning, inputs: FormulaInputs): Node {
  const { shape } = inputs.yPred;
  const value = asNode(build(tree, meaning, inputs), inputs);
  return meaning.result === "row" ? reshape(value, shape.slice(0, -1)) : broadcastTo(value, shape);
}

const asNode = (value: Operand, { yPred }: FormulaInputs): Node =>
  typeof value === "number" ? constant(value, yPred.dtype, []) : value;

function build(tree: Tree, meaning: Meaning, inputs: FormulaInputs): Operand {
  if (tree.kind === "number") return tree.value;
  if (tree.kind === "name") return named(tree.name, inputs);
  const called = meaning.functionOf(tree);
  const operands = operandsOf(tree, meaning, inputs);
  const allNumbers = operands.every((operand) => typeof operand === "number");
  if (allNumbers && called.number !== undefined) return called.number(...operands);
  // Two numbers compared, or chosen between: nodes of them, for a condition is a node.
  const ready =
    allNumbers || called.conditions !== undefined ? operands.map((operand) => asNode(operand, inputs)) : operands;
  const value = called.build(...ready);
  inputs.onPart?.(tree, value);
  return value;
}

function named(name: string, { yTrue, yPred, parameters }: FormulaInputs): Operand {
  if (Object.hasOwn(parameters, name)) return parameters[name] as number;
  if (Object.hasOwn(constants, name)) return constants[name] as number;
  return targetNames.includes(name) ? yTrue : yPred;
}

function operandsOf(tree: CallTree, meaning: Meaning, inputs: FormulaInputs): Operand[] {
  const called = meaning.functionOf(tree);
  const operand = (arg: Tree, i: number, within: FormulaInputs): Operand => {
    const value = build(arg, meaning, within);
    // A condition among numbers counts as 1 where it holds and 0 where it does not.
    const counts = isCondition(arg) && called.conditions?.includes(i) !== true;
    return counts ? cast(value as Node, inputs.yPred.dtype) : value;
  };
  const [condition, ...branches] = tree.args;
  const choosing = called.conditions?.length === 1 && branches.length === 2;
  if (!choosing) return tree.args.map((arg, i) => operand(arg, i, inputs));
  const chosen = operand(condition as Tree, 0, inputs) as Node;
  return [
    chosen,
    ...branches.map((branch, i) =>
      operand(branch, i + 1, needsGuard(branch, meaning) ? guarded(chosen, i === 0, inputs) : inputs),
    ),
  ];
}

/** Whether a branch may be infinite where it is not chosen; a branch over a whole row needs all of its inputs. */
function needsGuard(branch: Tree, meaning: Meaning): boolean {
  const calls = partsOf(branch).filter((part): part is CallTree => part.kind === "call");
  const all = calls.map(meaning.functionOf);
  const overRow = calls.some((call) => call.args.some((arg) => meaning.levelOf(arg) > meaning.levelOf(call)));
  return all.some((called) => called.partial) && all.every((called) => called.reach === "element") && !overRow;
}

/** Where the branch is not chosen it sees a harmless number, so that no NaN of it reaches a gradient. */
function guarded(condition: Node, first: boolean, inputs: FormulaInputs): FormulaInputs {
  const keep = (x: Node) => {
    const wide = broadcastTo(condition, x.shape);
    return first ? where(wide, x, harmless) : where(wide, harmless, x);
  };
  return { ...inputs, yTrue: keep(inputs.yTrue), yPred: keep(inputs.yPred) };
}
