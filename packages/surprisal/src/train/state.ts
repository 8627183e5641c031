/** Everything that training goes on from, as plain tensors by name. */
import { InvalidArgumentError } from "../base/errors.ts";
import { sameShape, showShape } from "../base/shape.ts";
import type { Tensor } from "../base/tensor.ts";
import type { Cell } from "./cells.ts";
import type { Core } from "./core.ts";

/** What `getState` gives and `setState` takes. */
export interface ModelState {
  /** By path (`dense/kernel`), in Keras's order. */
  readonly weights: Readonly<Record<string, Tensor>>;
  /** Absent before `compile`. */
  readonly optimizer?: {
    /** By name: `dense/kernel/momentum`, `global/momentumProduct`. */
    readonly values: Readonly<Record<string, Tensor>>;
    /** Updates made; dropout and bias corrections count from it. */
    readonly updates: number;
    /** The rate as callbacks left it; absent with a schedule. */
    readonly learningRate?: number;
  };
}

/** Every read starts before anything is awaited, so that a step in between cannot mix two moments. */
async function readAll(core: Core, cells: Iterable<readonly [string, Cell]>): Promise<Record<string, Tensor>> {
  const reads = [...cells].map(async ([name, cell]) => [name, await core.device.read(cell.buffer)] as const);
  return Object.fromEntries(await Promise.all(reads));
}

export async function getState(core: Core): Promise<ModelState> {
  core.requireAlive("getState");
  const weights = readAll(
    core,
    core.network.weights.map((w) => [w.path, core.weights.cells.get(w) as Cell] as const),
  );
  if (core.settled === undefined) return { weights: await weights };
  const { state } = core.compiled("getState");
  const { updates, rate } = state;
  const values = readAll(core, state.named());
  return {
    weights: await weights,
    optimizer: {
      values: await values,
      updates,
      ...(typeof state.optimizer.learningRate === "number" && { learningRate: rate }),
    },
  };
}

/** @throws InvalidArgumentError when a name is missing, left over, or of another shape. Nothing is changed then. */
export function setState(core: Core, { weights, optimizer }: ModelState): void {
  core.requireAlive("setState");
  const cells = new Map(core.network.weights.map((w) => [w.path, core.weights.cells.get(w) as Cell]));
  const writes = matched("weight", cells, weights);
  if (optimizer !== undefined) {
    const { state } = core.compiled("setState with an optimizer's state");
    writes.push(...matched("optimizer value", state.named(), optimizer.values));
    if (!Number.isSafeInteger(optimizer.updates) || optimizer.updates < 0) {
      throw new InvalidArgumentError("model/state", {
        received: `the state counts ${String(optimizer.updates)} updates`,
        expected: "it must be a whole number, 0 or more",
        hint: "Pass what getState() returned.",
      });
    }
    if (optimizer.learningRate !== undefined) state.rate = optimizer.learningRate;
    state.updates = optimizer.updates;
  }
  for (const [cell, tensor] of writes) core.device.write(cell.buffer, tensor.data);
}

function matched(
  kind: string,
  cells: ReadonlyMap<string, Cell>,
  given: Readonly<Record<string, Tensor>>,
): [Cell, Tensor][] {
  const names = Object.keys(given);
  const bad = names.find((name) => !cells.has(name)) ?? [...cells.keys()].find((name) => !Object.hasOwn(given, name));
  if (bad !== undefined) {
    throw new InvalidArgumentError("model/state", {
      received: `the state ${cells.has(bad) ? "lacks" : "holds"} the ${kind} "${bad}"`,
      expected: `the model has ${[...cells.keys()].join(", ") || "none"}`,
      hint: "Build the model with the same layers, and compile it with the same optimizer.",
    });
  }
  return names.map((name) => {
    const cell = cells.get(name) as Cell;
    const tensor = given[name] as Tensor;
    if (sameShape(tensor.shape, cell.buffer.shape)) return [cell, tensor];
    throw new InvalidArgumentError("model/state", {
      received: `the ${kind} "${name}" has shape ${showShape(tensor.shape)}`,
      expected: `the model's has shape ${showShape(cell.buffer.shape)}`,
      hint: "Build the model with the same layers.",
    });
  });
}
