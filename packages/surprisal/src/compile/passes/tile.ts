/**
 * tile: cuts a product into tiles that suit the target's registers and caches. A tile of rows × vectors of sums stays in
 * registers while k is walked; columns are cut into strips as wide as a tile, rows into tiles from the top. What is chosen here
 * changes the speed and never the bits.
 */
import type { ContractionKernel, KernelBuffer, MatrixAccess, StripGroup, Tiling } from "../kernel.ts";
import type { TargetProperties } from "../target.ts";
import type { Product } from "./turn.ts";

/** Of a right operand that is read where it lies, again and again. It shares the nearest cache with rows of the left one. */
const mostBytesInPlace = 16_384;
/** Of the left operand's rows that are walked for one strip; they stay in the second cache. */
const rowBlock = 84;
/** Of the copied right operand; with more columns it is copied, and used, in parts. */
const mostBytesHeld = 4 * 2 ** 20;
/** Strips that make up for the copying of the left operand. */
const stripsToPack = 8;
const vectorBytes = 16;
/** Of a line of the caches. */
const lineBytes = 64;
/** No tile has a side longer than this. */
const longestSide = 8;
/** Vectors of columns that are turned on the way from memory to the registers, for a product with one row. */
const widestAlongK = 3;
/** Elements between rows of the copied left operand beyond their length, so that they do not all fall on one place in the cache. */
const stagger = 16;

/** What a cut depends on. */
export interface Sizes extends Pick<ContractionKernel, "m" | "n" | "k" | "dtype"> {
  readonly a: Pick<MatrixAccess, "rowStride" | "columnStride">;
  readonly b: Pick<MatrixAccess, "rowStride" | "columnStride">;
}

export function tile(
  product: Product,
  target: TargetProperties,
  make: (elements: number) => KernelBuffer,
): ContractionKernel {
  const tiling = tilingOf(product, target);
  return { ...product, tiling, workspace: make(tiling.workspace.elements) };
}

export function tilingOf(product: Sizes, target: TargetProperties): Tiling {
  const { m, n, k, a, dtype } = product;
  const lanes = target.lanes[dtype];
  const bytes = vectorBytes / lanes;
  const alongK = m === 1 && product.b.rowStride === 1 && product.b.columnStride !== 1;
  const cut = stripsOf(m, n / lanes, alongK ? widestAlongK : longestSide, target);
  const packed = cut.map(({ rows }) => (alongK ? "alongK" : rightOf(product, rows, bytes)));
  // Stretches of equal length, and of a whole number of vectors.
  const stretches = packed.includes("packed") ? Math.max(1, Math.ceil(k / target.panel)) : 1;
  const stretch = stretches === 1 ? k : Math.ceil(k / stretches / lanes) * lanes;
  const block = m <= 2 * rowBlock ? m : rowBlock;

  const groups: StripGroup[] = [];
  let from = 0;
  for (const [g, { rows, vectors, strips }] of cut.entries()) {
    const right = packed[g] as Source;
    const width = vectors * lanes;
    const held = right === "packed" ? Math.max(1, Math.floor(mostBytesHeld / (stretch * width * bytes))) : strips;
    const left = right === "packed" && a.rowStride === 1 && strips >= stripsToPack ? "packed" : "inPlace";
    const heldStrips = Math.min(strips, held);
    const columns = Math.min(strips * width, n - from);
    groups.push({ from, columns, strips, rows, vectors, heldStrips, right, left });
    from += strips * width;
  }

  const largest = (of: (group: StripGroup) => number) => Math.max(0, ...groups.map(of));
  const leftStride = stretch + stagger;
  const right = largest((g) => (g.right === "packed" ? g.heldStrips * g.vectors * lanes * stretch : 0));
  const left = largest((g) => (g.left === "packed" ? block * leftStride : 0));
  const unfinished =
    stretches > 1 ? largest((g) => g.heldStrips * g.vectors * lanes * tilesOf(m, block, g.rows) * g.rows) : 0;
  const sizes = [right, left, unfinished, largest((g) => g.rows * g.vectors * lanes)];
  // Every part begins on a whole vector.
  const starts: number[] = [0];
  for (const size of sizes) starts.push((starts.at(-1) as number) + Math.ceil(size / lanes) * lanes);
  const [atRight, atLeft, atUnfinished, atTile, elements] = starts as [number, number, number, number, number];
  return {
    groups,
    stretch,
    block,
    leftStride,
    workspace: { right: atRight, left: atLeft, unfinished: atUnfinished, tile: atTile, elements },
  };
}

/** Tiles from top to bottom; each block of rows begins with a new one. */
function tilesOf(m: number, block: number, rows: number): number {
  const blocks = Math.floor(m / block);
  return blocks * Math.ceil(block / rows) + Math.ceil((m - blocks * block) / rows);
}

function rightOf({ m, n, k, b }: Sizes, rows: number, bytes: number): Source {
  return b.columnStride === 1 && (m <= 2 * rows || n * k * bytes <= mostBytesInPlace) ? "inPlace" : "packed";
}

type Source = StripGroup["right"];

interface Cut {
  readonly rows: number;
  readonly vectors: number;
  readonly strips: number;
}

/**
 * The cheapest cut of so many vectors of columns (the last may be a part of one): equal strips, and at most one that is
 * narrower or wider.
 */
function stripsOf(m: number, exactly: number, widest: number, target: TargetProperties): readonly Cut[] {
  const vectors = Math.ceil(exactly);
  let best: readonly Cut[] = [];
  let least = Infinity;
  for (let wide = 1; wide <= Math.min(vectors, widest); wide++) {
    const most = Math.floor(vectors / wide);
    for (const strips of [most, most - 1]) {
      const rest = vectors - strips * wide;
      // As wide as the others it is one of them.
      if (rest > widest || rest === wide) continue;
      const main = rowsFor(m, wide, target);
      const other = rowsFor(m, rest, target);
      const cost = strips * main.cost + other.cost;
      // Of equally cheap ones, strips that are whole lines of the cache: what an epilogue touches then is read and written once.
      if (!(cost < least || (cost === least && (wide * vectorBytes) % lineBytes === 0))) continue;
      least = cost;
      // A strip whose columns are fewer than its vectors hold is a group of its own.
      const last =
        rest > 0
          ? [{ rows: other.rows, vectors: rest, strips: 1 }]
          : vectors > exactly
            ? [{ rows: main.rows, vectors: wide, strips: 1 }]
            : [];
      const equal = rest > 0 ? strips : strips - last.length;
      best = [...(equal > 0 ? [{ rows: main.rows, vectors: wide, strips: equal }] : []), ...last];
    }
  }
  return best;
}

/** Rows of the cheapest tile that is so many vectors wide, and what a strip costs: multiply-adds, no fewer than the chains in flight. */
function rowsFor(m: number, vectors: number, target: TargetProperties): { rows: number; cost: number } {
  if (vectors === 0) return { rows: 0, cost: 0 };
  const costOf = (rows: number) => (rows === 0 ? 0 : Math.max(rows * vectors, target.chains));
  let best = { rows: 0, cost: Infinity };
  for (let rows = 1; rows <= Math.min(m, longestSide); rows++) {
    // What one k needs stands in registers at once: engines put loads before the arithmetic.
    if (rows * vectors + rows + vectors > target.registers) break;
    // Every block of rows is a whole number of tiles.
    if (m > 2 * rowBlock && rowBlock % rows !== 0) continue;
    const cost = Math.floor(m / rows) * costOf(rows) + costOf(m % rows);
    if (cost <= best.cost) best = { rows, cost };
  }
  return best;
}
