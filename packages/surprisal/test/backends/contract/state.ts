/** State: an output may go into a buffer that the program reads. Everything is read before anything is overwritten. */
import { describe, expect } from "vitest";
import type { DType } from "../../../src/base/dtype.ts";
import * as g from "../../../src/graph/index.ts";
import type { Contract } from "../contract.ts";
import type { GuardedDevice } from "../harness.ts";

/** Runs a program of states a few times. `next` gives the graph of each state's next value, in the same order. */
async function evolve(
  device: GuardedDevice,
  states: readonly { dtype?: DType; shape: readonly number[]; values: readonly number[] }[],
  next: (...states: g.Node[]) => g.Node[],
  runs = 1,
): Promise<number[][]> {
  const nodes = states.map(({ dtype, shape }, i) => g.input(`s${i}`, dtype ?? "float64", shape));
  const buffers = states.map(({ values }, i) => {
    const { dtype, shape } = nodes[i] as g.Node;
    const buffer = device.allocate(dtype, shape);
    device.write(buffer, values);
    return buffer;
  });
  const outputs = next(...nodes).map((node, i) => ({ node, into: buffers[i] as (typeof buffers)[0] }));
  const bindings = new Map(nodes.map((node, i) => [node, buffers[i] as (typeof buffers)[0]]));
  const executable = await device.load({ outputs, bindings });
  for (let r = 0; r < runs; r++) await executable.run();
  expect(device.firstTouched?.()).toBeUndefined();
  return Promise.all(buffers.map(async (buffer) => [...(await device.read(buffer)).data]));
}

const square = { shape: [3, 3], values: [1, 2, 3, 4, 5, 6, 7, 8, 9] };

export function stateContract({ makeDevice, check }: Contract): void {
  describe("state", () => {
    check("weights and a counter over several runs", async () => {
      const [w, t] = await evolve(
        makeDevice(),
        [
          { shape: [5], values: [1, 2, 3, 4, 5] },
          { dtype: "int32", shape: [], values: [0] },
        ],
        (w, t) => [g.sub(w, g.mul(0.5, g.cast(t, "float64"))), g.add(t, 1)],
        5,
      );
      // 0.5 · (0 + 1 + 2 + 3 + 4)
      expect(w).toEqual([-4, -3, -2, -1, 0]);
      expect(t).toEqual([5]);
    });

    check("two states swapped", async () => {
      const swapped = await evolve(
        makeDevice(),
        [
          { shape: [5], values: [1, 2, 3, 4, 5] },
          { shape: [5], values: [6, 7, 8, 9, 10] },
        ],
        (a, b) => [b, a],
        3,
      );
      expect(swapped).toEqual([
        [6, 7, 8, 9, 10],
        [1, 2, 3, 4, 5],
      ]);
    });

    check("states that one pass makes of each other, read as they lie and turned twice", async () => {
      const states = await evolve(makeDevice(), [square, square, square], (a, b) => {
        const sum = g.add(a, b);
        const difference = g.sub(g.transpose(g.transpose(a)), g.mul(2, b));
        return [sum, difference, g.mul(sum, difference)];
      });
      expect(states).toEqual([
        square.values.map((x) => 2 * x),
        square.values.map((x) => -x),
        square.values.map((x) => -2 * x * x),
      ]);
    });

    check("three states in a chain, each from the one before", async () => {
      const states = [1, 2, 3].map((x) => ({ shape: [4], values: [x, x, x, x] }));
      const chained = await evolve(makeDevice(), states, (a, b, c) => [g.add(a, 10), g.add(b, a), g.add(c, b)], 2);
      expect(chained.map((row) => row[0])).toEqual([21, 14, 8]);
    });

    check("a state from its transpose", async () => {
      const [a] = await evolve(makeDevice(), [square], (a) => [g.add(a, g.transpose(a))]);
      expect(a).toEqual([2, 6, 10, 6, 10, 14, 10, 14, 18]);
    });

    check("a state from its reversed half, cut and joined", async () => {
      const [a] = await evolve(makeDevice(), [{ shape: [6], values: [1, 2, 3, 4, 5, 6] }], (a) => [
        g.concat([g.slice(a, [3], [3]), g.slice(a, [0], [3])], 0),
      ]);
      expect(a).toEqual([4, 5, 6, 1, 2, 3]);
    });

    check("a state from sums of itself, along both axes", async () => {
      const sums = (a: g.Node) => g.add(g.sum(a, [0], { keepDims: true }), g.sum(a, [1], { keepDims: true }));
      const [a] = await evolve(makeDevice(), [square], (a) => [g.sub(a, sums(a))]);
      expect(a).toEqual([-17, -19, -21, -23, -25, -27, -29, -31, -33]);
    });

    check("a state that moves while a later pass along the row still computes with it", async () => {
      const [a, b] = await evolve(makeDevice(), [square, square], (a) => {
        const [moved, twice] = [g.add(a, 1), g.mul(a, 2)];
        return [moved, g.mul(moved, g.sub(twice, g.max(twice, { keepDims: true })))];
      });
      expect(a).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(b?.map((x) => x + 0)).toEqual([-8, -6, 0, -20, -12, 0, -32, -18, 0]);
    });

    check("a state from its product with itself", async () => {
      const [a] = await evolve(makeDevice(), [square], (a) => [g.matmul(a, a)]);
      expect(a).toEqual([30, 36, 42, 66, 81, 96, 102, 126, 150]);
    });

    check("a state from its own rows by index, and added up by index", async () => {
      const rows = () => g.constant([2, 0, 2], "int32");
      const [a, b] = await evolve(makeDevice(), [square, square], (a, b) => [
        g.gather(a, rows()),
        g.scatterAdd(rows(), b, 3),
      ]);
      expect(a).toEqual([7, 8, 9, 1, 2, 3, 7, 8, 9]);
      expect(b).toEqual([4, 5, 6, 0, 0, 0, 8, 10, 12]);
    });

    check("a state that a product reads while its epilogue replaces it", async () => {
      const [w, x] = await evolve(makeDevice(), [square, square], (w, x) => [
        g.sub(w, g.matmul(x, w, { transposeA: true })),
        g.matmul(x, w),
      ]);
      expect(w).toEqual([1 - 66, 2 - 78, 3 - 90, 4 - 78, 5 - 93, 6 - 108, 7 - 90, 8 - 108, 9 - 126]);
      expect(x).toEqual([30, 36, 42, 66, 81, 96, 102, 126, 150]);
    });
  });
}
