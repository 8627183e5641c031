/**
 * Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a counter-based
 * generator. The word for (key, counter) needs no earlier word, so order, threads and batches cannot change a stream.
 */

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
/** Skein's key-schedule parity constant, 32-bit. */
const parity = 0x1bd11bda;

/** Encrypts the counter (c0, c1) under the key (k0, k1). All words are int32. */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number): [number, number] {
  const keys = [k0 | 0, k1 | 0, (parity ^ k0 ^ k1) | 0];
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let block = 0; block < 5; block++) {
    for (let r = 0; r < 4; r++) {
      const rotate = rotations[(block * 4 + r) % 8] as number;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << rotate) | (x1 >>> (32 - rotate))) ^ x0;
    }
    x0 = (x0 + (keys[(block + 1) % 3] as number)) | 0;
    x1 = (x1 + (keys[(block + 2) % 3] as number) + block + 1) | 0;
  }
  return [x0, x1];
}

/** A uniform number in [0, 1) with 24 random bits, which float32 holds exactly. */
export function uniform24(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/** A sequence of words from one key, for code that wants numbers one after another. */
export class ThreefryStream {
  readonly #key0: number;
  readonly #key1: number;
  #counter = 0;

  /** `seed` is any integer (its low 64 bits count); `stream` separates uses of one seed. */
  constructor(seed: number, stream = 0) {
    this.#key0 = seed | 0;
    this.#key1 = (Math.floor(seed / 2 ** 32) ^ Math.imul(stream, 0x9e3779b1)) | 0;
  }

  /** A uniform double in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = Math.floor(this.#counter / 2 ** 32);
    const [a, b] = threefry2x32(this.#key0, this.#key1, high, this.#counter | 0);
    this.#counter++;
    return ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992;
  }

  /** A uniform integer in [0, n), unbiased enough for shuffles: 53 bits scaled down. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Fisher-Yates: a permutation of 0 … n−1. */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = order[i] as number;
      order[i] = order[j] as number;
      order[j] = held;
    }
    return order;
  }
}
