/** lower: a graph that stays valid between passes, and kernels that write every result once. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeOf } from "../../src/base/shape.ts";
import type { Kernel, KernelBuffer } from "../../src/compile/kernel.ts";
import { lower } from "../../src/compile/lower.ts";
import { buffersOf } from "../../src/compile/passes/plan.ts";
import { reportKernel } from "../../src/compile/report.ts";
import * as g from "../../src/graph/index.ts";
import { anyGraph } from "../backends/contract/random.ts";
import { randomGraph } from "../backends/graphs.ts";
import { lowered, programOf, target } from "./lowering.ts";

const passNames = ["stabilise", "simplify", "decompose", "clean up", "product shape"];

/** Buffers outside that a kernel writes. */
function written(kernel: Kernel): KernelBuffer[] {
  if (kernel.family === "loop") return kernel.body.flatMap(written);
  if (kernel.family === "gather" || kernel.family === "scatterAdd") return [kernel.out];
  if (kernel.family === "contraction" || kernel.family === "convolution")
    return kernel.stores.map(({ access }) => access.buffer);
  return kernel.phases.flatMap(({ stores, rowStores, columnSums }) => [
    ...[...stores, ...rowStores].map(({ access }) => access.buffer),
    ...columnSums.map(({ into }) => into.buffer),
  ]);
}

describe.each(["float32", "float64"] as const)("random graphs, %s", (dtype) => {
  test("are valid after every pass and mean the same", () => {
    let ran = 0;
    let passes = 0;
    fc.assert(
      fc.property(...anyGraph, (rows, columns, steps) => {
        const { outputs, feeds } = randomGraph(dtype, rows, columns, steps);
        const before = g.evaluateFloat64(outputs, feeds);
        const seen: string[] = [];
        const { passes: reported } = lower(programOf(outputs), target, ({ name, outputs: after }) => {
          g.verify(after);
          expect(after.map(({ dtype, shape }) => [dtype, shape])).toEqual(
            outputs.map(({ dtype, shape }) => [dtype, shape]),
          );
          g.evaluateFloat64(after, feeds).forEach((values, o) => {
            values.forEach((x, i) => {
              const wanted = before[o]?.[i] as number;
              // Float64 throughout: only the order of sums and the formulas differ.
              const off = Object.is(x, wanted) ? 0 : Math.abs(x - wanted);
              expect(off, `${name}, output ${o}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
            });
          });
          seen.push(name);
          passes++;
        });
        expect(seen).toEqual(passNames);
        expect(reported.map(({ name }) => name)).toEqual([...passNames, "fuse"]);
        ran++;
      }),
      { numRuns: 120, seed: 31 },
    );
    expect(ran).toBe(120);
    expect(passes).toBe(120 * passNames.length);
  });

  test("become kernels that write each output once, after what they read, and name their buffers", () => {
    let ran = 0;
    fc.assert(
      fc.property(...anyGraph, (rows, columns, steps) => {
        const { outputs } = randomGraph(dtype, rows, columns, steps);
        const program = programOf(outputs);
        const { kernels, buffers } = lower(program, target).program;
        const inputs = new Set(program.bindings.values());
        const ready = new Set<KernelBuffer>();
        const results: object[] = [];
        for (const kernel of kernels) {
          const own = new Set(written(kernel));
          for (const buffer of buffersOf(kernel)) {
            expect(buffers).toContain(buffer);
            const given =
              buffer.place.kind === "constant" ||
              (buffer.place.kind === "bound" && inputs.has(buffer.place.binding as never));
            const scratch = buffer.place.kind === "temporary";
            if (!given && !scratch) expect(own.has(buffer) || ready.has(buffer)).toBe(true);
          }
          for (const buffer of own) {
            if (buffer.place.kind === "bound" && !ready.has(buffer)) results.push(buffer.place.binding);
            ready.add(buffer);
          }
        }
        expect(new Set(results)).toEqual(new Set(program.outputs.map(({ into }) => into)));
        ran++;
      }),
      { numRuns: 100, seed: 37 },
    );
    expect(ran).toBe(100);
  });
});

describe("reports", () => {
  const [a, b] = [g.input("a", "float32", [7, 9]), g.input("b", "float32", [9, 5])];
  const reportOf = (...outputs: g.Node[]) => lowered(outputs).program.kernels.map(reportKernel);

  test("a product counts 2·m·n·k", () => {
    const [report] = reportOf(g.matmul(a, b));
    expect(report).toMatchObject({
      family: "contraction",
      flops: 2 * 7 * 9 * 5,
      bytesRead: 4 * (63 + 45),
      bytesWritten: 4 * 35,
    });
  });

  test("elementwise work counts each primitive once an element, and each array once", () => {
    const [report] = reportOf(g.mul(g.add(a, 1), g.add(a, 1)));
    expect(report).toMatchObject({ family: "map", flops: 2 * 63, bytesRead: 4 * 63, bytesWritten: 4 * 63 });
  });

  test("a row sum counts one an element and writes one a row", () => {
    const [report] = reportOf(g.sum(a, [1]));
    expect(report).toMatchObject({ family: "row", flops: 63, bytesRead: 4 * 63, bytesWritten: 4 * 7 });
  });

  test("kernels of a program add up to what its parts have", () => {
    const parts = [g.matmul(a, b), g.tanh(a), g.sum(g.exp(b), [0])];
    const total = (reports: ReturnType<typeof reportOf>) => reports.reduce((sum, { flops }) => sum + flops, 0);
    expect(total(reportOf(...parts))).toBe(parts.map((part) => total(reportOf(part))).reduce((x, y) => x + y));
  });

  test("say what stabilise did", () => {
    const { passes } = lowered([g.log(g.sigmoid(a))]);
    expect(passes[0]?.notes.length).toBe(1);
  });
});

describe("ends", () => {
  const x = g.input("x", "float32", [2, 3]);

  test("an output that is an input, a constant, a view or a repeat is copied", () => {
    const { kernels } = lowered([x, x, g.transpose(x), g.constant(2, "float32", [3])]).program;
    // The repeat is written along with the first.
    expect(kernels.map(({ family }) => family)).toEqual(["map", "map", "map"]);
    expect(kernels.flatMap(written).map(({ place }) => place.kind)).toEqual(["bound", "bound", "bound", "bound"]);
  });

  test("an output that only reshapes is its operand's memory", () => {
    expect(lowered([g.reshape(g.tanh(x), [6])]).program.kernels.length).toBe(1);
  });

  test("a result takes the dtype of the buffer it goes into", () => {
    const node = g.exp(x);
    const into = { dtype: "float64", shape: [2, 3] } as const;
    const program = { ...programOf([node]), outputs: [{ node, into }] };
    const [kernel] = lower(program, target).program.kernels;
    expect(kernel?.ops).toEqual(["exp", "cast"]);
  });

  test("what has no elements is no work", () => {
    const empty = g.input("empty", "float32", [0, 3]);
    expect(lowered([g.tanh(empty)]).program.kernels).toEqual([]);
    expect(lowered([g.matmul(empty, g.input("w", "float32", [3, 2]))]).program.kernels).toEqual([]);
    expect(sizeOf(empty.shape)).toBe(0);
  });

  test("the same graph is lowered the same way every time", () => {
    const { outputs } = randomGraph("float32", 8, 9, [
      [14, 1, 2],
      [28, 1, 1],
      [17, 0, 3],
      [4, 2, 1],
      [29, 3, 0],
    ]);
    const shown = () => JSON.stringify(lowered(outputs).program, (key, value) => (key === "binding" ? null : value));
    expect(shown()).toBe(shown());
  });
});
