/** What a generator makes, and what a family of them is. */
import type { DType } from "../../../src/base/dtype.ts";
import { sizeOf } from "../../../src/base/shape.ts";
import * as g from "../../../src/graph/index.ts";
import type { Draw, Kind } from "./draw.ts";

/** One program with its data. */
export interface FuzzCase {
  /** What was drawn, for people. */
  readonly title: string;
  readonly outputs: readonly g.Node[];
  readonly feeds: ReadonlyMap<g.Node, readonly number[]>;
  /** Outputs that go into the buffer of an input, as weights do: the number of the output, and the input. */
  readonly state: ReadonlyMap<number, g.Node>;
  /** Whether every operation is exact, so that a right answer is equal and not only near. */
  readonly kind: Kind;
}

/** A family of cases. A new kernel family is one more file and one more line in `generators.ts`. */
export interface Generator {
  readonly name: string;
  /** How many of every hundred cases. */
  readonly share: number;
  make(draw: Draw): FuzzCase;
}

const forms = ["whole", "whole", "cut", "turned", "repeated", "turned cut", "computed"] as const;
type Form = (typeof forms)[number];

/** Inputs and words of a case under construction. */
export class CaseBuilder {
  readonly draw: Draw;
  readonly kind: Kind;
  readonly #feeds = new Map<g.Node, readonly number[]>();
  readonly #state = new Map<number, g.Node>();
  readonly #words: string[] = [];
  readonly #forms: readonly Form[];

  /**
   * @param sums whether the case adds up many elements. Rounding the same number into a sum again and again errs the same way
   *   each time, which the bound for numbers that are not whole, made of random errors, does not foresee: none is repeated then.
   */
  constructor(draw: Draw, kind: Kind, sums: boolean) {
    this.draw = draw;
    this.kind = kind;
    this.#forms = forms.filter((form) => form !== "repeated" || kind === "whole" || !sums);
  }

  say(...words: readonly (string | number)[]): void {
    this.#words.push(...words.map(String));
  }

  input(dtype: DType, shape: readonly number[], values?: readonly number[], special = false): g.Node {
    const node = g.input(`x${this.#feeds.size}`, dtype, shape);
    this.#feeds.set(node, values ?? this.draw.values(dtype, sizeOf(shape), this.kind, special));
    return node;
  }

  /** The shape as an input lies in memory: whole, cut out of something larger, turned, or one element for many. */
  operand(dtype: DType, shape: readonly number[], special = false): g.Node {
    const { draw } = this;
    const form = draw.pick(this.#forms);
    if (form !== "whole") this.say(form);
    if (form === "cut") return this.cut(dtype, shape, special);
    if (form === "turned" || form === "turned cut") {
      const back = draw.chance(0.5) ? [...shape.keys()].reverse() : this.permutation(shape.length);
      const from = shape.map((_, d) => shape[back.indexOf(d)] as number);
      return g.transpose(
        form === "turned" ? this.input(dtype, from, undefined, special) : this.cut(dtype, from, special),
        back,
      );
    }
    if (form === "repeated") {
      const kept = shape.map((dim) => (draw.chance(0.5) ? 1 : dim));
      return g.broadcastTo(
        draw.chance(0.3) ? this.cut(dtype, kept, special) : this.input(dtype, kept, undefined, special),
        shape,
      );
    }
    const whole = this.input(dtype, shape, undefined, special);
    return form === "computed" && dtype !== "bool" ? g.add(whole, 1) : whole;
  }

  /** A block out of a larger input, which begins anywhere. */
  cut(dtype: DType, shape: readonly number[], special = false): g.Node {
    const before = shape.map(() => this.draw.below(4));
    const after = shape.map(() => this.draw.below(3));
    const around = shape.map((dim, d) => (before[d] as number) + dim + (after[d] as number));
    return g.slice(this.input(dtype, around, undefined, special), before, shape);
  }

  permutation(length: number): number[] {
    const left = Array.from({ length }, (_, i) => i);
    return Array.from({ length }, () => left.splice(this.draw.below(left.length), 1)[0] as number);
  }

  /** Output `number` replaces what this input holds. */
  writeInto(number: number, node: g.Node): void {
    this.#state.set(number, node);
  }

  finish(outputs: readonly g.Node[]): FuzzCase {
    const needed = new Set(g.topological(outputs));
    const feeds = new Map([...this.#feeds].filter(([node]) => needed.has(node)));
    return { title: this.#words.join(" "), outputs, feeds, state: this.#state, kind: this.kind };
  }
}
