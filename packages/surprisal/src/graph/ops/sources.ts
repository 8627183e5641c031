/** Nodes without operands: what is fed in, constants, positions, random numbers. */
import type { DType, FloatDType } from "../../base/dtype.ts";
import { ShapeError } from "../../base/errors.ts";
import { type Shape, showShape, sizeOf, stridesOf } from "../../base/shape.ts";
import { threefry2x32, uniform24 } from "../../base/threefry.ts";
import { makeNode, type Node, type OpRecord } from "../node.ts";
import { requireDType } from "./record.ts";

export interface InputAttributes {
  /** For people; two inputs may share one. */
  readonly label: string;
  /** Makes each input its own. */
  readonly serial: number;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A value that comes from outside: a feed, or state that outlives a run. */
export const input: OpRecord<InputAttributes> = {
  name: "input",
  kind: "source",
  infer: (_, { dtype, shape }) => ({ dtype, shape }),
  evaluate(node) {
    throw new ShapeError("graph/unbound-input", {
      received: `no value was given for the input "${node.attrs.label}" ${showShape(node.shape)}`,
      expected: "every input that an output needs must be bound",
      hint: "Pass a value for it.",
    });
  },
};

let serial = 0;

/** A fresh input; each call makes another one. */
export function makeInput(label: string, dtype: DType, shape: Shape): Node<InputAttributes> {
  return makeNode(input, [], { label, serial: serial++, dtype, shape: [...shape] });
}

export interface ConstantAttributes {
  /** One value for every element, or all of them in row-major order. */
  readonly values: readonly number[];
  readonly dtype: DType;
  readonly shape: Shape;
}

export const constant: OpRecord<ConstantAttributes> = {
  name: "constant",
  kind: "source",
  infer(_, { values, dtype, shape }) {
    if (values.length !== 1 && values.length !== sizeOf(shape)) {
      throw new ShapeError("graph/constant-size", {
        received: `a constant of ${values.length} values came with shape ${showShape(shape)}`,
        expected: "it needs one value, or one for each element",
        hint: "Check the shape.",
      });
    }
    return { dtype, shape };
  },
  evaluate({ attrs, shape }) {
    const out = new Float64Array(sizeOf(shape));
    if (attrs.values.length === 1) out.fill(attrs.values[0] as number);
    else out.set(attrs.values);
    return out;
  },
};

export interface IotaAttributes {
  readonly axis: number;
  readonly shape: Shape;
}

/** Each element's position along one axis, int32. */
export const iota: OpRecord<IotaAttributes> = {
  name: "iota",
  kind: "source",
  infer: (_, { shape }) => ({ dtype: "int32", shape }),
  evaluate({ attrs, shape }) {
    const stride = stridesOf(shape)[attrs.axis] as number;
    const dim = shape[attrs.axis] as number;
    return Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.floor(i / stride) % dim);
  },
};

export interface RandomUniformAttributes {
  /** Separates the uses of one seed. */
  readonly stream: number;
  readonly dtype: FloatDType;
  readonly shape: Shape;
}

/**
 * Uniform in [0, 1) with 24 random bits, from Threefry-2x32: key (seed, stream), counter (step, element). Operands: seed and
 * step, int32 scalars. The same in float32 and float64.
 */
export const randomUniform: OpRecord<RandomUniformAttributes> = {
  name: "randomUniform",
  kind: "elementwise",
  infer([seed, step], { dtype, shape }) {
    requireDType("randomUniform", seed as Node, "int32");
    requireDType("randomUniform", step as Node, "int32");
    return { dtype, shape };
  },
  evaluate({ attrs, shape }, [seed, step]) {
    const key = (seed as Float64Array)[0] as number;
    const count = (step as Float64Array)[0] as number;
    return Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
      uniform24(threefry2x32(key, attrs.stream, count, i)[0]),
    );
  },
  gradient: () => [undefined, undefined],
};
