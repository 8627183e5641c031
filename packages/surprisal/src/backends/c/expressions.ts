/** Kernel expressions as C statements, each in the outermost loop where it stays the same. */
import type { Access, Expression, KernelBuffer, RowReduction } from "../../compile/kernel.ts";
import { functionOf } from "./functions.ts";
import type { Helpers } from "./helpers.ts";
import { operation } from "./operations.ts";
import { cNumber, cType, isAtom } from "./words.ts";

/** Longer than this, an expression gets a name. */
const longest = 64;

/** 0: once a kernel · 1: once a row · 2: for each element. */
type Level = 0 | 1 | 2;

export interface Names {
  /** What the program calls a buffer. */
  of(buffer: KernelBuffer): string;
  readonly helpers: Helpers;
}

export class ExpressionWriter {
  readonly #names: Names;
  /** Names of the loops' counters, outermost first. */
  readonly #axes: readonly string[];
  readonly #uses: ReadonlyMap<Expression, number>;
  readonly #levels = new Map<Expression, Level>();
  readonly #held: readonly Map<Expression, string>[] = [new Map(), new Map(), new Map()];
  readonly #lines: [string[], string[], string[]] = [[], [], []];
  readonly #reduced = new Map<RowReduction, string>();
  #count = 0;

  constructor(names: Names, axes: readonly string[], roots: readonly Expression[]) {
    this.#names = names;
    this.#axes = axes;
    this.#uses = this.#countUses(roots);
  }

  /** A new name. */
  fresh(stem: string): string {
    return `${stem}${this.#count++}`;
  }

  /** Says what holds the result of a reduction from now on. */
  known(reduction: RowReduction, name: string): void {
    this.#reduced.set(reduction, name);
  }

  /** Statements of a level that were written since they were last taken. */
  take(level: Level): string[] {
    const lines = this.#lines[level].splice(0);
    if (level === 2) this.#held[2]?.clear();
    return lines;
  }

  element(access: Access): string {
    return `${this.#names.of(access.buffer)}[${this.affine(access.offset, access.strides)}]`;
  }

  /** offset + Σ counter · stride. */
  affine(offset: number, strides: readonly number[]): string {
    const terms = strides.flatMap((stride, d) => {
      if (stride === 0) return [];
      return [stride === 1 ? (this.#axes[d] as string) : `${this.#axes[d]} * ${stride}`];
    });
    if (offset !== 0 || terms.length === 0) terms.unshift(String(offset));
    return terms.join(" + ");
  }

  /** Text for an expression, in the innermost loop. */
  write(e: Expression): string {
    const level = this.#level(e);
    const known = this.#held[level]?.get(e);
    if (known !== undefined) return known;
    const text = this.#text(e);
    const isSimple = e.kind === "constant" || e.kind === "reduced" || e.kind === "accumulator";
    const outside = level < 2 && !isAtom(text);
    if (isSimple || (!outside && e.kind !== "load" && (this.#uses.get(e) ?? 0) < 2 && text.length < longest))
      return text;
    return this.#hold(e, level, text);
  }

  /** As `write`, but always a name or a number: nothing is read any more when it is used. */
  settle(e: Expression): string {
    const text = this.write(e);
    return /^-?[\w.]+$/.test(text) || e.kind === "constant" ? text : this.#hold(e, this.#level(e), text);
  }

  #hold(e: Expression, level: Level, text: string): string {
    const name = this.fresh(e.dtype === "bool" ? "is" : "v");
    this.#lines[level].push(`const ${cType(e.dtype)} ${name} = ${text};`);
    this.#held[level]?.set(e, name);
    return name;
  }

  #text(e: Expression): string {
    switch (e.kind) {
      case "constant":
        return cNumber(e.value, e.dtype);
      case "load":
        return e.dtype === "bool" ? `${this.element(e.access)} != 0` : this.element(e.access);
      case "index":
        return this.affine(e.offset, e.strides);
      case "reduced":
        return this.#reduced.get(e.reduction) as string;
      case "accumulator":
        return "sum";
      case "op": {
        const called = e.call && functionOf(this.#names.helpers, e.call, e.dtype);
        if (called !== undefined) return `${called}(${(e.call?.args ?? []).map((arg) => this.write(arg)).join(", ")})`;
        const args = e.args.map((arg) => this.write(arg));
        const from = (e.args[0] as Expression).dtype;
        return operation(this.#names.helpers, { op: e.op, args, dtype: e.dtype, from, bits: e.bits });
      }
      default:
        return e satisfies never;
    }
  }

  #operands(e: Expression): readonly Expression[] {
    return e.kind === "op" ? (e.call?.args ?? e.args) : [];
  }

  #level(e: Expression): Level {
    const known = this.#levels.get(e);
    if (known !== undefined) return known;
    const ofStrides = (strides: readonly number[]): Level =>
      (strides.at(-1) ?? 0) !== 0 ? 2 : strides.some((stride) => stride !== 0) ? 1 : 0;
    let level: Level = 0;
    if (e.kind === "load") level = ofStrides(e.access.strides);
    else if (e.kind === "index") level = ofStrides(e.strides);
    else if (e.kind === "reduced") level = 1;
    else if (e.kind === "accumulator") level = 2;
    else level = Math.max(0, ...this.#operands(e).map((arg) => this.#level(arg))) as Level;
    this.#levels.set(e, level);
    return level;
  }

  #countUses(roots: readonly Expression[]): Map<Expression, number> {
    const uses = new Map<Expression, number>();
    const visit = (e: Expression): void => {
      const before = uses.get(e) ?? 0;
      uses.set(e, before + 1);
      if (before === 0) this.#operands(e).forEach(visit);
    };
    roots.forEach(visit);
    return uses;
  }
}
