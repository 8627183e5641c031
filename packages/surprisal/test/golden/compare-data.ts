/** Comparing results with the golden data values: exact where the folder's README says so, else within its tolerance. */

/** How the arrays of a result are judged. `0` is exact; else |a − b| ≤ tolerance · max(|b|, root mean square of the array). */
export type Tolerance = number;

interface Summary {
  readonly shape: readonly number[];
  readonly head: readonly unknown[];
  readonly tail: readonly unknown[];
  readonly every: number;
  readonly sampled: readonly unknown[];
  readonly sum: number;
  readonly sumOfSquares: number;
}

const special: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, "-Infinity": -Infinity };

/** Turns "NaN" and the like into numbers, everywhere. */
export function decode(value: unknown): unknown {
  if (typeof value === "string") return Object.hasOwn(special, value) ? special[value] : value;
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
  }
  return value;
}

function isSummary(value: unknown): value is Summary {
  return typeof value === "object" && value !== null && "sampled" in value && "sumOfSquares" in value;
}

function numbersIn(value: unknown): number[] {
  const flat = (Array.isArray(value) ? value.flat(Infinity) : [value]) as unknown[];
  return flat.filter((x): x is number => typeof x === "number" && Number.isFinite(x));
}

function rootMeanSquare(values: readonly number[]): number {
  let sum = 0;
  for (const x of values) sum += x * x;
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}

function shapeOf(value: unknown): number[] {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  return shape;
}

/** The first difference, in words; undefined if there is none. */
export function difference(got: unknown, expected: unknown, tolerance: Tolerance, path = ""): string | undefined {
  if (isSummary(expected)) return summaryDifference(got, expected, tolerance, path);
  return walk(got, expected, tolerance, rootMeanSquare(numbersIn(expected)), path);
}

function walk(got: unknown, expected: unknown, tolerance: Tolerance, scale: number, path: string): string | undefined {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got)) return `${path}: ${show(got)} instead of a list of ${expected.length}`;
    if (got.length !== expected.length) return `${path}: a list of ${got.length} instead of ${expected.length}`;
    for (let i = 0; i < expected.length; i++) {
      const found = walk(got[i], expected[i], tolerance, scale, `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return same(got, expected, tolerance, scale) ? undefined : `${path}: ${show(got)} instead of ${show(expected)}`;
}

function same(got: unknown, expected: unknown, tolerance: Tolerance, scale: number): boolean {
  if (typeof got !== "number" || typeof expected !== "number") return got === expected;
  if (Number.isNaN(expected)) return Number.isNaN(got);
  // === also takes −0 for 0.
  return got === expected || Math.abs(got - expected) <= tolerance * Math.max(Math.abs(expected), scale);
}

function summaryDifference(got: unknown, expected: Summary, tolerance: Tolerance, path: string): string | undefined {
  const shape = shapeOf(got);
  if (shape.join() !== expected.shape.join()) return `${path}: shape [${shape}] instead of [${expected.shape}]`;
  const flat = (got as unknown[]).flat(Infinity) as number[];
  const scale = Math.sqrt(expected.sumOfSquares / flat.length);
  const parts = [
    ["head", flat.slice(0, expected.head.length), expected.head],
    ["tail", flat.slice(-expected.tail.length), expected.tail],
    ["sampled", flat.filter((_, i) => i % expected.every === 0), expected.sampled],
  ] as const;
  for (const [name, mine, theirs] of parts) {
    const found = walk(mine, theirs, tolerance, scale, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  // Sums of n values each within the tolerance; ours is compensated, theirs correctly rounded.
  const room = (tolerance + 1e-15) * flat.length;
  const sum = compensatedSum(flat);
  const squares = compensatedSum(flat.map((x) => x * x));
  if (Math.abs(sum - expected.sum) > room * scale) return `${path}.sum: ${sum} instead of ${expected.sum}`;
  if (Math.abs(squares - expected.sumOfSquares) > 2 * room * scale * scale) {
    return `${path}.sumOfSquares: ${squares} instead of ${expected.sumOfSquares}`;
  }
  return undefined;
}

/** Neumaier 1974. */
function compensatedSum(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const x of values) {
    const t = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - t + x : x - t + sum;
    sum = t;
  }
  return sum + lost;
}

function show(value: unknown): string {
  return typeof value === "bigint" || value === undefined ? String(value) : JSON.stringify(value)?.slice(0, 80);
}
