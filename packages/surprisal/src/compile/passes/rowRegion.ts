/**
 * rowRegion: finds what can be worked on in blocks of rows instead of through a large matrix in memory: a product with many columns, what is
 * done to each of its rows (a softmax, a loss, their gradient), and the products and sums that use it up. Row i of the result then needs
 * row i of the operands only, and what the rows share is read or added to.
 */
import { sameShape, sizeOf } from "../../base/shape.ts";
import { constantValue, type Node, ops, topological } from "../../graph/index.ts";
import { elementBytes } from "../kernel.ts";
import { type Fusion, isColumnSum, isInline, type RowRegion } from "./fuse.ts";

/** A product of rows with something that they share. */
const isRowProduct = (node: Node): boolean => node.op === ops.matmul && !node.attrs.transposeA;

/** Something that adds up over rows: Xᵀ Y, or a sum down the columns. */
const isTotal = (node: Node): boolean =>
  (node.op === ops.matmul && node.attrs.transposeA && !node.attrs.transposeB) ||
  (node.op.kind === "reduction" && isColumnSum(node));

/** Ops that leave rows to themselves, whatever their number. Random numbers count all elements. */
function keepsRows(node: Node, rows: number): boolean {
  const { op, shape } = node;
  if (shape[0] !== rows || shape.length > 2) return false;
  if (op === ops.reshape || op === ops.broadcastTo) {
    const from = (node.inputs[0] as Node).shape;
    return op === ops.broadcastTo || from[0] === rows;
  }
  if (op.kind === "elementwise") return op !== ops.randomUniform;
  return op.kind === "reduction" && !isColumnSum(node);
}

/** Whether operand `i` of a node in a region has a row for each row; otherwise the rows share it. */
export function isRowOperand(node: Node, i: number, rows: number): boolean {
  if (node.op === ops.matmul) return node.attrs.transposeA || i === 0;
  if (node.op !== ops.broadcastTo) return true;
  const { shape } = node.inputs[i] as Node;
  return shape.length === node.shape.length && shape[0] === rows;
}

class Finder {
  readonly #order: readonly Node[];
  readonly #users = new Map<Node, Node[]>();
  readonly #outputs: ReadonlySet<Node>;

  constructor(outputs: readonly Node[]) {
    this.#order = topological(outputs);
    this.#outputs = new Set(outputs);
    for (const node of this.#order)
      for (const input of node.inputs) {
        const users = this.#users.get(input);
        if (users === undefined) this.#users.set(input, [node]);
        else users.push(node);
      }
  }

  #usersOf(node: Node): readonly Node[] {
    return this.#users.get(node) ?? [];
  }

  /** Regions to try, those with the largest matrices first. */
  seeds(): Node[][] {
    const bySize = new Map<string, Node[]>();
    for (const node of this.#order.filter(isRowProduct)) {
      const key = node.shape.join();
      bySize.set(key, [...(bySize.get(key) ?? []), node]);
    }
    return [...bySize.values()].sort(([a], [b]) => sizeOf((b as Node).shape) - sizeOf((a as Node).shape));
  }

  grow(seeds: readonly Node[]): RowRegion | undefined {
    const [rows, columns] = (seeds[0] as Node).shape as [number, number];
    const isLarge = (node: Node) =>
      node.op.kind === "elementwise" && node.shape.length === 2 && node.shape[0] === rows && node.shape[1] === columns;

    // What is made of the products, row by row.
    const made = new Set<Node>(seeds);
    for (const node of this.#order)
      if (keepsRows(node, rows) && node.inputs.some((input) => made.has(input))) made.add(node);
    const large = [...made].filter((node) => isLarge(node) || seeds.includes(node));
    const nodes = new Set<Node>(large);
    for (const node of large) {
      for (const user of this.#readersOf(node, rows)) {
        if (user !== node && (keepsRows(user, rows) || isRowProduct(user) || isTotal(user))) nodes.add(user);
      }
    }
    // Whatever lies between two of them has to come along.
    const above = new Set<Node>(nodes);
    for (const node of this.#order) if (node.inputs.some((input) => above.has(input))) above.add(node);
    const below = new Set<Node>(nodes);
    for (const node of [...this.#order].reverse())
      if (this.#usersOf(node).some((user) => below.has(user))) below.add(node);
    for (const node of this.#order) if (above.has(node) && below.has(node)) nodes.add(node);
    this.#follow(nodes, rows);
    this.#absorb(nodes, rows);
    return this.#checked(nodes, rows, new Set(seeds));
  }

  /** Nodes that read it, through moves of elements as well. */
  #readersOf(node: Node, rows: number): Node[] {
    return this.#usersOf(node).flatMap((user) =>
      user.op.kind === "view" && keepsRows(user, rows) ? this.#readersOf(user, rows) : [user],
    );
  }

  /** What is done to the rows that come out goes with them, so that less has to lie in memory: a product's epilogue, a row's loss. */
  #follow(nodes: Set<Node>, rows: number): void {
    const below = new Set<Node>(nodes);
    const isLate = (node: Node) => !nodes.has(node) && below.has(node);
    for (const node of this.#order) {
      if (!node.inputs.some((input) => below.has(input))) continue;
      below.add(node);
      if (nodes.has(node) || !keepsRows(node, rows) || node.inputs.some(isLate)) continue;
      const product = node.inputs.some((x) => nodes.has(x) && isRowProduct(x) && sameShape(x.shape, node.shape));
      const isRowValue = sizeOf(node.shape) === rows && node.inputs.every((x) => !isTotal(x));
      if ((product && node.op.kind === "elementwise") || isRowValue) nodes.add(node);
    }
  }

  /** Row by row work on operands that nobody else needs costs no memory inside. */
  #absorb(nodes: Set<Node>, rows: number): void {
    // A product's epilogue stays with it.
    const epilogue = new Set<Node>();
    for (const node of this.#order) {
      const isOf = (x: Node) => sameShape(x.shape, node.shape) && (x.op.kind === "contraction" || epilogue.has(x));
      if (!nodes.has(node) && node.op.kind === "elementwise" && node.inputs.some((x) => !nodes.has(x) && isOf(x)))
        epilogue.add(node);
    }
    for (const node of [...this.#order].reverse()) {
      const users = this.#usersOf(node);
      if (nodes.has(node) || users.length === 0 || this.#outputs.has(node)) continue;
      if (isInline(node) || epilogue.has(node) || !keepsRows(node, rows)) continue;
      const takesRows = (user: Node) => user.inputs.every((x, i) => x !== node || isRowOperand(user, i, rows));
      if (!users.every((user) => nodes.has(user) && takesRows(user))) continue;
      nodes.add(node);
    }
  }

  #checked(nodes: ReadonlySet<Node>, rows: number, seeds: ReadonlySet<Node>): RowRegion | undefined {
    const operands = new Set<Node>();
    const seen = this.#seenOutside(nodes);
    const feeding = this.#feedingProducts(nodes);
    const results: Node[] = [];
    const totals: Node[] = [];
    for (const node of nodes) {
      const isLast = this.#usersOf(node).every((user) => !nodes.has(user));
      if (isTotal(node)) {
        if (!isLast || node.inputs.some((x) => x.shape[0] !== rows)) return undefined;
        totals.push(node);
      } else {
        const product = isRowProduct(node) && node.shape[0] === rows && (seeds.has(node) || !feeding.has(node));
        if (!product && !keepsRows(node, rows)) return undefined;
        if (seen.has(node) && node.op.kind !== "view") results.push(node);
      }
      const isFit = node.inputs.every((input, i) => {
        const byRow = isRowOperand(node, i, rows);
        if (nodes.has(input)) return byRow && !isTotal(input);
        return byRow && rows > 1 ? rowBase(input, rows, operands) : sharedBase(input, operands);
      });
      if (!isFit) return undefined;
    }
    return { rows, nodes, results, totals, operands: [...operands] };
  }

  /** Nodes whose values go on into a product. */
  #feedingProducts(nodes: ReadonlySet<Node>): ReadonlySet<Node> {
    const feeding = new Set<Node>();
    for (const node of [...this.#order].reverse()) {
      const feeds = (user: Node) => nodes.has(user) && (user.op === ops.matmul || feeding.has(user));
      if (nodes.has(node) && this.#usersOf(node).some(feeds)) feeding.add(node);
    }
    return feeding;
  }

  /** Nodes that are read from outside, directly or through moves of elements. */
  #seenOutside(nodes: ReadonlySet<Node>): ReadonlySet<Node> {
    const seen = new Set<Node>();
    for (const node of [...this.#order].reverse()) {
      const isSeen = (user: Node) => !nodes.has(user) || (user.op.kind === "view" && seen.has(user));
      if (nodes.has(node) && (this.#outputs.has(node) || this.#usersOf(node).some(isSeen))) seen.add(node);
    }
    return seen;
  }
}

/** Collects what lies in memory behind an operand of rows; false if its rows are not rows there. */
function rowBase(operand: Node, rows: number, found: Set<Node>): boolean {
  if (constantValue(operand) !== undefined) return true;
  if (operand.op === ops.iota) return operand.attrs.axis !== 0;
  if (operand.op.kind !== "view") {
    found.add(operand);
    return operand.shape[0] === rows;
  }
  if (!keepsRows(operand, rows)) return false;
  const input = operand.inputs[0] as Node;
  return isRowOperand(operand, 0, rows) ? rowBase(input, rows, found) : sharedBase(input, found);
}

function sharedBase(operand: Node, found: Set<Node>): boolean {
  let base = operand;
  while (base.op.kind === "view") base = base.inputs[0] as Node;
  if (!isInline(base)) found.add(base);
  return true;
}

/** At most so many matrices of a region are thought to be in memory at once, for a first guess. */
const mostMatrices = 24;

const bytesOf = (node: Node): number => sizeOf(node.shape) * elementBytes(node.dtype);

/**
 * The region of the largest product whose matrices, and what its products need besides, take more than `workspace` bytes.
 * @param fuse what the graph would become otherwise; asked only where it can matter.
 * @param productBytes what a product needs besides its operands and its result.
 */
export function findRowRegion(
  outputs: readonly Node[],
  fuse: () => Fusion,
  workspace: number,
  productBytes: (product: Node) => number,
): RowRegion | undefined {
  const products = topological(outputs).filter((node) => node.op === ops.matmul);
  if (products.every((node) => mostMatrices * bytesOf(node) + productBytes(node) <= workspace)) return undefined;
  const { units, unitOf } = fuse();
  const ends = new Set(outputs);
  const stored = new Set(
    units.flatMap(({ reads }) => [...reads]).filter((node) => unitOf.has(node) && !ends.has(node)),
  );
  const finder = new Finder(outputs);
  for (const seeds of finder.seeds()) {
    const region = finder.grow(seeds);
    if (region === undefined) continue;
    const columns = (seeds[0] as Node).shape[1];
    const nodes = [...region.nodes];
    const matrices = nodes.filter((node) => stored.has(node) && node.shape.length === 2 && node.shape[1] === columns);
    const besides = nodes.filter((node) => node.op === ops.matmul).map(productBytes);
    if (matrices.reduce((sum, node) => sum + bytesOf(node), Math.max(...besides)) > workspace) return region;
  }
  return undefined;
}
