/** Gradients by central differences, to hold the graph's against. */
import { evaluateFloat64, gradient, input, type Node } from "../../src/graph/index.ts";

/** Numbers in [−1, 1) that are the same every time (a Weyl sequence), away from 0. */
export function someNumbers(count: number, offset = 0): number[] {
  return Array.from({ length: count }, (_, i) => {
    const x = (((i + 1 + offset) * 0.6180339887498949) % 1) * 2 - 1;
    return Math.abs(x) < 0.02 ? x + 0.05 : x;
  });
}

/** The largest difference between the graph's gradients of Σ output · cotangent and central differences, relative to 1. */
export function gradientError(output: Node, feeds: ReadonlyMap<Node, readonly number[]>, step = 1e-5): number {
  const cotangent = input("cotangent", output.dtype, output.shape);
  const size = output.shape.reduce((a, b) => a * b, 1);
  const flow = someNumbers(size, 17);
  const nodes = [...feeds.keys()];
  const all = new Map<Node, readonly number[]>([...feeds, [cotangent, flow]]);
  const gradients = evaluateFloat64(gradient(output, nodes, cotangent), all);
  const value = (changed: Node, at: number, by: number) => {
    const moved = (feeds.get(changed) as readonly number[]).map((x, i) => (i === at ? x + by : x));
    const [y] = evaluateFloat64([output], new Map<Node, readonly number[]>([...feeds, [changed, moved]]));
    return (y as Float64Array).reduce((sum, v, i) => sum + v * (flow[i] as number), 0);
  };
  let worst = 0;
  nodes.forEach((node, n) => {
    feeds.get(node)!.forEach((_, i) => {
      const slope = (value(node, i, step) - value(node, i, -step)) / (2 * step);
      const got = gradients[n]![i] as number;
      const error = Math.abs(got - slope) / Math.max(1, Math.abs(slope));
      // NaN stays NaN.
      worst = Math.max(worst, error);
    });
  });
  return worst;
}
