/** Matrix products and convolutions: three loops, and what is done with an element before it is stored. */
import type { ContractionKernel, ConvolutionKernel, MatrixAccess } from "../../compile/kernel.ts";
import { ExpressionWriter, type Names } from "./expressions.ts";
import { cNumber, cType, indent } from "./words.ts";

/** @param fused whether a product and its sum are rounded once. */
export function writeContraction(kernel: ContractionKernel, names: Names, fused: boolean): string[] {
  const factor = (matrix: MatrixAccess, row: string, column: string) =>
    `${names.of(matrix.buffer)}[${sum(matrix.offset, times(row, matrix.rowStride), times(column, matrix.columnStride))}]`;
  return writeProduct(kernel, names, fused, factor(kernel.a, "i", "k"), factor(kernel.b, "k", "j"));
}

/** Operands are found by tables of offsets. */
export function writeConvolution(kernel: ConvolutionKernel, names: Names, fused: boolean): string[] {
  const { a, b } = kernel;
  const x = sum(a.offset, `${names.of(a.rows)}[i]`, `${names.of(a.inner)}[k]`);
  const y = sum(b.offset, `${names.of(b.inner)}[k]`, times("j", b.columnStride));
  return writeProduct(kernel, names, fused, `${names.of(a.buffer)}[${x}]`, `${names.of(b.buffer)}[${y}]`);
}

/** axis · stride; nothing where that is 0. */
const times = (axis: string, stride: number): string | undefined =>
  stride === 0 ? undefined : stride === 1 ? axis : `${axis} * ${stride}`;

/** An offset and the terms that there are. */
function sum(offset: number, ...terms: readonly (string | undefined)[]): string {
  const some = terms.filter((term) => term !== undefined);
  return (offset !== 0 || some.length === 0 ? [String(offset), ...some] : some).join(" + ");
}

/** @param x what stands for the left factor at i and k, @param y for the right one at k and j. */
function writeProduct(
  { m, n, k, dtype, stores }: ContractionKernel | ConvolutionKernel,
  names: Names,
  fused: boolean,
  x: string,
  y: string,
): string[] {
  const writer = new ExpressionWriter(
    names,
    ["i", "j"],
    stores.map((store) => store.value),
  );
  const step = fused ? `sum = fma${dtype === "float32" ? "f" : ""}(${x}, ${y}, sum);` : `sum += ${x} * ${y};`;
  const values = stores.map(({ value }) => writer.settle(value));
  const element = writer.take(2);
  const row = writer.take(1);
  const targets = stores.map(({ access }, s) => `${writer.element(access)} = ${values[s]};`);
  return [
    ...writer.take(0),
    `for (int32_t i = 0; i < ${m}; i++) {`,
    ...indent([
      ...row,
      `for (int32_t j = 0; j < ${n}; j++) {`,
      ...indent([
        `${cType(dtype)} sum = ${cNumber(0, dtype)};`,
        `for (int32_t k = 0; k < ${k}; k++) ${step}`,
        ...element,
        ...targets,
      ]),
      "}",
    ]),
    "}",
  ];
}
