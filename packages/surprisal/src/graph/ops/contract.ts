/** Matrix products and the indexed reads and writes that go with them. */
import { ShapeError } from "../../base/errors.ts";
import { showShape, sizeOf } from "../../base/shape.ts";
import type { Node, OpRecord } from "../node.ts";
import { CompensatedSum, type NoAttributes, requireDType, requireFloat } from "./record.ts";

export interface MatmulAttributes {
  /** Read the operand transposed; nothing is moved. */
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows, inner length and columns of a product. */
export function matmulSizes(a: Node, b: Node, { transposeA, transposeB }: MatmulAttributes) {
  const [m, k] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const [inner, n] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
  return { m: m as number, k: k as number, inner: inner as number, n: n as number };
}

export const matmul: OpRecord<MatmulAttributes> = {
  name: "matmul",
  kind: "contraction",
  infer(inputs, attrs) {
    const [a, b] = inputs as [Node, Node];
    requireFloat("matmul", a);
    requireDType("matmul", b, a.dtype);
    const { m, k, inner, n } = matmulSizes(a, b, attrs);
    if (a.shape.length !== 2 || b.shape.length !== 2 || k !== inner) {
      const side = (x: Node, t: boolean) => `${showShape(x.shape)}${t ? " transposed" : ""}`;
      throw new ShapeError("graph/matmul", {
        received: `matmul was given ${side(a, attrs.transposeA)} and ${side(b, attrs.transposeB)}`,
        expected: "two matrices are needed, the columns of the first equal to the rows of the second",
        hint: "Check the number of features.",
      });
    }
    return { dtype: a.dtype, shape: [m, n] };
  },
  evaluate({ inputs: [a, b], attrs }, [x, y]) {
    const { m, k, n } = matmulSizes(a as Node, b as Node, attrs);
    const [rowA, stepA] = attrs.transposeA ? [1, m] : [k, 1];
    const [stepB, columnB] = attrs.transposeB ? [1, k] : [n, 1];
    const out = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let p = 0; p < k; p++) {
          total +=
            ((x as Float64Array)[i * rowA + p * stepA] as number) *
            ((y as Float64Array)[p * stepB + j * columnB] as number);
        }
        out[i * n + j] = total;
      }
    }
    return out;
  },
  gradient(build, { inputs: [a, b], attrs: { transposeA, transposeB } }, g) {
    const [x, y] = [a as Node, b as Node];
    return [
      transposeA
        ? build.matmul(y, g, { transposeA: transposeB, transposeB: true })
        : build.matmul(g, y, { transposeB: !transposeB }),
      transposeB
        ? build.matmul(g, x, { transposeA: true, transposeB: transposeA })
        : build.matmul(x, g, { transposeA: !transposeA }),
    ];
  },
};

/** Rows of x by index: out[i, …] = x[indices[i], …]. An index outside x reads NaN (0 for integers). */
export const gather: OpRecord<NoAttributes> = {
  name: "gather",
  kind: "indexed",
  infer([x, indices]) {
    requireDType("gather", indices as Node, "int32");
    const { shape, dtype } = x as Node;
    return { dtype, shape: [...(indices as Node).shape, ...shape.slice(1)] };
  },
  evaluate({ inputs: [x], shape }, [values, indices]) {
    const rows = (x as Node).shape[0] as number;
    const width = sizeOf((x as Node).shape.slice(1));
    const out = new Float64Array(sizeOf(shape));
    (indices as Float64Array).forEach((index, i) => {
      const inside = index >= 0 && index < rows;
      const missing = (x as Node).dtype.startsWith("float") ? Number.NaN : 0;
      for (let j = 0; j < width; j++) {
        out[i * width + j] = inside ? ((values as Float64Array)[index * width + j] as number) : missing;
      }
    });
    return out;
  },
  gradient(b, { inputs: [x, indices], shape }, g) {
    const source = x as Node;
    if (!source.dtype.startsWith("float")) return [undefined, undefined];
    const count = (indices as Node).shape;
    const updates = b.reshape(g, [sizeOf(count), ...shape.slice(count.length)]);
    return [b.scatterAdd(b.reshape(indices as Node, [sizeOf(count)]), updates, source.shape[0] as number), undefined];
  },
};

export interface ScatterAddAttributes {
  /** Length of the result's first axis. */
  readonly rows: number;
}

/** Zeros with each update added to the row that its index names, in order. Indices outside are left out. */
export const scatterAdd: OpRecord<ScatterAddAttributes> = {
  name: "scatterAdd",
  kind: "indexed",
  infer([indices, updates], { rows }) {
    requireDType("scatterAdd", indices as Node, "int32");
    requireFloat("scatterAdd", updates as Node);
    return { dtype: (updates as Node).dtype, shape: [rows, ...(updates as Node).shape.slice(1)] };
  },
  evaluate({ shape }, [indices, updates]) {
    const width = sizeOf(shape.slice(1));
    const sums = Array.from({ length: sizeOf(shape) }, () => new CompensatedSum());
    (indices as Float64Array).forEach((index, i) => {
      if (index < 0 || index >= (shape[0] as number)) return;
      for (let j = 0; j < width; j++) sums[index * width + j]?.add((updates as Float64Array)[i * width + j] as number);
    });
    return Float64Array.from(sums, (s) => s.value);
  },
  gradient: (b, { inputs: [indices] }, g) => [undefined, b.gather(g, indices as Node)],
};
