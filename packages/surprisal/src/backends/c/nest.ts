/** Loop nests: a pass along the row for each phase, reductions in the order that the kernel language fixes. */
import { sizeOf } from "../../base/shape.ts";
import {
  type ColumnSum,
  columnBlock,
  type Expression,
  type NestKernel,
  type Phase,
  type RowReduction,
  rowBlock,
  rowLanes,
} from "../../compile/kernel.ts";
import { ExpressionWriter, type Names } from "./expressions.ts";
import { cNumber, cType, indent } from "./words.ts";

export function writeNest(kernel: NestKernel, names: Names): string[] {
  return new NestWriter(kernel, names).lines();
}

class NestWriter {
  readonly #kernel: NestKernel;
  readonly #names: Names;
  readonly #writer: ExpressionWriter;
  readonly #outer: readonly number[];
  readonly #axes: readonly string[];
  readonly #columns: number;

  constructor(kernel: NestKernel, names: Names) {
    this.#kernel = kernel;
    this.#names = names;
    this.#outer = kernel.space.slice(0, -1);
    this.#columns = kernel.space.at(-1) ?? 1;
    this.#axes = [...this.#outer.map((_, d) => (this.#outer.length === 1 ? "i" : `i${d}`)), "j"];
    const roots = kernel.phases.flatMap((phase) => [
      ...phase.stores.map((store) => store.value),
      ...phase.reductions.map((reduction) => reduction.source),
      ...phase.columnSums.map((sum) => sum.value),
      ...phase.rowStores.map((store) => store.value),
    ]);
    this.#writer = new ExpressionWriter(names, this.#axes, roots);
  }

  lines(): string[] {
    const { phases } = this.#kernel;
    const sums = phases.flatMap((phase) => phase.columnSums);
    let body = phases.flatMap((phase, p) => this.#phase(phase, p));
    for (let d = this.#outer.length - 1; d >= 0; d--) {
      const axis = this.#axes[d];
      body = [`for (int32_t ${axis} = 0; ${axis} < ${this.#outer[d]}; ${axis}++) {`, ...indent(body), "}"];
    }
    return [
      ...sums.flatMap((sum) => this.#clearColumns(sum)),
      ...this.#writer.take(0),
      ...body,
      ...sums.flatMap((sum) => this.#finishColumns(sum)),
    ];
  }

  #phase(phase: Phase, p: number): string[] {
    const writer = this.#writer;
    const running = phase.reductions.map((reduction) => this.#reduction(reduction));
    // Every value of an element is known before anything is stored: a store may replace what another value was made of.
    const values = phase.stores.map(({ value }) => writer.settle(value));
    const taken = running.map(({ take, reduction }) => take(writer.settle(reduction.source)));
    const added = phase.columnSums.map((sum) => this.#addColumns(sum, writer.write(sum.value)));
    const element = writer.take(2);
    const stores = phase.stores.map(({ access }, s) => `${writer.element(access)} = ${values[s]};`);
    const loop = [...element, ...taken.flat(), ...added, ...stores];
    const lines = writer.take(1);
    if (loop.length > 0) {
      if (this.#kernel.phases.length > 1) lines.push(`/* Pass ${p + 1} along the row. */`);
      lines.push(...running.flatMap(({ start }) => start));
      lines.push(...this.#alongRow(loop));
      lines.push(...running.flatMap(({ end }) => end));
    }
    for (const { reduction, result } of running) writer.known(reduction, result);
    const rowValues = phase.rowStores.map(({ value }) => writer.settle(value));
    lines.push(...writer.take(1), ...writer.take(2));
    phase.rowStores.forEach(({ access }, s) => {
      const still = { ...access, strides: [...access.strides.slice(0, -1), 0] };
      lines.push(`${writer.element(still)} = ${rowValues[s]};`);
    });
    return lines;
  }

  /** A row of one element that nobody counts needs no loop. */
  #alongRow(loop: readonly string[]): readonly string[] {
    if (this.#columns === 1 && !loop.some((line) => /\bj\b/.test(line))) return loop;
    return [`for (int32_t j = 0; j < ${this.#columns}; j++) {`, ...indent(loop), "}"];
  }

  /** Statements before, in and after the walk along a row. */
  #reduction(reduction: RowReduction) {
    const { kind, source, dtype } = reduction;
    const result = this.#writer.fresh(kind === "argmax" ? "at" : kind);
    const type = cType(source.dtype);
    const none = kind === "sum" ? cNumber(0, source.dtype) : source.dtype === "int32" ? "INT32_MIN" : "-INFINITY";
    if (kind === "argmax") {
      const best = `${result}_value`;
      return {
        reduction,
        result,
        start: [`int32_t ${result} = 0;`, `${type} ${best} = ${none};`],
        take: (value: string) => [
          `if (j == 0 || ${this.#names.helpers.use("exceeds", source.dtype)}(${best}, ${value})) {`,
          `  ${best} = ${value};`,
          `  ${result} = j;`,
          "}",
        ],
        end: [] as string[],
      };
    }
    const lanes = `${result}_lanes`;
    const lane = `${lanes}[j % ${rowLanes}]`;
    const join = this.#names.helpers.use(kind === "sum" ? "sumLanes" : "largestLane", source.dtype);
    const take = (value: string) =>
      kind === "sum"
        ? this.#add(source, lane, value)
        : `${lane} = ${this.#names.helpers.use("largest", source.dtype)}(${lane}, ${value});`;
    const clear = `for (int lane = 0; lane < ${rowLanes}; lane++) ${lanes}[lane] = ${none};`;
    const blocks = kind === "sum" ? Math.ceil(this.#columns / rowBlock) : 1;
    if (blocks <= 1) {
      return {
        reduction,
        result,
        start: [`${type} ${lanes}[${rowLanes}];`, clear],
        take: (value: string) => [take(value)],
        end: [`const ${cType(dtype)} ${result} = ${join}(${lanes});`],
      };
    }
    const held = `${result}_blocks`;
    const total = this.#names.helpers.use("sumBlocks", source.dtype);
    return {
      reduction,
      result,
      start: [`${type} ${lanes}[${rowLanes}], ${held}[${blocks}];`, clear],
      take: (value: string) => [
        take(value),
        `if (j % ${rowBlock} == ${rowBlock - 1} || j == ${this.#columns - 1}) {`,
        `  ${held}[j / ${rowBlock}] = ${join}(${lanes});`,
        `  ${clear}`,
        "}",
      ],
      end: [`const ${cType(dtype)} ${result} = ${total}(${held}, ${blocks});`],
    };
  }

  #add({ dtype }: Expression, into: string, value: string): string {
    if (dtype !== "int32") return `${into} += ${value};`;
    return `${into} = ${this.#names.helpers.use("add", dtype)}(${into}, ${value});`;
  }

  /** Where the sums of the current row's block begin. */
  #columnTarget({ into, partials }: ColumnSum): { name: string; offset: string; elements: number } {
    if (partials === undefined)
      return { name: this.#names.of(into.buffer), offset: String(into.offset), elements: this.#columns };
    const rowStrides = this.#outer.map((_, d) => sizeOf(this.#outer.slice(d + 1)));
    const row = this.#writer.affine(0, [...rowStrides, 0]);
    const block = `(${row}) / ${columnBlock} * ${this.#columns}`;
    return { name: this.#names.of(partials), offset: block, elements: partials.elements };
  }

  #clearColumns(sum: ColumnSum): string[] {
    const { name, offset, elements } = this.#columnTarget(sum);
    const from = sum.partials === undefined && offset !== "0" ? `${offset} + j` : "j";
    return [`for (int32_t j = 0; j < ${elements}; j++) ${name}[${from}] = ${cNumber(0, sum.value.dtype)};`];
  }

  #addColumns(sum: ColumnSum, value: string): string {
    const { name, offset } = this.#columnTarget(sum);
    const at = `${name}[${offset === "0" ? "j" : `${offset} + j`}]`;
    return this.#add(sum.value, at, value);
  }

  #finishColumns({ into, partials, value }: ColumnSum): string[] {
    if (partials === undefined) return [];
    const [name, target] = [this.#names.of(partials), this.#names.of(into.buffer)];
    const join = this.#names.helpers.use("sumRows", value.dtype);
    return [
      `${join}(${name}, ${partials.elements / Math.max(1, this.#columns)}, ${this.#columns});`,
      `for (int32_t j = 0; j < ${this.#columns}; j++) ${target}[${into.offset} + j] = ${name}[j];`,
    ];
  }
}
