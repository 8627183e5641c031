/** Numbers that a loss accepts, made from its domains; seeded, and away from where the loss is not smooth. */
import type { ThreefryStream } from "../../src/base/threefry.ts";
import type { Domain } from "../../src/losses.ts";

interface Definition {
  readonly name: string;
  readonly axis?: string;
  readonly yTrue?: unknown;
  readonly yPred?: unknown;
}

/** The domain of the targets or predictions of a loss of one array. */
export function domainOf(definition: Definition, which: "yTrue" | "yPred", params: object): Domain {
  const given = definition[which];
  const domain = typeof given === "function" ? given(params) : given;
  return domain ?? { name: which === "yTrue" ? "real" : "logits" };
}

/** Numbers of a domain, row by row along the last axis. */
export function fill(
  { definition }: { readonly definition: Definition },
  domain: string,
  shape: readonly number[],
  classes: number,
  random: ThreefryStream,
): number[] {
  const uniform = (low: number, high: number) => low + (high - low) * random.uniform();
  const length = shape.at(-1) ?? 1;
  const row = (make: () => number): number[] => Array.from({ length }, make);
  const simplex = (): number[] => {
    const raw = row(() => uniform(0.05, 1));
    const total = raw.reduce((a, b) => a + b, 0);
    return raw.map((x) => x / total);
  };
  const oneHot = (): number[] => {
    const at = Math.floor(uniform(0, length));
    return row(() => 0).map((_, c) => (c === at ? 1 : 0));
  };
  const overClasses = definition.axis === "class" || "losses" in definition;
  const makers: Readonly<Record<string, () => number[]>> = {
    real: () => row(() => uniform(-3, 3)),
    logits: () => row(() => uniform(-3, 3)),
    nonNegative: () => row(() => Math.floor(uniform(0, 9))),
    positive: () => row(() => uniform(0.5, 4)),
    unit: () => row(() => uniform(0, 1)),
    distribution: definition.name === "categoricalHinge" ? oneHot : simplex,
    logDistribution: () => simplex().map(Math.log),
    classIndex: () => row(() => Math.floor(uniform(0, classes))),
    bit: () => row(() => (uniform(-1, 1) < 0 ? 0 : 1)),
    sign: () => row(() => (uniform(-1, 1) < 0 ? -1 : 1)),
    probabilities: overClasses ? simplex : () => row(() => uniform(0.02, 0.98)),
    rates: () => row(() => uniform(0.1, 5)),
    fromMinusOne: () => row(() => uniform(0.1, 5)),
    logProbabilities: () => simplex().map(Math.log),
    cosines: () => row(() => uniform(-0.8, 0.8)),
    grades: () => row(() => Math.floor(uniform(-1, 3))),
    relevance: () => row(() => Math.floor(uniform(0, 4))),
    length: () => row(() => classes - 1 - Math.floor(uniform(0, 2))),
    teacherLogits: () => row(() => uniform(-3, 3)),
    count: () => row(() => Math.floor(uniform(0, 9))),
    amount: () => row(() => uniform(0.1, 5)),
    lowerTime: () => row(() => Math.floor(uniform(0, 5))),
    scale: () => row(() => uniform(0.3, 3)),
    corners: () => {
      const [x, y] = [uniform(-1, 1), uniform(-1, 1)];
      return [x, y, x + uniform(0.5, 2.5), y + uniform(0.5, 2.5)];
    },
    labelOrEnd: () => {
      const first = Math.floor(uniform(0, classes));
      const count = Math.floor(uniform(0, classes));
      return row(() => 0).map((_, i) => (i < count ? (first + i) % classes : -1));
    },
  };
  const maker = makers[domain];
  if (maker === undefined) throw new Error(`no sample of the domain ${domain}`);
  return Array.from({ length: shape.slice(0, -1).reduce((a, b) => a * b, 1) }, maker).flat();
}
