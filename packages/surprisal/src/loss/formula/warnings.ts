/**
 * Where a formula loses its digits in spite of stabilise. Found by measuring: the stabilised formula and its gradient are evaluated
 * at a fixed set of targets and predictions, rounded to float32 after every operation and once in float64, and what differs in
 * the third digit is reported. Only what those points show is found; float64 loses the same digits further out.
 */
import { roundTo } from "../../base/dtype.ts";
import { sizeOf } from "../../base/shape.ts";
import { constant, evaluateFloat64, gradient, input, type Node, stabilise } from "../../graph/index.ts";
import type { Domain } from "../domain.ts";
import { buildFormula } from "./build.ts";
import type { Meaning } from "./meaning.ts";
import type { Formula, Tree } from "./tree.ts";

/** A place where a formula loses its digits. */
export interface FormulaWarning {
  /** The part of the formula, as typed. */
  readonly part: string;
  readonly of: "value" | "gradient";
  /** The smallest and largest prediction at which it was seen in float32. */
  readonly from: number;
  readonly to: number;
  /** One sentence. */
  readonly message: string;
}

const classes = 3;
const tolerance = 1e-3;
const targetRows = [
  [0, 1, 0],
  [1, 0, 0],
  [0.25, 0.5, 0.25],
  [-1, 1, -1],
  [3, 2, 5],
];
const sizes = [0, 2 ** -12, 0.25, 1, 2, 4, 8, 12, 16, 20, 30, 40, 60, 80, 100, 300, 1000];
const anywhere = [...sizes, ...sizes.slice(1).map((x) => -x), 1 + 2 ** -12, 1 - 2 ** -12];

interface Seen {
  from: number;
  to: number;
}

export function findWarnings(
  formula: Formula,
  meaning: Meaning,
  parameters: Readonly<Record<string, number>>,
): FormulaWarning[] {
  const { targets, predictions } = points(meaning.predictions);
  const shape = [predictions.length / classes, classes];
  const yTrue = input("yTrue", "float32", shape);
  const yPred = input("yPred", "float32", shape);
  const parts: { tree: Tree; node: Node }[] = [];
  const onPart = (tree: Tree, node: Node) => parts.push({ tree, node });
  const value = buildFormula(formula.tree, meaning, { yTrue, yPred, parameters, onPart });
  const [stable, ...settled] = stabilise([value, ...parts.map(({ node }) => node)]) as [Node, ...Node[]];
  const slope = gradient(stable, [yPred], constant(1, "float32", stable.shape))[0] as Node;

  const nodes = [stable, slope, ...settled];
  const bindings = new Map([
    [yTrue, targets],
    [yPred, predictions],
  ]);
  const exact = evaluateFloat64(nodes, bindings);
  const rounded = evaluateFloat64(nodes, bindings, (node, values) => {
    values.forEach((x, i) => {
      values[i] = roundTo(node.dtype, x);
    });
  });
  const lost = (index: number, i: number) => isLost(exact[index]?.[i] as number, rounded[index]?.[i] as number);

  const found = new Map<string, Seen>();
  const see = (of: "value" | "gradient", tree: Tree, prediction: number) => {
    const key = JSON.stringify([of, formula.text.slice(tree.start, tree.end)]);
    const seen = found.get(key) ?? { from: prediction, to: prediction };
    found.set(key, { from: Math.min(seen.from, prediction), to: Math.max(seen.to, prediction) });
  };
  const perRow = meaning.result === "row";
  for (let i = 0; i < sizeOf(stable.shape); i++) {
    if (!lost(0, i)) continue;
    const first = perRow ? i * classes : i;
    const entries = perRow ? [first, first + 1, first + 2] : [first];
    const row = Math.floor(first / classes);
    /** Innermost first: the first part that is lost there is to blame. */
    const blamed = parts.find((_, k) => {
      const size = sizeOf((settled[k] as Node).shape);
      const at = size === predictions.length ? entries : size === shape[0] ? [row] : [];
      return at.some((j) => lost(k + 2, j));
    });
    // Of a row, the entry that stands out is what people look for.
    const largest = entries.map((j) => predictions[j] as number).reduce((a, x) => (Math.abs(x) > Math.abs(a) ? x : a));
    see("value", blamed?.tree ?? formula.tree, largest);
  }
  predictions.forEach((prediction, i) => {
    if (lost(1, i) && !lost(0, perRow ? Math.floor(i / classes) : i)) see("gradient", formula.tree, prediction);
  });
  return [...found].map(([key, { from, to }]) => {
    const [of, part] = JSON.parse(key) as ["value" | "gradient", string];
    const where =
      from === to ? `at predictions of ${show(from)}` : `for predictions between ${show(from)} and ${show(to)}`;
    const what = of === "value" ? `${part} loses its digits` : `the gradient of ${part} loses its digits`;
    return { part, of, from, to, message: `In float32, ${what} ${where}.` };
  });
}

const largestFloat32 = 3.4028234663852886e38;
const smallestNormal = 2 ** -126;

/** Whether float32 arithmetic has fewer than three digits of a number that a float32 can hold. */
function isLost(exact: number, rounded: number): boolean {
  if (!Number.isFinite(exact) || Math.abs(exact) > largestFloat32 || Math.abs(exact) < smallestNormal) {
    return exact === 0 && !Number.isFinite(rounded);
  }
  return !(Math.abs(rounded - exact) <= tolerance * Math.abs(exact));
}

const show = (x: number) => `${Number(x.toPrecision(4))}`;

/** Every row of targets with every prediction, and beside it two others. */
function points({ accepts, name }: Domain): { targets: number[]; predictions: number[] } {
  const bounded = name === "probabilities" ? [2 ** -40, 2 ** -12, 0.25, 0.5, 1 - 2 ** -12, 1 - 2 ** -24] : [];
  const tried = [...anywhere, ...bounded].filter(accepts);
  const targets: number[] = [];
  const predictions: number[] = [];
  for (const row of targetRows) {
    for (const x of tried) {
      targets.push(...row);
      predictions.push(...[x, 0.25, x / 2]);
    }
  }
  return { targets, predictions: predictions.map((x) => Math.fround(x)) };
}
