/**
 * The softmax family over the last axis, written so that nothing cancels. Let a be the position of the largest logit,
 * eᵢ = exp(zᵢ − z_a) and rest = Σ_{i≠a} eᵢ. Then p_a = 1/(1+rest), 1 − p_a = rest/(1+rest), log p_a = −log1p(rest), and all
 * of them keep relative accuracy however small rest is. Sums that would contain the largest term leave it out instead.
 */

import { ShapeError } from "../../base/errors.ts";
import { showShape } from "../../base/shape.ts";
import type { Build, Node, OpRecord } from "../node.ts";
import { CompensatedSum, type NoAttributes, requireFloat, requireSame, rowShape, rowsOf } from "./record.ts";

/** The parts that every member is made of, as a graph. */
function parts(b: Build, z: Node) {
  const shape = z.shape;
  const last = shape.length - 1;
  const top = b.max(z, { keepDims: true });
  const isTop = b.equal(b.iota(last, shape), b.argmax(z, { keepDims: true }));
  const shifted = b.sub(z, top);
  // A NaN logit is the largest, so it is never an argument of exp here; it comes back through `top`.
  const others = b.where(isTop, 0, b.exp(b.where(isTop, 0, shifted)));
  const nan = b.where(b.equal(top, top), 0, top);
  const rest = b.add(b.sum(others, [last], { keepDims: true }), nan);
  return { last, isTop, shifted, others, rest, top };
}

function probabilities(b: Build, { isTop, others, rest }: ReturnType<typeof parts>): Node {
  return b.div(b.where(isTop, 1, others), b.add(1, rest));
}

interface RowParts {
  readonly top: number;
  readonly at: number;
  readonly e: Float64Array;
  readonly rest: number;
}

/** Σ over all positions but one. */
function sumBut(at: number, length: number, term: (i: number) => number): number {
  const sum = new CompensatedSum();
  for (let i = 0; i < length; i++) if (i !== at) sum.add(term(i));
  return sum.value;
}

function rowParts(row: Float64Array): RowParts {
  let at = 0;
  for (let i = 1; i < row.length; i++) {
    const value = row[i] as number;
    if (value > (row[at] as number) || (Number.isNaN(value) && !Number.isNaN(row[at]))) at = i;
  }
  const top = row[at] as number;
  const e = row.map((z, i) => (i === at ? 1 : Math.exp(z - top)));
  const rest = Number.isNaN(top) ? Number.NaN : sumBut(at, row.length, (i) => e[i] as number);
  return { top, at, e, rest };
}

/** Runs `f` on each row of the operands and gathers the rows it returns. */
function mapRows(
  node: Node,
  inputs: readonly Float64Array[],
  f: (logits: Float64Array, parts: RowParts, cotangent: Float64Array) => ArrayLike<number>,
): Float64Array {
  const { rows, columns } = rowsOf((node.inputs[0] as Node).shape);
  const width = node.shape.at(-1) as number;
  const out = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    const row = (a: Float64Array) => a.subarray(r * columns, (r + 1) * columns);
    const logits = row(inputs[0] as Float64Array);
    out.set(f(logits, rowParts(logits), row((inputs[1] ?? inputs[0]) as Float64Array)), r * width);
  }
  return out;
}

function requireRows(name: string, z: Node): void {
  requireFloat(name, z);
  if ((z.shape.at(-1) ?? 0) > 0) return;
  throw new ShapeError("graph/no-class-axis", {
    received: `${name} was given shape ${showShape(z.shape)}`,
    expected: "it needs a last axis with at least one class",
    hint: "Put the classes on the last axis.",
  });
}

/** log Σ exp over the last axis, kept as 1: z_a + log1p(rest). */
export const logSumExp: OpRecord<NoAttributes> = {
  name: "logSumExp",
  kind: "composite",
  infer([z]) {
    requireRows("logSumExp", z as Node);
    return { dtype: (z as Node).dtype, shape: rowShape((z as Node).shape) };
  },
  evaluate: (node, inputs) => mapRows(node, inputs, (_, { top, rest }) => [top + Math.log1p(rest)]),
  gradient: (b, { inputs: [z] }, g) => [b.mul(b.broadcastTo(g, (z as Node).shape), b.softmax(z as Node))],
  decompose(b, { inputs: [z] }) {
    const { top, rest } = parts(b, z as Node);
    return b.add(top, b.log1p(rest));
  },
};

function rowRecord(
  name: string,
  record: Omit<OpRecord<NoAttributes>, "name" | "kind" | "infer">,
): OpRecord<NoAttributes> {
  return {
    name,
    kind: "composite",
    infer([z, cotangent]) {
      requireRows(name, z as Node);
      if (cotangent !== undefined) requireSame(name, z as Node, cotangent);
      return { dtype: (z as Node).dtype, shape: (z as Node).shape };
    },
    ...record,
  };
}

export const softmax = rowRecord("softmax", {
  evaluate: (node, inputs) => mapRows(node, inputs, (_, { e, rest }) => e.map((x) => x / (1 + rest))),
  gradient: (b, { inputs: [z] }, g) => [b.softmaxGradient(z as Node, g)],
  decompose: (b, { inputs: [z] }) => probabilities(b, parts(b, z as Node)),
});

export const logSoftmax = rowRecord("logSoftmax", {
  evaluate: (node, inputs) =>
    mapRows(node, inputs, (z, { top, at, rest }) =>
      z.map((x, i) => (i === at ? -Math.log1p(rest) : x - top - Math.log1p(rest))),
    ),
  gradient: (b, { inputs: [z] }, g) => [b.logSoftmaxGradient(z as Node, g)],
  decompose(b, { inputs: [z] }) {
    const { isTop, shifted, rest } = parts(b, z as Node);
    const log = b.log1p(rest);
    return b.where(isTop, b.neg(log), b.sub(shifted, log));
  },
});

/**
 * pᵢ (gᵢ − Σⱼ pⱼ gⱼ), the transposed (and symmetric) Jacobian of softmax times g. Since Σ p = 1, g may be shifted by
 * g_a first; then only terms that are small where p_a is near 1 remain.
 */
export const softmaxGradient = rowRecord("softmaxGradient", {
  evaluate: (node, inputs) =>
    mapRows(node, inputs, (_, { at, e, rest }, g) => {
      const shift = g.map((x) => x - (g[at] as number));
      const mean = sumBut(at, g.length, (i) => ((e[i] as number) / (1 + rest)) * (shift[i] as number));
      return e.map((x, i) => (x / (1 + rest)) * ((shift[i] as number) - mean));
    }),
  gradient(b, { inputs: [z, g] }, u) {
    const p = b.softmax(z as Node);
    const last = p.shape.length - 1;
    const mean = (x: Node) => b.sum(b.mul(p, x), [last], { keepDims: true });
    const wrtP = b.sub(b.mul(u, b.sub(g as Node, mean(g as Node))), b.mul(g as Node, mean(u)));
    return [b.softmaxGradient(z as Node, wrtP), b.softmaxGradient(z as Node, u)];
  },
  decompose(b, { inputs: [z, g] }) {
    const made = parts(b, z as Node);
    const p = probabilities(b, made);
    const atTop = b.sum(b.where(made.isTop, g as Node, 0), [made.last], { keepDims: true });
    const shift = b.where(made.isTop, 0, b.sub(g as Node, atTop));
    return b.mul(p, b.sub(shift, b.sum(b.mul(p, shift), [made.last], { keepDims: true })));
  },
});

/**
 * gᵢ − pᵢ Σⱼ gⱼ, the transposed Jacobian of logSoftmax times g. At the largest logit it is formed as
 * g_a (1 − p_a) − p_a Σ_{j≠a} gⱼ with 1 − p_a = rest/(1+rest), so a one-hot g gives −Σ_{j≠y} pⱼ instead of p_y − 1.
 */
export const logSoftmaxGradient = rowRecord("logSoftmaxGradient", {
  evaluate: (node, inputs) =>
    mapRows(node, inputs, (_, { at, e, rest }, g) => {
      const others = sumBut(at, g.length, (i) => g[i] as number);
      const total = others + (g[at] as number);
      return g.map((x, i) => {
        const p = (e[i] as number) / (1 + rest);
        return i === at ? x * (rest / (1 + rest)) - p * others : x - p * total;
      });
    }),
  gradient(b, { inputs: [z, g] }, u) {
    const last = (z as Node).shape.length - 1;
    const total = b.sum(g as Node, [last], { keepDims: true });
    const mean = b.sum(b.mul(b.softmax(z as Node), u), [last], { keepDims: true });
    return [b.neg(b.mul(b.broadcastTo(total, (z as Node).shape), b.softmaxGradient(z as Node, u))), b.sub(u, mean)];
  },
  decompose(b, { inputs: [z, g] }) {
    const made = parts(b, z as Node);
    const p = probabilities(b, made);
    const sumOf = (x: Node) => b.sum(x, [made.last], { keepDims: true });
    const others = sumOf(b.where(made.isTop, 0, g as Node));
    const total = b.add(others, sumOf(b.where(made.isTop, g as Node, 0)));
    const complement = b.div(made.rest, b.add(1, made.rest));
    return b.where(
      made.isTop,
      b.sub(b.mul(g as Node, complement), b.mul(p, others)),
      b.sub(g as Node, b.mul(p, total)),
    );
  },
});
