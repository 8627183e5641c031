/**
 * The rules, one row each. Every right-hand side equals the left for real arguments and keeps the digits that the left loses:
 * 1 − σ(x) near σ = 1, log of a sum whose largest term dominates, products of 0 and an infinite logarithm.
 */
import { build as b, constantValue, weighted } from "../build.ts";
import type { Node, OpRecord } from "../node.ts";
import { ops } from "../ops/index.ts";
import { areOpposite, logAddExp, logCosh } from "./hyperbolic.ts";
import { besideValue, isOp, isValue, operandOf, type StabiliseRule } from "./pattern.ts";

function rule(name: string, identity: string, apply: (node: Node) => Node | undefined): StabiliseRule {
  return { name, identity, apply };
}

/** f(x) → g(x) for op f on a node of op `inner`. */
function onOperand(outer: OpRecord, inner: OpRecord, make: (x: Node) => Node, identity: string): StabiliseRule {
  return rule(`${outer.name}-${inner.name}`, identity, (node) => {
    const x = operandOf(operandOf(node, outer), inner);
    return x === undefined ? undefined : make(x);
  });
}

/** The x of 1 − x, else undefined. */
function complementOf(node: Node | undefined): Node | undefined {
  return isOp(node, ops.sub) && isValue(node.inputs[0], 1) ? node.inputs[1] : undefined;
}

/** The z of Σ exp(z) over the last axis (kept), else undefined. */
function expSumOf(node: Node | undefined): Node | undefined {
  if (!isOp(node, ops.sum)) return undefined;
  const last = node.shape.length - 1;
  return node.attrs.axes.length === 1 && node.attrs.axes[0] === last ? operandOf(node.inputs[0], ops.exp) : undefined;
}

/** The node behind a broadcast along the last axis. */
const unbroadcast = (node: Node | undefined): Node | undefined => operandOf(node, ops.broadcastTo) ?? node;

/** The x of x / Σ x over the last axis, else undefined. */
function normalisedOf(node: Node | undefined): Node | undefined {
  if (!isOp(node, ops.div)) return undefined;
  const [x, divisor] = node.inputs as [Node, Node];
  const total = unbroadcast(divisor);
  const last = node.shape.length - 1;
  return isOp(total, ops.sum) && total.inputs[0] === x && total.attrs.axes.join() === `${last}` ? x : undefined;
}

/** The x and y of exp x + exp y, else undefined. */
function expPairOf(node: Node | undefined): readonly [Node, Node] | undefined {
  if (!isOp(node, ops.add)) return undefined;
  const [x, y] = node.inputs.map((side) => operandOf(side, ops.exp));
  return x === undefined || y === undefined ? undefined : [x, y];
}

/** What stands beside `factor` in a product, else undefined. */
function besideNode(node: Node | undefined, factor: Node): Node | undefined {
  if (!isOp(node, ops.mul)) return undefined;
  const [a, c] = node.inputs;
  return a === factor ? c : c === factor ? a : undefined;
}

/** (1 − y) softplus x + y softplus(−x), the logistic cost of the target y. */
const logisticCost = (y: Node, x: Node): Node =>
  b.add(weighted(b.sub(1, y), b.softplus(x)), weighted(y, b.softplus(b.neg(x))));

/** Whether a node is the same all along the last axis, being broadcast from one element. */
const sameAlongRow = (node: Node): boolean =>
  isOp(node, ops.broadcastTo) && (node.inputs[0]?.shape.at(-1) ?? 1) === 1 && (node.inputs[0]?.shape.length ?? 0) > 0;

const plainLogarithms: readonly OpRecord[] = [ops.log, ops.log1p];
const views: readonly OpRecord[] = [ops.reshape, ops.transpose, ops.slice, ops.broadcastTo];

/** The rewrites of `stabilise`, in order. */
export const rules: readonly StabiliseRule[] = [
  // Textbook sigmoids and softmaxes, recognised first so that the logarithms below find them.
  rule("logistic", "1 / (1 + exp x) → sigmoid(−x)", (node) => {
    if (!isOp(node, ops.div) || !isValue(node.inputs[0], 1)) return undefined;
    const x = operandOf(besideValue(node.inputs[1], ops.add, 1), ops.exp);
    return x === undefined ? undefined : b.sigmoid(b.neg(x));
  }),
  rule("logistic-ratio", "exp x / (1 + exp x) → sigmoid x", (node) => {
    if (!isOp(node, ops.div)) return undefined;
    const x = operandOf(node.inputs[0], ops.exp);
    return x !== undefined && operandOf(besideValue(node.inputs[1], ops.add, 1), ops.exp) === x
      ? b.sigmoid(x)
      : undefined;
  }),
  rule("logistic-share", "a / (1 + exp x) → a sigmoid(−x)", (node) => {
    if (!isOp(node, ops.div)) return undefined;
    const x = operandOf(besideValue(node.inputs[1], ops.add, 1), ops.exp);
    return x === undefined ? undefined : b.mul(node.inputs[0] as Node, b.sigmoid(b.neg(x)));
  }),
  rule("softmax-ratio", "exp z / Σ exp z → softmax z", (node) => {
    if (!isOp(node, ops.div)) return undefined;
    const z = operandOf(node.inputs[0], ops.exp);
    return z !== undefined && expSumOf(unbroadcast(node.inputs[1])) === z ? b.softmax(z) : undefined;
  }),
  rule("softmax-normalised", "softmax z / Σ softmax z → softmax z", (node) => {
    const x = normalisedOf(node);
    return isOp(x, ops.softmax) ? x : undefined;
  }),
  rule("normalised-where", "where(row, softmax z, k) / its sum → where(row, softmax z, 1/n)", (node) => {
    const x = normalisedOf(node);
    if (!isOp(x, ops.where)) return undefined;
    const [row, kept, filler] = x.inputs as [Node, Node, Node];
    const uniform = constantValue(filler);
    if (!isOp(kept, ops.softmax) || uniform === undefined || !(uniform > 0) || !sameAlongRow(row)) return undefined;
    return b.where(row, kept, 1 / (x.shape.at(-1) as number));
  }),

  // Double negation, so that −(−x) does not hide a pattern.
  onOperand(ops.neg, ops.neg, (x) => x, "−(−x) → x"),

  // Logarithms of what has an exact logarithm.
  onOperand(ops.log, ops.exp, (x) => x, "log(exp x) → x"),
  onOperand(ops.log, ops.sigmoid, b.logSigmoid, "log(sigmoid x) → logSigmoid x"),
  onOperand(ops.log, ops.softmax, b.logSoftmax, "log(softmax z) → logSoftmax z"),
  rule("log-sum-exp", "log(Σ exp z) → logSumExp z", (node) => {
    const z = expSumOf(operandOf(node, ops.log));
    return z === undefined ? undefined : b.logSumExp(z, { keepDims: true });
  }),
  onOperand(ops.exp, ops.logSoftmax, b.softmax, "exp(logSoftmax z) → softmax z"),
  onOperand(ops.exp, ops.logSigmoid, b.sigmoid, "exp(logSigmoid x) → sigmoid x"),

  // Complements.
  rule("complement-sigmoid", "1 − sigmoid x → sigmoid(−x)", (node) => {
    const x = operandOf(complementOf(node), ops.sigmoid);
    return x === undefined ? undefined : b.sigmoid(b.neg(x));
  }),
  rule("complement-exp", "1 − exp x → −expm1 x", (node) => {
    const x = operandOf(complementOf(node), ops.exp);
    return x === undefined ? undefined : b.neg(b.expm1(x));
  }),
  rule("complement-tanh", "1 − tanh x → 2 sigmoid(−2x)", (node) => {
    const x = operandOf(complementOf(node), ops.tanh);
    return x === undefined ? undefined : b.mul(2, b.sigmoid(b.mul(-2, x)));
  }),
  rule("sqrt-minus-one", "sqrt(1 + x) − 1 → x / (sqrt(1 + x) + 1)", (node) => {
    if (!isOp(node, ops.sub) || !isValue(node.inputs[1], 1)) return undefined;
    const root = node.inputs[0] as Node;
    const x = besideValue(operandOf(root, ops.sqrt), ops.add, 1);
    return x === undefined ? undefined : b.div(x, b.add(root, 1));
  }),
  rule("exp-minus-one", "exp x − 1 → expm1 x", (node) => {
    if (!isOp(node, ops.sub) || !isValue(node.inputs[1], 1)) return undefined;
    const x = operandOf(node.inputs[0], ops.exp);
    return x === undefined ? undefined : b.expm1(x);
  }),

  // Logarithms near 1.
  rule("log-one-plus", "log(1 + x) → log1p x", (node) => {
    const x = besideValue(operandOf(node, ops.log), ops.add, 1);
    return x === undefined ? undefined : b.log1p(x);
  }),
  rule("log-one-minus", "log(1 − x) → log1p(−x)", (node) => {
    const x = complementOf(operandOf(node, ops.log));
    return x === undefined ? undefined : b.log1p(b.neg(x));
  }),
  rule("log-minus-expm1", "log(−expm1 x) → log1mexp x", (node) => {
    const x = operandOf(operandOf(operandOf(node, ops.log), ops.neg), ops.expm1);
    return x === undefined ? undefined : b.log1mexp(x);
  }),
  onOperand(ops.log1p, ops.exp, b.softplus, "log1p(exp x) → softplus x"),
  onOperand(ops.log1p, ops.expm1, (x) => x, "log1p(expm1 x) → x"),
  rule("log1p-minus-exp", "log1p(−exp x) → log1mexp x", (node) => {
    const x = operandOf(operandOf(operandOf(node, ops.log1p), ops.neg), ops.exp);
    return x === undefined ? undefined : b.log1mexp(x);
  }),
  rule("log1p-minus-sigmoid", "log1p(−sigmoid x) → logSigmoid(−x)", (node) => {
    const x = operandOf(operandOf(operandOf(node, ops.log1p), ops.neg), ops.sigmoid);
    return x === undefined ? undefined : b.logSigmoid(b.neg(x));
  }),
  rule("log-cosh", "log((exp x + exp(−x)) / 2) → log cosh x", (node) => {
    const half = operandOf(node, ops.log);
    const whole = isOp(half, ops.div) && isValue(half.inputs[1], 2) ? half.inputs[0] : besideValue(half, ops.mul, 0.5);
    const pair = expPairOf(whole);
    return pair !== undefined && areOpposite(...pair) ? logCosh(pair[0]) : undefined;
  }),
  rule("log-add-exp", "log(exp x + exp y) → the larger + softplus(−|x − y|)", (node) => {
    const pair = expPairOf(operandOf(node, ops.log));
    if (pair === undefined) return undefined;
    return areOpposite(...pair) ? b.add(logCosh(pair[0]), Math.LN2) : logAddExp(...pair);
  }),

  // Logits beside their own logarithm of a sum.
  rule("logits-minus-log-sum", "z − logSumExp z → logSoftmax z", (node) => {
    if (!isOp(node, ops.sub)) return undefined;
    const [z, total] = node.inputs as [Node, Node];
    if (operandOf(unbroadcast(total), ops.logSumExp) === z) return b.logSoftmax(z);
    return operandOf(unbroadcast(z), ops.logSumExp) === total ? b.neg(b.logSoftmax(total)) : undefined;
  }),
  rule("softplus-minus-product", "softplus x − y x → (1 − y) softplus x + y softplus(−x)", (node) => {
    const x = isOp(node, ops.sub) ? operandOf(node.inputs[0], ops.softplus) : undefined;
    const y = x === undefined ? undefined : besideNode(node.inputs[1], x);
    return x === undefined || y === undefined ? undefined : logisticCost(y, x);
  }),
  rule("product-plus-softplus", "(1 − y) x + softplus(−x) → (1 − y) softplus x + y softplus(−x)", (node) => {
    if (!isOp(node, ops.add)) return undefined;
    for (const [product, other] of [node.inputs, [...node.inputs].reverse()] as [Node, Node][]) {
      const x = operandOf(operandOf(other, ops.softplus), ops.neg);
      const y = x === undefined ? undefined : complementOf(besideNode(product, x));
      if (x !== undefined && y !== undefined) return logisticCost(y, x);
    }
    return undefined;
  }),
  rule("relu-plus-softplus", "max(x, 0) − t + softplus(−|x|) → softplus x − t", (node) => {
    if (!isOp(node, ops.add)) return undefined;
    for (const [first, other] of [node.inputs, [...node.inputs].reverse()] as [Node, Node][]) {
      const x = operandOf(operandOf(operandOf(other, ops.softplus), ops.neg), ops.abs);
      if (x === undefined) continue;
      if (besideValue(first, ops.maximum, 0) === x) return b.softplus(x);
      if (isOp(first, ops.sub) && besideValue(first.inputs[0], ops.maximum, 0) === x) {
        return b.sub(b.softplus(x), first.inputs[1] as Node);
      }
    }
    return undefined;
  }),

  // 0 · log 0 = 0.
  rule("zero-log-zero", "y · log x → xlogy(y, x)", (node) => {
    if (!isOp(node, ops.mul)) return undefined;
    const [a, c] = node.inputs as [Node, Node];
    for (const [y, l] of [
      [a, c],
      [c, a],
    ] as const) {
      const x = operandOf(l, ops.log);
      if (x !== undefined) return b.xlogy(y, x);
      const u = operandOf(l, ops.log1p);
      if (u !== undefined) return b.xlog1py(y, u);
    }
    return undefined;
  }),
  rule("zero-log-sum", "y (log a ± b) → y log a ± y b, each 0 where y is 0", (node) => {
    if (!isOp(node, ops.mul)) return undefined;
    for (const [y, terms] of [node.inputs, [...node.inputs].reverse()] as [Node, Node][]) {
      const isSum = terms.op === ops.neg || terms.op === ops.add || terms.op === ops.sub;
      const hasLogarithm = terms.inputs.some((term) => plainLogarithms.includes(term.op));
      if (!isSum || !hasLogarithm || constantValue(y) !== undefined) continue;
      if (terms.op === ops.neg) return b.neg(b.mul(y, terms.inputs[0] as Node));
      const [first, second] = terms.inputs.map((term) => b.mul(y, term)) as [Node, Node];
      return terms.op === ops.add ? b.add(first, second) : b.sub(first, second);
    }
    return undefined;
  }),
  rule("xlogy-of-known", "xlogy(y, softmax z) → y · logSoftmax z, 0 where y is 0", (node) => {
    if (!isOp(node, ops.xlogy) && !isOp(node, ops.xlog1py)) return undefined;
    const [y, x] = node.inputs as [Node, Node];
    const better = settleLogarithm(isOp(node, ops.xlogy) ? b.log(x) : b.log1p(x));
    return better === undefined ? undefined : weighted(y, better);
  }),
  rule(
    "xlogy-of-normalised",
    "xlogy(y, x / Σ x) → −y log1p(rest / top) at the largest x, the rest being the others",
    (node) => {
      const x = isOp(node, ops.xlogy) ? normalisedOf(node.inputs[1]) : undefined;
      return x === undefined ? undefined : logOfNormalised(node.inputs[0] as Node, x);
    },
  ),

  // A logarithm moves through what only selects, divides or moves elements, to meet the function that made them.
  rule("log-of-where", "log(where(c, a, b)) → where(c, log a, log b)", (node) => {
    if (!plainLogarithms.includes(node.op)) return undefined;
    const negated = isOp(node, ops.log1p) ? operandOf(node.inputs[0], ops.neg) : undefined;
    const inner = negated ?? node.inputs[0];
    if (!isOp(inner, ops.where)) return undefined;
    const [condition, x, y] = inner.inputs as [Node, Node, Node];
    const f = (branch: Node): Node => {
      const operand = negated === undefined ? branch : b.neg(branch);
      return isOp(node, ops.log) ? b.log(operand) : b.log1p(operand);
    };
    if (![x, y].some((branch) => settleLogarithm(f(branch)) !== undefined)) return undefined;
    const settled = (branch: Node): Node => {
      const value = constantValue(branch);
      if (value === undefined) return f(branch);
      const argument = negated === undefined ? value : -value;
      return b.constant(isOp(node, ops.log) ? Math.log(argument) : Math.log1p(argument), branch.dtype, branch.shape);
    };
    return b.where(condition, settled(x), settled(y));
  }),
  rule("log-of-quotient", "log(a / b) → log a − log b, where one of them is known", (node) => {
    const ratio = operandOf(node, ops.log);
    if (!isOp(ratio, ops.div) || normalisedOf(ratio) !== undefined) return undefined;
    const [top, bottom] = ratio.inputs.map((x) => b.log(x)) as [Node, Node];
    return [top, bottom].some((side) => settleLogarithm(side) !== undefined) ? b.sub(top, bottom) : undefined;
  }),
  rule("log-of-view", "log(view x) → view(log x)", (node) => {
    const view = operandOf(node, ops.log);
    if (view === undefined || !views.includes(view.op)) return undefined;
    const better = settleLogarithm(b.log(view.inputs[0] as Node));
    return better === undefined ? undefined : remakeView(view, better);
  }),
];

/**
 * y · log(x / Σx), 0 where y is 0. At the largest x nothing is close to 1 but by way of log1p; the others are at most half of the sum;
 * below 2⁻⁶⁰ of it the quotient's slope may overflow, and the logarithms can be subtracted without loss.
 */
function logOfNormalised(y: Node, x: Node): Node {
  const last = x.shape.length - 1;
  const isTop = b.equal(b.iota(last, x.shape), b.argmax(x, { keepDims: true }));
  const top = b.max(x, { keepDims: true });
  const rest = b.sum(b.where(isTop, 0, x), [last], { keepDims: true });
  const total = b.add(top, rest);
  const isTiny = b.less(x, b.mul(total, 2 ** -60));
  const tinyShare = b.where(isTiny, y, 0);
  const tiny = b.sub(b.xlogy(tinyShare, b.where(isTiny, x, 1)), b.mul(tinyShare, b.log(total)));
  const aside = b.or(isTop, isTiny);
  const middle = b.xlogy(b.where(aside, 0, y), b.div(b.where(aside, 1, x), total));
  return b.add(tiny, b.sub(middle, b.xlog1py(b.where(isTop, y, 0), b.div(rest, top))));
}

function remakeView(view: Node, x: Node): Node {
  if (view.op === ops.reshape) return b.reshape(x, view.shape);
  if (view.op === ops.broadcastTo) return b.broadcastTo(x, view.shape);
  if (view.op === ops.slice) return b.slice(x, view.attrs.starts, view.attrs.sizes);
  return b.transpose(x, view.attrs.permutation);
}

/** What the rules make of a logarithm when that is no plain logarithm any more (perhaps seen through a view), else undefined. */
function settleLogarithm(node: Node): Node | undefined {
  let current: Node = node;
  for (let fired = true; fired && plainLogarithms.includes(current.op); ) {
    fired = false;
    for (const candidate of rules) {
      const next = candidate.apply(current);
      if (next === undefined) continue;
      current = next;
      fired = true;
      break;
    }
  }
  const core = views.includes(current.op) ? (current.inputs[0] as Node) : current;
  return plainLogarithms.includes(core.op) ? undefined : current;
}
