/** What there is to tell of a kernel: how much it computes, reads and writes. */
import type { DType } from "../base/dtype.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { KernelReport } from "./device.ts";
import { type Access, type Expression, elementBytes, isProduct, type Kernel, type Phase } from "./kernel.ts";

/** FLOPs and bytes of a kernel, for `explain`: one for each primitive and element, k products and sums for a contraction. */
export function reportKernel(kernel: Kernel): KernelReport {
  const base = { name: kernel.name, family: kernel.family, ops: kernel.ops };
  if (kernel.family === "loop") {
    const { rounds } = kernel.counter;
    const body = kernel.body.map(reportKernel);
    const total = (of: keyof Work) => rounds * body.reduce((sum, k) => sum + k[of], 0);
    const productFlops = rounds * body.reduce((sum, k) => sum + (k.productFlops ?? 0), 0);
    // A product in pieces reads as one.
    const [only] = body;
    const space = body.length === 1 && only !== undefined ? [rounds, ...only.space] : [rounds];
    const work = { flops: total("flops"), bytesRead: total("bytesRead"), bytesWritten: total("bytesWritten") };
    return { ...base, space, ...work, ...(productFlops > 0 && { productFlops }) };
  }
  if (isProduct(kernel)) {
    const { m, n, k, dtype, stores } = kernel;
    const productFlops = 2 * m * n * k;
    // The windows of a convolution overlap: what they are read from is there once.
    const left = kernel.family === "convolution" ? kernel.a.buffer.elements : m * k;
    // The epilogue is a body over rows of n; what it loads besides the product counts too.
    const epilogue = bodyWork({ stores, reductions: [], columnSums: [], rowStores: [] }, [m, n]);
    return {
      ...base,
      space: [m, n, k],
      flops: productFlops + epilogue.flops,
      productFlops,
      bytesRead: inBytes(left + k * n, dtype) + epilogue.bytesRead,
      bytesWritten: epilogue.bytesWritten,
    };
  }
  if (kernel.family === "gather" || kernel.family === "scatterAdd") {
    const moved = inBytes(kernel.count * kernel.width, kernel.out.dtype);
    return { ...base, space: [kernel.count, kernel.width], flops: 0, bytesRead: moved, bytesWritten: moved };
  }
  const works = kernel.phases.map((phase) => bodyWork(phase, kernel.space));
  const total = (of: keyof Work) => works.reduce((sum, work) => sum + work[of], 0);
  return {
    ...base,
    space: kernel.space,
    flops: total("flops"),
    bytesRead: total("bytesRead"),
    bytesWritten: total("bytesWritten"),
  };
}

interface Work {
  readonly flops: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

const inBytes = (elements: number, dtype: DType) => elements * elementBytes(dtype);

/** Elements that are touched: what is broadcast along an axis is there once. */
const touched = ({ buffer, strides }: Access, space: Shape): number =>
  Math.min(
    buffer.elements,
    strides.reduce((count, stride, d) => (stride === 0 ? count : count * (space[d] as number)), 1),
  );

function bodyWork(phase: Phase, space: Shape): Work {
  const elements = sizeOf(space);
  const rows = elements / Math.max(1, space.at(-1) ?? 1);
  const roots = [
    ...phase.stores.map((s) => s.value),
    ...phase.reductions.map((r) => r.source),
    ...phase.columnSums.map((c) => c.value),
  ];
  let flops = elements * (phase.reductions.length + phase.columnSums.length);
  let bytesRead = 0;
  let bytesWritten = 0;
  const seen = new Set<object>();
  const visit = (e: Expression): void => {
    if (e.kind === "constant" || seen.has(e)) return;
    seen.add(e);
    if (e.kind === "load") bytesRead += inBytes(touched(e.access, space), e.dtype);
    if (e.kind !== "op") return;
    flops += elements;
    e.args.forEach(visit);
  };
  roots.forEach(visit);
  for (const { access } of phase.stores) bytesWritten += inBytes(elements, access.buffer.dtype);
  for (const { access } of phase.rowStores) bytesWritten += inBytes(rows, access.buffer.dtype);
  return { flops, bytesRead, bytesWritten };
}
