/** rowRegion and rowBlocks: what is worked on in blocks of rows, and how much memory that takes; nothing runs. */
import { describe, expect, test } from "vitest";
import type { Kernel } from "../../../src/compile/kernel.ts";
import { lower } from "../../../src/compile/lower.ts";
import { plan } from "../../../src/compile/passes/plan.ts";
import * as g from "../../../src/graph/index.ts";
import * as losses from "../../../src/losses.ts";
import { programOf, target } from "../lowering.ts";

const mebi = 2 ** 20;

function compiled(outputs: readonly g.Node[], workspace?: number) {
  const { program, passes } = lower(programOf(outputs), workspace === undefined ? target : { ...target, workspace });
  const { bytes } = plan(program);
  const loops = (kernels: readonly Kernel[]): string[] =>
    kernels.flatMap((kernel) => (kernel.family === "loop" ? [kernel.name, ...loops(kernel.body)] : []));
  return { bytes, program, notes: passes.at(-1)?.notes ?? [], loops: loops(program.kernels) };
}

function head(rows: number, width: number, classes: number, params: object): g.Node[] {
  const hidden = g.input("hidden", "float32", [rows, width]);
  const weight = g.input("weight", "float32", [classes, width]);
  const bias = g.input("bias", "float32", [classes]);
  const yTrue = g.input("yTrue", "int32", [rows]);
  const graph = losses.linearCrossentropy(params).graph(yTrue, { hidden, weight, bias }, {});
  const [value] = g.stabilise([graph.value]) as [g.Node];
  return [value, ...g.gradient(value, [hidden, weight, bias])];
}

describe("temporaries", () => {
  const every = { labelSmoothing: 0.1, ignoreClass: -100, softcap: 30, zLoss: 1e-4 };

  test("of 262,144 classes stay below 16 MiB, whatever the rows", () => {
    let ran = 0;
    for (const params of [{}, every]) {
      for (const width of [4, 768, 4096]) {
        for (const rows of [1, 7, 8, 256, 4096, 65_536]) {
          const { bytes } = compiled(head(rows, width, 262_144, params));
          expect(bytes, `${rows} rows of ${width}`).toBeLessThanOrEqual(16 * mebi);
          ran++;
        }
      }
    }
    expect(ran).toBe(36);
  });

  test("grow with rows times classes when blocks are forbidden", () => {
    expect(compiled(head(256, 4, 262_144, {}), Infinity).bytes).toBeGreaterThan(512 * mebi);
  });

  test("fit into the workspace that a target says", () => {
    for (const workspace of [3, 6, 24].map((n) => n * mebi)) {
      const { bytes, notes } = compiled(head(512, 16, 50_000, {}), workspace);
      expect(notes).toHaveLength(1);
      // Besides a block's there are numbers that outlive it: one a row, and the current part of the sum for the bias.
      expect(bytes).toBeLessThanOrEqual(workspace + 0.5 * mebi);
      expect(bytes).toBeGreaterThan(0.6 * workspace);
    }
  });
});

describe("left as they are", () => {
  test("small heads", () => {
    const { notes, loops } = compiled(head(128, 64, 1000, {}));
    expect([notes, loops]).toEqual([[], []]);
  });

  test("hidden layers, between which products lie", () => {
    const x = g.input("x", "float32", [4096, 32]);
    const weights = [32, 2048, 2048].map((n, i) => g.input(`w${i}`, "float32", [n, i === 2 ? 3 : 2048]));
    const y = weights.reduce((h, w, i) => (i === 2 ? g.matmul(h, w) : g.maximum(g.matmul(h, w), 0)), x);
    const loss = g.mean(g.square(y));
    expect(compiled([loss, ...g.gradient(loss, weights)]).loops).toEqual([]);
  });

  test("rows that need each other", () => {
    const x = g.input("x", "float32", [2048, 8]);
    const w = g.input("w", "float32", [8, 4096]);
    const z = g.matmul(x, w);
    // Each row is divided by a sum over all rows.
    const shared = g.div(z, g.broadcastTo(g.sum(z, [0], { keepDims: true }), z.shape));
    expect(compiled([g.sum(g.square(shared))]).loops).toEqual([]);
    expect(compiled([g.sum(g.mul(g.exp(z), g.sum(g.exp(z))))]).loops).toEqual([]);
  });

  test("a matrix times itself", () => {
    const x = g.input("x", "float32", [4096, 8]);
    const z = g.matmul(x, x, { transposeB: true });
    expect(() => compiled([g.sum(g.exp(z), [1])])).not.toThrow();
  });
});

test("a matrix that is asked for is written block by block", () => {
  const x = g.input("x", "float32", [1024, 8]);
  const w = g.input("w", "float32", [8, 8192]);
  const { bytes, notes } = compiled([g.softmax(g.matmul(x, w))]);
  expect(notes).toHaveLength(1);
  expect(bytes).toBeLessThanOrEqual(13 * mebi);
});
