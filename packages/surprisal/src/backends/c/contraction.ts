/** Matrix products: three loops, and what is done with an element before it is stored. */
import type { ContractionKernel, MatrixAccess } from "../../compile/kernel.ts";
import { ExpressionWriter, type Names } from "./expressions.ts";
import { cNumber, cType, indent } from "./words.ts";

/** @param fused whether a product and its sum are rounded once. */
export function writeContraction(kernel: ContractionKernel, names: Names, fused: boolean): string[] {
  const { m, n, k, a, b, dtype, stores } = kernel;
  const writer = new ExpressionWriter(
    names,
    ["i", "j"],
    stores.map((store) => store.value),
  );
  const factor = (matrix: MatrixAccess, row: string, column: string) => {
    const term = (axis: string, stride: number) => (stride === 0 ? [] : [stride === 1 ? axis : `${axis} * ${stride}`]);
    const terms = [...term(row, matrix.rowStride), ...term(column, matrix.columnStride)];
    if (matrix.offset !== 0 || terms.length === 0) terms.unshift(String(matrix.offset));
    return `${names.of(matrix.buffer)}[${terms.join(" + ")}]`;
  };
  const [x, y] = [factor(a, "i", "k"), factor(b, "k", "j")];
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
