/** The reference device: every program is evaluated node by node in float64 and rounded once, into its output buffers. */
import { allocate, convert, type DType, type TypedArray } from "../../base/dtype.ts";
import { type Shape, sizeOf } from "../../base/shape.ts";
import { Tensor } from "../../base/tensor.ts";
import type { Device, DeviceBuffer, DeviceFeature, Executable, Program, ProgramReport } from "../../compile/device.ts";
import { countNodes, evaluateFloat64, type Node, stabilise } from "../../graph/index.ts";

interface HostBuffer extends DeviceBuffer {
  readonly data: TypedArray;
}

/** Makes an interpreter. Slow and exact: the oracle for the other backends, and a device like any other. */
export function interpreterDevice(): Device {
  return {
    name: "interpreter",
    allocate: (dtype: DType, shape: Shape): HostBuffer => ({ dtype, shape, data: allocate(dtype, sizeOf(shape)) }),
    write(buffer, values, offset = 0) {
      (buffer as HostBuffer).data.set(convert(buffer.dtype, values), offset);
    },
    read: async (buffer) => new Tensor((buffer as HostBuffer).data.slice(), buffer.shape),
    readNow(buffer, into, at = 0) {
      const held = (buffer as HostBuffer).data;
      into.set(held.subarray(0, into.length - at), at);
    },
    free() {},
    features: interpreterFeatures,
    load: async (program) => interpret(program),
  };
}

/** It needs nothing of the machine. */
export const interpreterFeatures = (): readonly DeviceFeature[] => [
  {
    name: "float64",
    state: "used",
    why: "every op is evaluated in it, node by node: slow, and the truth for the others",
  },
];

function interpret(program: Program): Executable {
  const fired: string[] = [];
  const outputs = stabilise(
    program.outputs.map((output) => output.node),
    (rule) => fired.push(rule.identity),
  );
  return {
    run() {
      const values = new Map<Node, ArrayLike<number>>();
      for (const [node, buffer] of program.bindings) values.set(node, (buffer as HostBuffer).data);
      const results = evaluateFloat64(outputs, values);
      program.outputs.forEach(({ into }, i) => {
        (into as HostBuffer).data.set(convert(into.dtype, results[i] as Float64Array));
      });
    },
    report: (): ProgramReport => ({
      label: program.label ?? "program",
      device: "interpreter",
      passes: [{ name: "stabilise", count: countNodes(outputs), notes: fired }],
      kernels: [],
      scratchBytes: 0,
      scratchBytesWithoutReuse: 0,
      codeBytes: 0,
      cached: false,
    }),
  };
}
