/**
 * Runs a graph again and again with state that feeds back, on a device or on the reference evaluator. There, float32 means
 * that every node of that dtype is rounded, as hardware would.
 */

import type { DType } from "../../src/base/dtype.ts";
import type { Device } from "../../src/compile/device.ts";
import type { Node } from "../../src/graph/index.ts";
import { graph } from "./library.ts";

export interface StateEntry {
  readonly node: Node;
  readonly next: Node;
  readonly initial: ArrayLike<number>;
}

export interface Stepper {
  /** Binds the feeds, runs once, writes the state back. */
  step(feeds: ReadonlyMap<Node, ArrayLike<number>>): Promise<void>;
  read(node: Node): Promise<Float64Array>;
}

const rounders: Partial<Record<DType, (values: Float64Array) => void>> = {
  float32: (values) => values.set(Float32Array.from(values)),
};

function onHost(entries: readonly StateEntry[]): Stepper {
  const round = (node: Node, values: Float64Array) => rounders[node.dtype]?.(values);
  const state = new Map(entries.map(({ node, initial }) => [node, Float64Array.from(initial)]));
  for (const [node, values] of state) round(node, values);
  return {
    async step(feeds) {
      const next = graph.evaluateFloat64(
        entries.map((entry) => entry.next),
        new Map<Node, ArrayLike<number>>([...state, ...feeds]),
        round,
      );
      for (const [i, { node }] of entries.entries()) state.set(node, Float64Array.from(next[i]!));
    },
    read: async (node) => (state.get(node) as Float64Array).slice(),
  };
}

async function onDevice(device: Device, entries: readonly StateEntry[], feeds: readonly Node[]): Promise<Stepper> {
  const bindings = new Map(
    [...entries.map((entry) => entry.node), ...feeds].map((n) => [n, device.allocate(n.dtype, n.shape)]),
  );
  for (const { node, initial } of entries) device.write(bindings.get(node)!, initial);
  const program = await device.load({
    outputs: entries.map(({ node, next }) => ({ node: next, into: bindings.get(node)! })),
    bindings,
  });
  return {
    async step(values) {
      for (const [node, array] of values) device.write(bindings.get(node)!, array);
      await program.run();
    },
    read: async (node) => Float64Array.from((await device.read(bindings.get(node)!)).data),
  };
}

export async function makeStepper(
  device: Device | undefined,
  entries: readonly StateEntry[],
  feeds: readonly Node[],
): Promise<Stepper> {
  return device === undefined ? onHost(entries) : onDevice(device, entries, feeds);
}
