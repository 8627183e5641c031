/** n split into k counts, the first ones one larger where it does not divide. */
export function evenCounts(n: number, k: number): number[] {
  return Array.from({ length: k }, (_, i) => Math.floor(n / k) + (i < n % k ? 1 : 0));
}
