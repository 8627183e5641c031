/** The softmax family's gradients far in the tails, by record and by decomposition; and sums that only look like a softmax. */
import { expect, test } from "vitest";
import { build as b, constant, evaluateFloat64, input, type Node, stabilise } from "../../src/graph/index.ts";

/** The record's own evaluation, and that of what it decomposes to. */
function bothWays(node: Node, feeds: ReadonlyMap<Node, ArrayLike<number>>): number[][] {
  const decomposed = node.op.decompose?.(b, node) as Node;
  return evaluateFloat64([node, decomposed], feeds).map((values) => Array.from(values));
}

function expectNear(got: number | undefined, wanted: number): void {
  expect(Math.abs((got as number) - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(
    8 * 2 ** -53 * Math.abs(wanted),
  );
}

// Of two classes t apart everything has a closed form without cancellation: p is 1/(1 + e⁻ᵗ), the other's 1/(1 + eᵗ).
test("two classes apart: the gradients keep their digits, wherever the largest logit is", () => {
  let ran = 0;
  for (const t of [0.5, 5, 20, 40, 300, 700]) {
    for (const top of [0, 1]) {
      const other = 1 - top;
      const [p, q] = [1 / (1 + Math.exp(-t)), 1 / (1 + Math.exp(t))];
      const [z, g] = [input("z", "float64", [2]), input("g", "float64", [2])];
      const at = (above: number, below: number) => (top === 0 ? [above, below] : [below, above]);
      const feeds = (above: number, below: number) =>
        new Map([
          [z, at(t, 0)],
          [g, at(above, below)],
        ]);
      for (const values of bothWays(b.softmaxGradient(z, g), feeds(3, 1.5))) {
        expectNear(values[top], p * q * 1.5);
        expectNear(values[other], -p * q * 1.5);
        ran++;
      }
      // A cross-entropy with the largest logit right: only 1 − p is left.
      for (const values of bothWays(b.logSoftmaxGradient(z, g), feeds(-1, 0))) {
        expectNear(values[top], -q);
        expectNear(values[other], q);
        ran++;
      }
      // And with the other one right.
      for (const values of bothWays(b.logSoftmaxGradient(z, g), feeds(0, -1))) {
        expectNear(values[top], p);
        expectNear(values[other], -p);
        ran++;
      }
    }
  }
  expect(ran).toBe(6 * 2 * 6);
});

test("a ratio over another axis, or over all, is no softmax", () => {
  const z = input("z", "float64", [2, 3]);
  const e = b.exp(z);
  const p = b.softmax(z);
  const nodes = [[0], [0, 1]].flatMap((axes) => [
    b.div(e, b.broadcastTo(b.sum(e, axes, { keepDims: true }), [2, 3])),
    b.div(p, b.broadcastTo(b.sum(p, axes, { keepDims: true }), [2, 3])),
    b.log(b.sum(e, axes, { keepDims: true })),
    b.mul(constant(2, "float64"), b.log(b.sum(p, axes, { keepDims: true }))),
  ]);
  const feeds = new Map([[z, [0.5, -1, 2, 0.25, 1, -0.75]]]);
  const raw = evaluateFloat64(nodes, feeds);
  const after = evaluateFloat64(stabilise(nodes), feeds);
  raw.forEach((values, i) => {
    values.forEach((value, j) => {
      expect(after[i]?.[j], `node ${i}`).toBeCloseTo(value, 14);
    });
  });
  expect(raw.length).toBe(8);
});
