/** fuse: what shares a kernel, and what must not. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { broadcastRow, type Fusion, fuse, isColumnSum, isInline, type Unit } from "../../../src/compile/passes/fuse.ts";
import * as g from "../../../src/graph/index.ts";
import { anyGraph } from "../../backends/contract/random.ts";
import { randomGraph } from "../../backends/graphs.ts";
import { describeKernels, lowered, prepared } from "../lowering.ts";

const x = g.input("x", "float32", [8, 10]);
const y = g.input("y", "float32", [8, 10]);

const fused = (...outputs: g.Node[]): Fusion => fuse(prepared(outputs));
const kinds = ({ units }: Fusion): string[] =>
  units.map(({ kind, nodes }) => `${kind}:${[...nodes].map((n) => n.op.name).join(" ")}`);

/** Units in an order of their dependencies; fails at a cycle. */
function ordered(units: readonly Unit[]): Unit[] {
  const order: Unit[] = [];
  const state = new Map<Unit, "open" | "done">();
  const visit = (unit: Unit): void => {
    if (state.get(unit) === "done") return;
    if (state.get(unit) === "open") throw new Error("units depend on each other in a cycle");
    state.set(unit, "open");
    unit.deps.forEach(visit);
    state.set(unit, "done");
    order.push(unit);
  };
  units.forEach(visit);
  return order;
}

describe("fuse", () => {
  test("a chain of elementwise ops is one unit", () => {
    expect(kinds(fused(g.mul(g.tanh(g.add(x, y)), 2)))).toEqual(["nest:add tanh mul"]);
  });

  test("softmax, cross-entropy and its gradient over the logits are one kernel", () => {
    const loss = g.neg(g.sum(g.mul(y, g.logSoftmax(x)), [1]));
    const value = g.mean(loss);
    const { program } = lowered([loss, value, ...g.gradient(value, [x])]);
    const over = program.kernels.filter((k) => k.family === "row" && k.space.join() === "8,10");
    expect(over.length, describeKernels(program)).toBe(1);
    expect(over[0]?.ops).toEqual(expect.arrayContaining(["max", "argmax", "exp", "sum", "log1p", "div"]));
    // The mean of eight values is the only other work.
    const rest = program.kernels.filter((k) => !over.includes(k as never));
    expect(rest.map(({ ops }) => ops.join(" "))).toEqual(["neg sum", "div"]);
  });

  test("Adam is the epilogue of the product that makes its gradient", () => {
    const [a, d] = [g.input("a", "float32", [32, 8]), g.input("d", "float32", [32, 10])];
    const [w, m, v] = ["w", "m", "v"].map((name) => g.input(name, "float32", [8, 10])) as [g.Node, g.Node, g.Node];
    const gradient = g.matmul(a, d, { transposeA: true });
    const nextM = g.add(m, g.mul(0.1, g.sub(gradient, m)));
    const nextV = g.add(v, g.mul(0.001, g.sub(g.square(gradient), v)));
    const nextW = g.sub(w, g.mul(0.001, g.div(nextM, g.add(g.sqrt(nextV), 1e-7))));
    const { program } = lowered(
      [nextW, nextM, nextV],
      new Map([
        [nextW, w],
        [nextM, m],
        [nextV, v],
      ]),
    );
    expect(program.kernels.map(({ family }) => family)).toEqual(["contraction"]);
    const [kernel] = program.kernels;
    expect(kernel?.family === "contraction" && kernel.stores.map(({ access }) => access.buffer.place.kind)).toEqual([
      "bound",
      "bound",
      "bound",
    ]);
  });

  test("independent units of one space merge for what reads both", () => {
    expect(fused(g.add(g.exp(x), g.tanh(y))).units.length).toBe(1);
    expect(fused(g.exp(x), g.tanh(y)).units.length).toBe(2);
  });

  test("a row value is used by the rest of its row in the same unit", () => {
    expect(kinds(fused(g.sub(x, g.max(x, { keepDims: true }))))).toEqual(["nest:max sub"]);
  });

  test("reductions join the unit that reads the same memory", () => {
    expect(fused(g.tanh(x), g.sum(x, [0]), g.sum(x, [1]), g.max(x)).units.length).toBe(1);
  });

  test("a unit does not read its own column sum", () => {
    const t = g.tanh(x);
    const centred = g.sub(t, g.sum(t, [0], { keepDims: true }));
    const { units, unitOf } = fused(centred);
    expect(units.length).toBe(2);
    const [first, second] = ordered(units) as [Unit, Unit];
    expect([...first.nodes].some(isColumnSum)).toBe(true);
    expect(second.deps).toEqual(new Set([first]));
    expect(unitOf.get(prepared([centred])[0] as g.Node)).toBe(second);
  });

  test("a unit does not join what it has to wait for", () => {
    // tanh(a) = first, then a product of it, then a sum of both: first cannot hold the last.
    const square = g.input("square", "float32", [8, 8]);
    const first = g.tanh(square);
    const product = g.matmul(first, first);
    const { units } = fused(g.add(first, g.exp(product)));
    expect(units.map(({ kind }) => kind)).toEqual(["nest", "contraction"]);
    expect(ordered(units).map(({ kind }) => kind)).toEqual(["nest", "contraction"]);
  });

  test("what is moved, copied or indexed stands alone", () => {
    const copied = g.exp(g.reshape(g.transpose(g.tanh(x)), [8, 10]));
    expect(kinds(fused(copied))).toEqual(["nest:tanh", "nest:reshape", "nest:exp"]);
    expect(kinds(fused(g.tanh(g.gather(g.exp(x), g.constant([1, 0], "int32")))))).toEqual([
      "nest:exp",
      "indexed:gather",
      "nest:tanh",
    ]);
  });

  test("hundreds of ops become several units", () => {
    let node: g.Node = x;
    for (let i = 0; i < 400; i++) node = g.add(g.mul(node, 0.5), y);
    const { units } = fused(node);
    expect(Math.max(...units.map(({ nodes }) => nodes.size))).toBeLessThanOrEqual(160);
    expect(units.length).toBe(5);
  });
});

describe("for random graphs", () => {
  test("units cover every node once, wait for what they read, and never for themselves", () => {
    let ran = 0;
    let shared = 0;
    fc.assert(
      fc.property(...anyGraph, (rows, columns, steps) => {
        const outputs = prepared(randomGraph("float32", rows, columns, steps).outputs);
        const { units, unitOf, viewOf } = fuse(outputs);
        ordered(units);
        for (const unit of units) {
          expect(unit.nodes.size).toBeGreaterThan(0);
          for (const node of unit.nodes) {
            expect(unitOf.get(node)).toBe(unit);
            for (const operand of node.inputs) {
              const sources = [operand, broadcastRow(operand)].filter((n) => n !== undefined);
              if (isInline(operand) || sources.some((n) => unit.nodes.has(n) && !isColumnSum(n))) continue;
              const { base } = viewOf(operand);
              if (base === node) continue;
              const source = unitOf.get(base);
              expect(unit.reads.has(base)).toBe(true);
              expect(source, `${node.op.name} reads ${base.op.name} of its own unit`).not.toBe(unit);
              if (source !== undefined) expect(unit.deps.has(source)).toBe(true);
            }
          }
          if (unit.nodes.size > 1) shared++;
        }
        const computed = g
          .topological(outputs)
          .filter(({ op }) => ["elementwise", "reduction", "contraction", "indexed"].includes(op.kind));
        for (const node of computed) expect(unitOf.has(node)).toBe(true);
        ran++;
      }),
      { numRuns: 200, seed: 13 },
    );
    expect(ran).toBe(200);
    expect(shared).toBeGreaterThan(200);
  });
});
