/** Where a step's rows come from: handed over batch by batch, or gathered by index from a data set that lies on the device. */
import type { DType, FloatDType, TypedArray } from "../base/dtype.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import { gather, type Node } from "../graph/index.ts";
import { type Cell, type CellGroup, use, type Wiring } from "./cells.ts";

/** Rows of a table that passed the checks: values in row-major order, shapes without the batch axis. */
export interface Rows {
  readonly values: TypedArray;
  readonly rowShape: Shape;
}

/** A data set that passed the checks. */
export interface DataSet {
  readonly rows: number;
  readonly x: Rows;
  readonly y: Rows & { readonly dtype: DType };
  readonly sampleWeight?: TypedArray;
}

/** One batch as nodes. */
export interface BatchNodes {
  readonly rows: number;
  readonly x: Node;
  readonly yTrue: Node;
  readonly sampleWeight?: Node;
}

/** Gives a program its batch. */
export type BatchSource = (wiring: Wiring) => BatchNodes;

/** A data set on the device. `weight` may be replaced, so that validation rows go without class weights. */
export interface ResidentSet {
  readonly x: Cell;
  readonly y: Cell;
  readonly sampleWeight?: Cell;
}

export function makeResident(group: CellGroup, data: DataSet, dtype: FloatDType): ResidentSet {
  return {
    x: group.make("x", dtype, [data.rows, ...data.x.rowShape], data.x.values),
    y: group.make("y", data.y.dtype, [data.rows, ...data.y.rowShape], data.y.values),
    ...(data.sampleWeight && { sampleWeight: group.make("sample weight", dtype, [data.rows], data.sampleWeight) }),
  };
}

/** Rows of a resident set that the int32 cell `indices` [rows] names. */
export function gathered(set: ResidentSet, indices: Cell): BatchSource {
  return (wiring) => {
    const at = use(wiring, indices);
    return {
      rows: indices.buffer.shape[0] as number,
      x: gather(use(wiring, set.x), at),
      yTrue: gather(use(wiring, set.y), at),
      ...(set.sampleWeight && { sampleWeight: gather(use(wiring, set.sampleWeight), at) }),
    };
  };
}

/** Cells that hold one batch themselves. */
export function fed(set: ResidentSet): BatchSource {
  return (wiring) => ({
    rows: set.x.buffer.shape[0] as number,
    x: use(wiring, set.x),
    yTrue: use(wiring, set.y),
    ...(set.sampleWeight && { sampleWeight: use(wiring, set.sampleWeight) }),
  });
}

/** A batch of a model for looking at programs without data: zeros and ones, which are numbers and row numbers alike. */
export function exampleBatch(
  group: CellGroup,
  network: { readonly inputShape: Shape; readonly outputShape: Shape },
  loss: { readonly targets: "classIndex" | "real" },
  dtype: FloatDType,
  rows: number,
): BatchSource {
  const index = loss.targets === "classIndex";
  const shape = [rows, ...network.inputShape];
  const rowShape = index ? network.outputShape.slice(0, -1) : network.outputShape;
  return fed({
    x: group.make(
      "x",
      dtype,
      shape,
      Uint8Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 5) % 3) & 1),
    ),
    y: group.make("y", index ? "int32" : dtype, [rows, ...rowShape]),
  });
}
