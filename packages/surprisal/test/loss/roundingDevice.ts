/**
 * A device that rounds after every op, as one that computes in float32 does: shows whether a formula itself keeps its digits, apart
 * from how well a backend's functions are made.
 */
import { convert, roundTo } from "../../src/base/dtype.ts";
import { sizeOf } from "../../src/base/shape.ts";
import { Tensor } from "../../src/base/tensor.ts";
import { build, evaluateFloat64, type Node, rewrite } from "../../src/graph/index.ts";
import type { losses } from "../golden/library.ts";

interface Held extends losses.EvaluationBuffer {
  values: ArrayLike<number>;
}

export function roundingDevice(): losses.EvaluationDevice {
  return {
    allocate: (dtype, shape): Held => ({ dtype, shape, values: new Float64Array(sizeOf(shape)) }),
    write(buffer, values) {
      (buffer as Held).values = convert(buffer.dtype, values);
    },
    read: async (buffer) => new Tensor(convert(buffer.dtype, (buffer as Held).values), buffer.shape),
    free() {},
    load: async ({ outputs, bindings }) => ({
      run() {
        const simple = rewrite(
          outputs.map(({ node }) => node),
          [(node: Node) => node.op.decompose?.(build, node)],
        );
        const values = new Map([...bindings].map(([node, buffer]) => [node, (buffer as Held).values]));
        const results = evaluateFloat64(simple, values, (node, computed) => {
          computed.forEach((value, i) => {
            computed[i] = roundTo(node.dtype, value);
          });
        });
        outputs.forEach(({ into }, i) => {
          (into as Held).values = results[i] as Float64Array;
        });
      },
    }),
  };
}
