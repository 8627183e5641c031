/**
 * turn: a product with one column becomes the product of the turned operands, which has one row. Vectors then lie along what
 * there is much of. Every element keeps its chain.
 */
import type { Access, ContractionKernel, MatrixAccess } from "../kernel.ts";
import { mapStores } from "./remap.ts";

/** A product that has not been cut for a target yet. */
export type Product = Omit<ContractionKernel, "tiling" | "workspace">;

export function turn(product: Product): Product {
  const { m, n, a, b, stores, accumulate } = product;
  if (n !== 1 || m === 1) return product;
  const exchanged = ([row, column]: readonly number[]) => [column as number, row as number];
  const turned = (access: Access): Access => ({ ...access, strides: exchanged(access.strides) });
  return {
    ...product,
    m: n,
    n: m,
    a: turnedAccess(b),
    b: turnedAccess(a),
    stores: mapStores(stores, turned, exchanged),
    ...(accumulate && { accumulate: turned(accumulate) }),
  };
}

function turnedAccess({ buffer, offset, rowStride, columnStride }: MatrixAccess): MatrixAccess {
  return { buffer, offset, rowStride: columnStride, columnStride: rowStride };
}
