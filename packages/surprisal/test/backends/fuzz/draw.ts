/** Choices and values from one seed: the same case every time, alone or among thousands. */
import type { DType } from "../../../src/base/dtype.ts";
import { ThreefryStream } from "../../../src/base/threefry.ts";

/** What a case's values are: small whole numbers, whose sums and products are exact in any order, or any numbers. */
export type Kind = "whole" | "real";

export class Draw {
  readonly #stream: ThreefryStream;

  constructor(seed: number) {
    this.#stream = new ThreefryStream(seed, 0xf0);
  }

  /** A whole number from 0 to `n` − 1. */
  below(n: number): number {
    return this.#stream.below(n);
  }

  chance(probability: number): boolean {
    return this.#stream.uniform() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** `count` of them, in any order, repeats allowed. */
  several<T>(list: readonly T[], count: number): T[] {
    return Array.from({ length: count }, () => this.pick(list));
  }

  /** Values of a dtype. Floats of the kind asked for; `special` mixes in NaN, infinities and zeros of both signs. */
  values(dtype: DType, count: number, kind: Kind, special = false): number[] {
    // One draw and a cheap sequence from there: most of a fuzz's numbers are these.
    let state = this.below(2 ** 32) | 1;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return (state >>> 8) / 2 ** 24;
    };
    const one = (): number => {
      if (dtype === "bool") return next() < 0.5 ? 0 : 1;
      if (dtype === "int32") return special && next() < 0.1 ? 2147483647 - Math.floor(next() * 3) : whole(next());
      if (special && next() < 0.05) return specials[Math.floor(next() * specials.length)] as number;
      return kind === "whole" ? whole(next()) : Math.fround(4 * next() - 2);
    };
    return Array.from({ length: count }, one);
  }

  dtype(...among: readonly DType[]): DType {
    return this.pick(among);
  }
}

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
const whole = (uniform: number): number => Math.floor(uniform * 15) - 7;

/** Dimensions that fit within `budget` elements together: the largest is drawn again until they do. */
export function fitting(draw: Draw, dims: readonly number[], count: number, budget: number): number[] {
  const chosen = draw.several(dims, count);
  while (chosen.reduce((a, b) => a * Math.max(1, b), 1) > budget) {
    const at = chosen.indexOf(Math.max(...chosen));
    chosen[at] = draw.pick(dims.filter((dim) => dim < (chosen[at] as number)));
  }
  return chosen;
}
