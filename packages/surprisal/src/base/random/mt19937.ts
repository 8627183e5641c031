/**
 * MT19937 (Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudorandom number
 * generator", 1998), seeded as NumPy's legacy `RandomState` seeds it: an integer by the generator of the 1998 paper's
 * 2002 revision, a list by its `init_by_array`. The two differ even for a list that holds that one integer.
 */
import { InvalidArgumentError } from "../errors.ts";

const length = 624;
const middle = 397;

export class Mt19937 {
  readonly #key = new Uint32Array(length);
  #position = length;

  /** @throws InvalidArgumentError for anything but an integer in 0 … 2³²−1 or a non-empty list of such. */
  constructor(seed: number | readonly number[]) {
    if (typeof seed === "number") {
      this.#seedInteger(checkSeed(seed, "the seed"));
    } else {
      if (!Array.isArray(seed) || seed.length === 0) {
        throw seedError(Array.isArray(seed) ? "an empty list was given as the seed" : `the seed is ${describe(seed)}`);
      }
      this.#seedList(seed.map((word, i) => checkSeed(word, `element ${i} of the seed`)));
    }
  }

  #seedInteger(seed: number): void {
    const key = this.#key;
    key[0] = seed;
    for (let i = 1; i < length; i++) {
      const before = key[i - 1] as number;
      key[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
    this.#position = length;
  }

  #seedList(words: readonly number[]): void {
    this.#seedInteger(19650218);
    const key = this.#key;
    let i = 1;
    const step = (factor: number, added: (mixed: number) => number) => {
      const before = key[i - 1] as number;
      key[i] = added((key[i] as number) ^ Math.imul(before ^ (before >>> 30), factor));
      if (++i === length) {
        key[0] = key[length - 1] as number;
        i = 1;
      }
    };
    for (let k = 0; k < Math.max(length, words.length); k++) {
      const j = k % words.length;
      step(1664525, (mixed) => (mixed >>> 0) + (words[j] as number) + j);
    }
    for (let k = 1; k < length; k++) {
      const at = i;
      step(1566083941, (mixed) => (mixed >>> 0) - at);
    }
    key[0] = 0x80000000;
  }

  #refill(): void {
    const key = this.#key;
    for (let i = 0; i < length; i++) {
      const joined = ((key[i] as number) & 0x80000000) | ((key[(i + 1) % length] as number) & 0x7fffffff);
      key[i] = (key[(i + middle) % length] as number) ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }

  /** The next 32 random bits as an unsigned integer. */
  word(): number {
    if (this.#position === length) this.#refill();
    let y = this.#key[this.#position++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** A uniform double in [0, 1) with 53 random bits; takes two words. */
  double(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }
}

function checkSeed(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw seedError(`${what} is ${describe(value)}`);
  }
  return value;
}

function describe(value: unknown): string {
  return typeof value === "number" ? String(value) : value === null ? "null" : `a ${typeof value}`;
}

function seedError(received: string): InvalidArgumentError {
  return new InvalidArgumentError("random-state/invalid-seed", {
    received,
    expected: "a seed is a whole number from 0 to 2 ** 32 - 1, or a non-empty list of such",
    hint: "Pass e.g. randomState: 42.",
  });
}
