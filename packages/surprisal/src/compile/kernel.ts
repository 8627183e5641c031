/**
 * The kernel language: what a graph becomes after fusion and what a `Target` renders. A kernel is a loop nest over an index
 * space with affine loads and stores and a body of expressions. Nothing here knows how many lanes a vector has, or that there
 * are vectors at all; what is fixed is the order of every rounding:
 * - a sum along a row goes through sixteen logical lanes (element i into lane i mod 16) in blocks of `rowBlock` elements; the
 *   lanes of a block combine as i with i+8, i+4, i+2, i+1, and the blocks combine pairwise, neighbours first;
 * - a sum down the columns takes `columnBlock` rows one after another, and blocks combine pairwise, neighbours first;
 * - an element of a contraction or convolution is one chain of products in the order of k; a target either rounds every product
 *   before it is added, or none (`TargetProperties.fusedMultiplyAdd`), which makes two classes of bits.
 * A loop runs over blocks of rows. However long its blocks are, a row's own sums and the chains of products stay what they are; a sum down
 * the columns takes `columnBlock` rows one after another, and adds those blocks one after another.
 */
import type { DType } from "../base/dtype.ts";
import type { Shape } from "../base/shape.ts";

/** Elements of a row that are summed in one run of the sixteen lanes. A multiple of 16. */
export const rowBlock = 4096;
/** Rows that are summed one after another down a column. */
export const columnBlock = 256;
/** Logical lanes of a row reduction. */
export const rowLanes = 16;

/** A region of memory. Elements of bool take four bytes, as int32 0 or 1. */
export interface KernelBuffer {
  readonly id: number;
  readonly dtype: DType;
  readonly elements: number;
  /** Where it lives: outside (bound to a device buffer), a constant with these values, or a temporary of the program. */
  readonly place:
    | { readonly kind: "bound"; readonly binding: object }
    | { readonly kind: "constant"; readonly values: readonly number[] }
    | { readonly kind: "temporary" }
    | Window;
}

/** Bytes that an element takes in a kernel's memory. */
export const elementBytes = (dtype: DType): number => (dtype === "float64" ? 8 : 4);

/** The buffer itself, or of a window the one that it is a part of. */
export const wholeOf = (buffer: KernelBuffer): KernelBuffer =>
  buffer.place.kind === "window" ? wholeOf(buffer.place.of) : buffer;

/** A part of another buffer that moves on with each round of a loop: it begins at element start + round · step. */
export interface Window {
  readonly kind: "window";
  readonly of: KernelBuffer;
  readonly start: number;
  readonly step: number;
  /** Of the loop; left out, the window stands still. */
  readonly counter?: Counter;
}

/** Which round a loop is in. Each loop has its own. */
export interface Counter {
  readonly rounds: number;
}

/** Which element is touched at an index: offset + Σ index[d] · strides[d]. */
export interface Access {
  readonly buffer: KernelBuffer;
  readonly offset: number;
  /** One for each axis of the kernel's space. */
  readonly strides: readonly number[];
}

export type ReductionKind = "sum" | "max" | "argmax";

/** A reduction along the innermost axis. */
export interface RowReduction {
  readonly kind: ReductionKind;
  readonly source: Expression;
  readonly dtype: DType;
}

/** A body expression. Shared subexpressions are shared objects. */
export type Expression =
  | { readonly kind: "load"; readonly access: Access; readonly dtype: DType }
  | { readonly kind: "constant"; readonly value: number; readonly dtype: DType }
  /** offset + Σ index[d] · strides[d], int32. */
  | { readonly kind: "index"; readonly offset: number; readonly strides: readonly number[]; readonly dtype: "int32" }
  /** A primitive of `Scalars`, a cast, or integer arithmetic. */
  | {
      readonly kind: "op";
      readonly op: Primitive;
      readonly args: readonly Expression[];
      readonly dtype: DType;
      readonly bits?: number;
      /** The function whose last step this is, and of what: for targets that write it as a function of its own. */
      readonly call?: Call;
    }
  /** The result of a reduction of this kernel, the same for the whole row. */
  | { readonly kind: "reduced"; readonly reduction: RowReduction; readonly dtype: DType }
  /** The element that a contraction has just computed. */
  | { readonly kind: "accumulator"; readonly dtype: DType };

/** A function that the primitives below compute: an elementary one by its op's name, or `threefry`. */
export interface Call {
  readonly name: string;
  readonly args: readonly Expression[];
}

/** Operations on expressions, typed by operands and result. Shifts take their count in `bits`. */
export type Primitive =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "sqrt"
  | "neg"
  | "abs"
  | "floor"
  | "nearest"
  | "min"
  | "max"
  | "copySign"
  | "equal"
  | "less"
  | "lessEqual"
  | "and"
  | "or"
  | "not"
  | "select"
  | "pow2"
  | "exponent"
  | "significand"
  | "cast"
  | "xor"
  | "bitOr"
  | "shiftLeft"
  | "shiftRight";

export interface Store {
  readonly access: Access;
  readonly value: Expression;
}

/** Adds each row's value into a row of sums. */
export interface ColumnSum {
  readonly value: Expression;
  readonly into: Access;
  /** Partial rows, one for each block, when there is more than one. */
  readonly partials?: KernelBuffer;
  /** In a loop over blocks of rows: the sum goes on from where the block before left it. */
  readonly running?: RunningSum;
}

/** Where a running sum down the columns stands. */
export interface RunningSum {
  /** All rows, over all blocks. */
  readonly rows: number;
  /** The number of this block's first row: start + round · step. */
  readonly start: number;
  readonly step: number;
  readonly counter?: Counter;
  /** The sum of the current `columnBlock` rows; left out where all rows are one block. */
  readonly block?: KernelBuffer;
}

/** One pass along the row. */
export interface Phase {
  readonly stores: readonly Store[];
  readonly reductions: readonly RowReduction[];
  readonly columnSums: readonly ColumnSum[];
  /** Written once a row, after the pass. */
  readonly rowStores: readonly Store[];
}

interface KernelBase {
  /** Graph ops it computes, for people. */
  readonly ops: readonly string[];
  readonly name: string;
}

/** Elementwise chains and row programs: the space's last axis is walked once for each phase. */
export interface NestKernel extends KernelBase {
  readonly family: "map" | "row";
  readonly space: Shape;
  readonly phases: readonly Phase[];
  /** Partial sums of long rows, a run of blocks for each sum of a phase; present when the row has several blocks. */
  readonly blockSums?: KernelBuffer;
}

/** A matrix operand: element (i, j) of the product's own indices. */
export interface MatrixAccess {
  readonly buffer: KernelBuffer;
  readonly offset: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Strips of columns that lie side by side and are walked in the same way. */
export interface StripGroup {
  /** First column, and how many there are; only a group of one strip has fewer than the strip holds. */
  readonly from: number;
  readonly columns: number;
  readonly strips: number;
  /** Rows and vectors of the tile of sums that is kept in registers. */
  readonly rows: number;
  readonly vectors: number;
  /** Strips whose columns of the right operand are held in order at one time. */
  readonly heldStrips: number;
  /** Where the right operand is read: where it lies; from a copy in the order of the walk; or along k, where k is what lies side by side. */
  readonly right: "inPlace" | "packed" | "alongK";
  /** Where the left operand is read: where it lies, or from a copy whose rows lie along k. */
  readonly left: "inPlace" | "packed";
}

/** How a product is cut to suit a target. The bits do not depend on it. */
export interface Tiling {
  /** Left to right. */
  readonly groups: readonly StripGroup[];
  /** How much of k is walked before what is unfinished waits in the workspace. */
  readonly stretch: number;
  /** How many rows are walked for one strip before the next. */
  readonly block: number;
  /** Elements from one row of the copied left operand to the next. */
  readonly leftStride: number;
  /** Where the parts of the workspace begin, in elements. */
  readonly workspace: {
    readonly right: number;
    readonly left: number;
    readonly unfinished: number;
    readonly tile: number;
    readonly elements: number;
  };
}

/** out[i, j] = Σ_k a[i, k] b[k, j], then the epilogue's stores over the space [m, n]. */
export interface ContractionKernel extends KernelBase {
  readonly family: "contraction";
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: MatrixAccess;
  readonly b: MatrixAccess;
  readonly dtype: "float32" | "float64";
  readonly stores: readonly Store[];
  /** Chains go on from these numbers instead of from 0. */
  readonly accumulate?: Access;
  readonly tiling: Tiling;
  /** Copies of operands, unfinished chains, one tile. */
  readonly workspace: KernelBuffer;
}

/** Positions in a buffer, all of them written down: offset + rows[i] + inner[k], in elements, the tables int32. */
export interface TableAccess {
  readonly buffer: KernelBuffer;
  readonly offset: number;
  readonly rows: KernelBuffer;
  readonly inner: KernelBuffer;
}

/**
 * out[i, j] = Σ_k a[rows[i] + inner[k]] b[inner[k] + j · columnStride], then the epilogue's stores over the space [m, n]: a
 * contraction whose left operand overlaps itself in memory, as the windows of a convolution do.
 */
export interface ConvolutionKernel extends KernelBase {
  readonly family: "convolution";
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: TableAccess;
  readonly b: Omit<TableAccess, "rows"> & { readonly columnStride: number };
  readonly dtype: "float32" | "float64";
  readonly stores: readonly Store[];
  /** Workspace for operand panels and unfinished chains. */
  readonly workspace: KernelBuffer;
}

/** Rows by index: out[i, :] = source[indices[i], :]; a missing row reads as NaN (0 for integers). */
export interface GatherKernel extends KernelBase {
  readonly family: "gather";
  readonly source: KernelBuffer;
  readonly sourceOffset: number;
  readonly sourceRows: number;
  readonly indices: KernelBuffer;
  readonly indicesOffset: number;
  readonly count: number;
  readonly width: number;
  readonly out: KernelBuffer;
}

/** out = 0, then out[indices[i], :] += updates[i, :] in the order of i; a missing row is left out. */
export interface ScatterAddKernel extends KernelBase {
  readonly family: "scatterAdd";
  readonly indices: KernelBuffer;
  readonly indicesOffset: number;
  readonly updates: KernelBuffer;
  readonly updatesOffset: number;
  readonly count: number;
  readonly width: number;
  readonly rows: number;
  readonly out: KernelBuffer;
}

/** Runs the kernels of its body in order, `counter.rounds` times; windows say what moves. */
export interface LoopKernel extends KernelBase {
  readonly family: "loop";
  readonly counter: Counter;
  readonly body: readonly Kernel[];
}

export type Kernel = NestKernel | ContractionKernel | ConvolutionKernel | GatherKernel | ScatterAddKernel | LoopKernel;

/** Kernels in the order they run, and every buffer they touch. */
export interface KernelProgram {
  readonly kernels: readonly Kernel[];
  readonly buffers: readonly KernelBuffer[];
}

/** Whether a kernel multiplies matrices, of whatever kind its operands are. */
export const isProduct = (kernel: Kernel): kernel is ContractionKernel | ConvolutionKernel =>
  kernel.family === "contraction" || kernel.family === "convolution";
