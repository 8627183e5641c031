/** simplify: removes what differentiation leaves behind. Each rule is exact for every value, NaN and infinity included. */
import { roundTo } from "../../base/dtype.ts";
import { build as b, constantValue, type Node, type Operand, ops, rewrite } from "../../graph/index.ts";

type Fold = (node: Node) => Node | undefined;

const isZero = (node: Node | undefined) => node !== undefined && Object.is(constantValue(node), 0);
const isOne = (node: Node | undefined) => node !== undefined && constantValue(node) === 1;
const inputs = (node: Node) => node.inputs as [Node, Node, Node];

/** Ops of constants that are the same everywhere. */
const foldConstants: Fold = (node) => {
  const scalar = node.op.scalar;
  if (scalar === undefined || node.inputs.length === 0) return undefined;
  const values = node.inputs.map(constantValue);
  if (values.some((v) => v === undefined)) return undefined;
  const value = scalar(...(values as number[]));
  // Integers wrap at once, as a kernel's do; floats are rounded when they are written.
  return b.constant(node.dtype === "int32" ? roundTo("int32", value) : value, node.dtype, node.shape);
};

/** x + 0 changes only −0, which no rule of the language tells from 0. */
const addZero: Fold = (node) => {
  if (node.op !== ops.add) return undefined;
  const [x, y] = inputs(node);
  return isZero(y) ? x : isZero(x) ? y : undefined;
};

const subtractZero: Fold = (node) => (node.op === ops.sub && isZero(node.inputs[1]) ? node.inputs[0] : undefined);

const timesOne: Fold = (node) => {
  if (node.op !== ops.mul) return undefined;
  const [x, y] = inputs(node);
  return isOne(y) ? x : isOne(x) ? y : undefined;
};

const overOne: Fold = (node) => (node.op === ops.div && isOne(node.inputs[1]) ? node.inputs[0] : undefined);

const doubleNegation: Fold = (node) =>
  node.op === ops.neg && node.inputs[0]?.op === ops.neg ? node.inputs[0].inputs[0] : undefined;

/** x + (−y) → x − y, and x · (−1) → −x. */
const signs: Fold = (node) => {
  const [x, y] = inputs(node);
  if (node.op === ops.add && y.op === ops.neg) return b.sub(x, y.inputs[0] as Node);
  if (node.op === ops.mul && constantValue(y) === -1) return b.neg(x);
  if (node.op === ops.mul && constantValue(x) === -1) return b.neg(y);
  return undefined;
};

/** Selecting between equal things, or by a constant. */
const plainWhere: Fold = (node) => {
  if (node.op !== ops.where) return undefined;
  const [condition, x, y] = inputs(node);
  const value = constantValue(condition);
  if (value !== undefined) return value !== 0 ? x : y;
  return x === y ? x : undefined;
};

/** Nested views of the same kind, and sums of constants. */
const views: Fold = (node) => {
  const inner = node.inputs[0];
  if (node.op === ops.broadcastTo && inner?.op === ops.broadcastTo)
    return b.broadcastTo(inner.inputs[0] as Node, node.shape);
  if (node.op === ops.transpose && node.attrs.permutation.every((axis: number, d: number) => axis === d)) return inner;
  return undefined;
};

/** Elementwise ops of one scalar that was broadcast are done before broadcasting. */
const beforeBroadcast: Fold = (node) => {
  if (node.op.scalar === undefined || node.shape.length === 0) return undefined;
  const isScalar = (x: Node) =>
    constantValue(x) !== undefined || (x.op === ops.broadcastTo && x.inputs[0]?.shape.length === 0);
  if (!node.inputs.some((x) => x.op === ops.broadcastTo) || !node.inputs.every(isScalar)) return undefined;
  const scalars = node.inputs.map((x) => {
    const value = constantValue(x);
    return value === undefined ? (x.inputs[0] as Node) : b.constant(value, x.dtype);
  });
  return b.broadcastTo(remake(node, scalars), node.shape);
};

function remake(node: Node, operands: readonly Node[]): Node {
  const name = node.op.name as keyof typeof b;
  return (b[name] as (...operands: Operand[]) => Node)(...operands);
}

/** Once gradients are taken, stopGradient does nothing. */
const dropStopGradient: Fold = (node) => (node.op === ops.stopGradient ? node.inputs[0] : undefined);

const rules: readonly Fold[] = [
  foldConstants,
  addZero,
  subtractZero,
  timesOne,
  overOne,
  doubleNegation,
  signs,
  plainWhere,
  views,
  beforeBroadcast,
];

export function simplify(outputs: readonly Node[]): Node[] {
  return rewrite(outputs, [dropStopGradient, ...rules]);
}

/** The same after decomposing, where a stopGradient marks a copy that must stay. */
export function cleanUp(outputs: readonly Node[]): Node[] {
  return rewrite(outputs, rules);
}
