/** Distinct corners of a hypercube, drawn as scikit-learn draws them. */
import type { RandomState } from "../../base/random/randomState.ts";

/** `count` rows of `dimensions` bits (0 or 1), most significant bit first; count is at most 2 ** dimensions. */
export function hypercubeCorners(count: number, dimensions: number, random: RandomState): Float64Array {
  // Beyond 30 dimensions the excess bits are drawn first, on their own.
  const excess = Math.max(0, dimensions - 30);
  const loose = Array.from({ length: count * excess }, () => random.below(2));
  const inner = dimensions - excess;
  const corners = sampleWithoutReplacement(2 ** inner, count, random);
  const out = new Float64Array(count * dimensions);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < excess; j++) out[i * dimensions + j] = loose[i * excess + j] as number;
    for (let j = 0; j < inner; j++) {
      out[i * dimensions + excess + j] = ((corners[i] as number) >>> (inner - 1 - j)) & 1;
    }
  }
  return out;
}

/**
 * Distinct integers of 0 … population−1: by the head of a permutation where between 1 % and 99 % are drawn, below that by
 * drawing again what repeats, above it by a reservoir (which draws nothing when all are taken).
 */
export function sampleWithoutReplacement(population: number, count: number, random: RandomState): ArrayLike<number> {
  const ratio = population === 0 ? 1 : count / population;
  if (ratio > 0.01 && ratio < 0.99) return random.permutation(population).subarray(0, count);
  if (ratio < 0.2) {
    const picked = new Set<number>();
    while (picked.size < count) picked.add(random.below(population));
    return [...picked];
  }
  const reservoir = Array.from({ length: count }, (_, i) => i);
  for (let i = count; i < population; i++) {
    const j = random.below(i + 1);
    if (j < count) reservoir[j] = i;
  }
  return reservoir;
}
