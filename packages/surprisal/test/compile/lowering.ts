/** Lowers graphs without a device: buffers are plain objects, and the target is only its properties. */
import type { DeviceBuffer, Program } from "../../src/compile/device.ts";
import type { Access, Expression, Kernel, KernelProgram, NestKernel } from "../../src/compile/kernel.ts";
import { type Lowered, lower, type PassResult } from "../../src/compile/lower.ts";
import type { TargetProperties } from "../../src/compile/target.ts";
import { type Node, ops, topological } from "../../src/graph/index.ts";

export const target: TargetProperties = {
  name: "test",
  lanes: { float32: 4, float64: 2 },
  registers: 15,
  chains: 8,
  panel: 256,
  fusedMultiplyAdd: false,
  workspace: 12 * 2 ** 20,
};

export const bufferFor = ({ dtype, shape }: Node): DeviceBuffer => ({ dtype, shape });

/** @param updates outputs that replace the state an input stands for. */
export function programOf(outputs: readonly Node[], updates: ReadonlyMap<Node, Node> = new Map()): Program {
  const bindings = new Map(
    topological(outputs)
      .filter((node) => node.op === ops.input)
      .map((node) => [node, bufferFor(node)]),
  );
  return {
    bindings,
    outputs: outputs.map((node) => ({ node, into: bindings.get(updates.get(node) as Node) ?? bufferFor(node) })),
  };
}

export function lowered(outputs: readonly Node[], updates?: ReadonlyMap<Node, Node>): Lowered {
  return lower(programOf(outputs, updates), target);
}

/** The graph as `fuse` gets it. */
export function prepared(outputs: readonly Node[]): readonly Node[] {
  let last: PassResult | undefined;
  lower(programOf(outputs), target, (pass) => {
    last = pass;
  });
  return (last as PassResult).outputs;
}

/** The only nest of a program that has one. */
export function onlyNest({ program }: Lowered): NestKernel {
  const nests = program.kernels.filter((k): k is NestKernel => k.family === "map" || k.family === "row");
  if (nests.length !== 1) throw new Error(`${nests.length} nests: ${describeKernels(program)}`);
  return nests[0] as NestKernel;
}

export const describeKernels = ({ kernels }: KernelProgram): string =>
  kernels.map((kernel: Kernel) => `${kernel.family}(${kernel.ops.join(" ")})`).join(", ");

/** Every expression below the roots, each once. */
export function expressionsOf(roots: readonly Expression[]): Expression[] {
  const found = new Set<Expression>();
  const visit = (e: Expression): void => {
    if (found.has(e)) return;
    found.add(e);
    if (e.kind === "op") e.args.forEach(visit);
  };
  roots.forEach(visit);
  return [...found];
}

/** What the roots load. */
export const loadsOf = (roots: readonly Expression[]): Access[] =>
  expressionsOf(roots).flatMap((e) => (e.kind === "load" ? [e.access] : []));
