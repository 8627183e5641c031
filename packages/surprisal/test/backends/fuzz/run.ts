/** Runs a case on a device, twice where nothing is state, and says what is wrong with the answer. */
import type { FloatDType } from "../../../src/base/dtype.ts";
import type { Device, DeviceBuffer } from "../../../src/compile/device.ts";
import { evaluateFloat64, type Node } from "../../../src/graph/index.ts";
import { type GuardedDevice, referenceWithBounds, worstExcess } from "../harness.ts";
import type { FuzzCase } from "./case.ts";

export interface CaseRun {
  readonly values: readonly (readonly number[])[];
  /** The same once more; undefined where the first run changed what the second would read. */
  readonly again: readonly (readonly number[])[] | undefined;
  readonly touched: number | undefined;
}

/** Allocates and fills a buffer for every input, loads the case, and runs it as often as asked; state stays in the buffer of its input. */
export async function loadCase(
  device: Device,
  { outputs, feeds, state }: Pick<FuzzCase, "outputs" | "feeds" | "state">,
) {
  const bindings = new Map<Node, DeviceBuffer>();
  for (const [node, values] of feeds) {
    const buffer = device.allocate(node.dtype, node.shape);
    device.write(buffer, values);
    bindings.set(node, buffer);
  }
  const ends = outputs.map((node, o) => ({
    node,
    into: bindings.get(state.get(o) as Node) ?? device.allocate(node.dtype, node.shape),
  }));
  const executable = await device.load({ outputs: ends, bindings });
  return async (times = 1): Promise<number[][]> => {
    for (let time = 0; time < times; time++) await executable.run();
    const values: number[][] = [];
    for (const { into } of ends) values.push(Array.from((await device.read(into)).data));
    return values;
  };
}

export async function runCase(device: GuardedDevice, made: FuzzCase): Promise<CaseRun> {
  const once = await loadCase(device, made);
  const values = await once();
  const again = made.state.size > 0 ? undefined : await once();
  return { values, again, touched: device.firstTouched?.() };
}

/** What is wrong, in words; undefined when nothing is. */
export function wrongWith(made: FuzzCase, { values, again, touched }: CaseRun): string | undefined {
  if (touched !== undefined) return `byte ${touched}, outside every buffer, was written to`;
  const changed = again && firstDifference(values, again, Object.is);
  if (changed !== undefined) return `a second run differs: ${changed}`;
  return made.kind === "whole" ? notEqual(made, values) : notNear(made, values);
}

function notEqual({ outputs, feeds }: FuzzCase, values: CaseRun["values"]): string | undefined {
  const wanted = evaluateFloat64(outputs, feeds).map((row) => [...row]);
  return firstDifference(values, wanted, (a, b) => a === b || (Number.isNaN(a) && Number.isNaN(b)));
}

/** Near by the bound that the reference gives; more samples before anything is called wrong. */
function notNear({ outputs, feeds }: FuzzCase, values: CaseRun["values"]): string | undefined {
  const dtypes = new Set(outputs.map(({ dtype }) => dtype).filter((dtype) => dtype.startsWith("float")));
  for (const node of feeds.keys()) if (node.dtype === "float32") dtypes.add("float32");
  const dtype: FloatDType = dtypes.has("float32") ? "float32" : "float64";
  for (const samples of [3, 40]) {
    const worst = worstExcess(values, referenceWithBounds(outputs, feeds, dtype, samples), dtype);
    if (worst.excess <= 1) return undefined;
    const { output, index, got, expected, bound } = worst;
    if (samples > 3) return `output ${output}, element ${index}: ${got} for ${expected}, which may be off by ${bound}`;
  }
  return undefined;
}

function firstDifference(
  got: CaseRun["values"],
  wanted: CaseRun["values"],
  same: (a: number, b: number) => boolean,
): string | undefined {
  for (const [o, row] of wanted.entries()) {
    const given = got[o] ?? [];
    if (given.length !== row.length) return `output ${o} has ${given.length} elements, not ${row.length}`;
    const i = row.findIndex((want, i) => !same(given[i] as number, want));
    if (i >= 0) return `output ${o}, element ${i}: ${given[i]} for ${row[i]}`;
  }
  return undefined;
}
