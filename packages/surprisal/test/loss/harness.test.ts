/** Every loss in the registry, and every parameter of it: a new loss is tested by existing. */
import { describe, expect, test } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import * as losses from "../../src/losses.ts";
import { type AnyLoss, defaultsOf, type Row, sample, targetsOf, variants } from "./samples.ts";

const rows = 6;
const registry = losses.list();
const configured = registry.flatMap((loss) =>
  [{}, ...(variants[loss.name] ?? [])].map((params) => ({
    loss,
    params,
    title: `${loss.name} ${JSON.stringify(params)}`,
  })),
);
const numbers = (tensor: losses.Tensor): number[] => Array.from(tensor.data);
const relative = (got: number, wanted: number, floor = 1e-300) =>
  got === wanted ? 0 : Math.abs(got - wanted) / Math.max(Math.abs(wanted), floor);
const expectClose = (got: readonly number[], wanted: readonly number[], within: number, floor?: number) => {
  expect(got.length).toBe(wanted.length);
  got.forEach((x, i) => {
    expect(relative(x, wanted[i] as number, floor), `[${i}]: ${x} for ${wanted[i]}`).toBeLessThanOrEqual(within);
  });
};
const evaluate = (loss: AnyLoss, yTrue: readonly Row[], yPred: readonly Row[], options: object = {}) =>
  loss.evaluate(targetsOf(loss, yTrue), yPred, options);

test("fifty-four losses, each parameter of each tried", () => {
  expect(registry.length).toBe(54);
  for (const loss of registry) {
    const tried = new Set((variants[loss.name] ?? []).flatMap((params) => Object.keys(params)));
    expect([loss.name, ...Object.keys(loss.definition.params ?? {}).filter((name) => !tried.has(name))]).toEqual([
      loss.name,
    ]);
  }
  expect(configured.length).toBe(136);
});

describe.each(configured)("$title", ({ loss, params }) => {
  const { yTrue, yPred } = sample(loss, params, rows, 11);

  test("equals its textbook formula", () => {
    const all = { ...defaultsOf(loss), ...params };
    const { textbook, axis } = loss.definition;
    const perRow = yPred.map((row, r) => {
      const target = yTrue[r] as Row;
      if (axis === "class") return textbook?.(target, row, all) as number;
      return row.reduce((total, x, c) => total + (textbook?.(target[c], x, all) as number), 0) / row.length;
    });
    expectClose(numbers(evaluate(loss, yTrue, yPred, params).perSample), perRow, 1e-11, 1e-3);
  });

  test("its gradient is the slope of its value", () => {
    const { gradient } = evaluate(loss, yTrue, yPred, params);
    const at = (r: number, c: number, step: number) => {
      const moved = yPred.map((row, i) => row.map((x, j) => (i === r && j === c ? x + step : x)));
      return evaluate(loss, yTrue, moved, params).value;
    };
    const step = 1e-5;
    const slopes = yPred.flatMap((row, r) => row.map((_, c) => (at(r, c, step) - at(r, c, -step)) / (2 * step)));
    expectClose(numbers(gradient), slopes, 1e-6, 1e-2);
  });

  test("value is sum over divisor, and the sum that of the weighted losses", () => {
    const weights = [0.5, 2, 0, 1, 3, 0.25];
    for (const over of ["elements", "rows", "valid", "weightSum", "nonzeroWeights", "entries", 7] as const) {
      const reduction = { op: "mean", over } as const;
      const got = evaluate(loss, yTrue, yPred, { ...params, sampleWeight: weights, reduction });
      const sum = numbers(got.perSample).reduce((total, x, i) => total + x * (weights[i] as number), 0);
      expectClose([got.sum, got.value], [sum, got.sum / got.divisor], 1e-13);
      expectClose(
        numbers(got.gradient).map((g) => g * got.divisor),
        numbers(evaluate(loss, yTrue, yPred, { ...params, sampleWeight: weights, reduction: "sum" }).gradient),
        1e-12,
        1e-12,
      );
    }
  });

  test("parts merge to the whole, whatever the divisor", () => {
    const weights = [0.5, 2, 0, 1, 3, 0.25];
    for (const reduction of ["sumOverBatchSize", "meanWithSampleWeight", "sum", { op: "mean", over: 5 }] as const) {
      const part = (from: number, to: number) =>
        evaluate(loss, yTrue.slice(from, to), yPred.slice(from, to), {
          ...params,
          reduction,
          sampleWeight: weights.slice(from, to),
        });
      const whole = part(0, rows);
      const merged = losses.merge(part(0, 2), part(2, 3), part(3, rows));
      expectClose(
        [merged.value, merged.sum, merged.divisor, ...numbers(merged.perSample), ...numbers(merged.gradient)],
        [whole.value, whole.sum, whole.divisor, ...numbers(whole.perSample), ...numbers(whole.gradient)],
        1e-13,
        1e-13,
      );
    }
  });

  test("the order of the rows does not matter", () => {
    const order = [3, 1, 5, 0, 4, 2];
    const moved = evaluate(
      loss,
      order.map((r) => yTrue[r] as Row),
      order.map((r) => yPred[r] as Row),
      params,
    );
    const still = evaluate(loss, yTrue, yPred, params);
    expectClose([moved.value], [still.value], 1e-14);
    expect(numbers(moved.perSample)).toEqual(order.map((r) => still.perSample.data[r]));
  });

  test("a masked row is a row that is not there, even if it holds NaN", () => {
    const spoilt = yPred.map((row, r) => (r === 2 ? row.map(() => Number.NaN) : row));
    const kept = (r: number) => r !== 2;
    const without = evaluate(
      loss,
      yTrue.filter((_, r) => kept(r)),
      yPred.filter((_, r) => kept(r)),
      params,
    );
    const options = [{ mask: yTrue.map((_, r) => kept(r)) }, { sampleWeight: yTrue.map((_, r) => (kept(r) ? 1 : 0)) }];
    for (const option of options) {
      const masked = evaluate(loss, yTrue, spoilt, { ...params, ...option, reduction: "sum" });
      expectClose([masked.sum], [without.sum], 1e-14);
      expect(numbers(masked.gradient).slice(8, 12)).toEqual([0, 0, 0, 0]);
      expect(numbers(masked.gradient).every(Number.isFinite)).toBe(true);
    }
    expect(evaluate(loss, yTrue, yPred, { ...params, mask: yTrue.map((_, r) => kept(r)) }).value).toBeCloseTo(
      without.value,
      12,
    );
  });

  test("its configuration makes it again", () => {
    const once = loss({ ...params, reduction: { op: "mean", over: "rows" } });
    const again = losses.fromConfig(JSON.parse(JSON.stringify(once.toConfig())));
    expect(again.toConfig()).toEqual(once.toConfig());
    expect(evaluate(again as AnyLoss, yTrue, yPred)).toEqual(evaluate(once as AnyLoss, yTrue, yPred));
  });

  test("called with options, or evaluated with them: the same", () => {
    expect(evaluate(loss(params) as AnyLoss, yTrue, yPred)).toEqual(evaluate(loss, yTrue, yPred, params));
  });

  test("float32 is float64 on rounded data, rounded once", () => {
    const rounded = (data: readonly Row[]) => data.map((row) => row.map(Math.fround));
    const single = evaluate(loss, yTrue, yPred, { ...params, dtype: "float32" });
    const targets = loss.targets === "classIndex" ? yTrue : rounded(yTrue);
    const double = evaluate(loss, targets, rounded(yPred), params);
    expect(single.gradient.dtype).toBe("float32");
    // Constants of the graph are not rounded here, and the KL series is shorter in float32.
    expectClose(numbers(single.perSample), numbers(double.perSample).map(Math.fround), 2e-7, 1e-6);
    expectClose(numbers(single.gradient), numbers(double.gradient).map(Math.fround), 2e-7, 1e-6);
  });

  test("a device gets the same graph", async () => {
    const there = await loss.evaluateOn(interpreterDevice(), targetsOf(loss, yTrue), yPred, params);
    expect(there).toEqual(evaluate(loss, yTrue, yPred, params));
  });
});

const cases = registry.map((loss) => ({ loss, name: loss.name, definition: loss.definition }));

describe.each(cases)("$name", ({ loss, definition }) => {
  test("says what it is", () => {
    expect(definition.summary?.endsWith(".")).toBe(true);
    expect(definition.formula).toContain("\\ell");
    expect(definition.task).toBeDefined();
    expect(definition.textbook).toBeDefined();
    expect(loss.toConfig().name).toBe(loss.name);
  });

  test("its examples are right", () => {
    expect(definition.examples?.length).toBeGreaterThan(0);
    for (const example of definition.examples ?? []) {
      const target = definition.axis === "class" ? [example.yTrue].flat() : [example.yTrue].flat();
      const got = loss.evaluate(
        loss.targets === "classIndex" ? target : [target],
        [[example.yPred].flat()],
        example.params ?? {},
      );
      expectClose([got.value], [example.loss], 1e-15, 1e-15);
    }
  });
});

/** A check of a trait, on two samples; `claim` is what the definition says. */
interface Stage {
  readonly loss: AnyLoss;
  readonly claim: unknown;
  readonly yTrue: readonly Row[];
  readonly yPred: readonly Row[];
  readonly other: ReturnType<typeof sample>;
  perSample(targets: readonly Row[], predictions: readonly Row[]): number[];
}

const traitChecks: Record<keyof losses.Traits, (stage: Stage) => void> = {
  convex({ yTrue, yPred, other, perSample }) {
    const between = yPred.map((row, r) => row.map((x, c) => (x + (other.yPred[r]?.[c] as number)) / 2));
    const [a, b, middle] = [yPred, other.yPred, between].map((p) => perSample(yTrue, p)) as [Row, Row, Row];
    middle.forEach((x, r) => {
      expect(x).toBeLessThanOrEqual(((a[r] as number) + (b[r] as number)) / 2 + 1e-12);
    });
  },
  nonNegative({ yTrue, yPred, other, perSample }) {
    expect(Math.min(...perSample(yTrue, yPred), ...perSample(yTrue, other.yPred))).toBeGreaterThanOrEqual(0);
  },
  zeroAtTarget({ yTrue, perSample }) {
    expect(perSample(yTrue, yTrue).every((x) => x === 0)).toBe(true);
  },
  symmetric({ yTrue, yPred, perSample }) {
    expectClose(perSample(yPred, yTrue), perSample(yTrue, yPred), 1e-14);
  },
  lipschitz({ loss, claim, yTrue, yPred }) {
    const far = yPred.map((row, r) => row.map((x) => x * (r % 2 === 0 ? 1000 : 1)));
    const { gradient } = evaluate(loss, yTrue, far, { reduction: "sum" });
    const largest = Math.max(...numbers(gradient).map(Math.abs)) * (gradient.shape[1] as number);
    expect(largest).toBeLessThanOrEqual((claim as number) * (1 + 1e-12));
    expect(largest).toBeGreaterThan((claim as number) * 0.99);
  },
  /** Costs least in expectation at the true probabilities. */
  proper({ loss, yPred, other, perSample }) {
    const truth = other.yPred;
    const expected = (predictions: readonly Row[]) =>
      loss.targets === "classIndex"
        ? truth.map((row, r) =>
            row.reduce(
              (total, share, c) => total + share * (perSample([[c]], [predictions[r] as Row])[0] as number),
              0,
            ),
          )
        : perSample(truth, predictions);
    const best = expected(truth);
    expected(yPred).forEach((cost, r) => {
      expect(cost).toBeGreaterThan(best[r] as number);
    });
  },
};

const claims = cases.flatMap(({ loss, name, definition }) =>
  Object.entries(definition.traits ?? {}).map(([trait, claim]) => ({
    loss,
    name,
    trait: trait as keyof losses.Traits,
    claim,
  })),
);

test.each(claims)("$name is $trait, as it claims", ({ loss, trait, claim }) => {
  expect(claim).toBeTruthy();
  const { yTrue, yPred } = sample(loss, {}, 40, 5);
  traitChecks[trait]({
    loss,
    claim,
    yTrue,
    yPred,
    other: sample(loss, {}, 40, 6),
    perSample: (targets, predictions) => numbers(evaluate(loss, targets, predictions).perSample),
  });
});

const elementwise = cases.filter(({ definition }) => definition.axis !== "class");
test.each(elementwise)("the gradient of $name jumps where it says, and nowhere else", ({ loss, definition }) => {
  const { kinks } = definition;
  const target = typeof definition.yTrue === "object" && !definition.yTrue.accepts(0.75) ? 1 : 0.75;
  const predictionAt = (x: number) => (kinks?.of === "margin" ? x / target : x + target);
  const slope = (x: number) => loss.evaluate([[target]], [[predictionAt(x)]]).gradient.data[0] as number;
  const jump = (x: number) => Math.abs(slope(x + 1e-7) - slope(x - 1e-7));
  for (const at of kinks?.at ?? []) expect(jump(at), `a kink at ${at}`).toBeGreaterThan(0.5);
  const places = Array.from({ length: 41 }, (_, i) => (i - 20) / 100);
  const { yPred: domain } = definition;
  const inside = (p: number) => typeof domain !== "function" || (p > 0.05 && p < 0.95);
  for (const x of [...places, ...places.map((p) => p * 5)]) {
    if (kinks?.at.includes(x) || !inside(predictionAt(x))) continue;
    expect(jump(x), `no kink at ${x}`).toBeLessThan(1e-3);
  }
});

test("the traits that are claimed are few enough to count", () => {
  expect(claims.length).toBe(160);
  expect(elementwise.length).toBe(41);
});
