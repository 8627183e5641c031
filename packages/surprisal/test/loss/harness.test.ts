/** Every loss in the registry, and every parameter of it: a new loss is tested by existing. */
import { describe, expect, test } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { Tensor } from "../../src/base/tensor.ts";
import * as losses from "../../src/losses.ts";
import { type AnyLoss, gradientsOf, type Problem, problem } from "./problems.ts";
import { isSmooth } from "./smooth.ts";
import { variants } from "./variants/index.ts";

const rows = 6;
const { takesOneArray } = losses;
const registry: readonly AnyLoss[] = losses.list();
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

test("every loss, each parameter of each tried", () => {
  expect(registry.length).toBeGreaterThanOrEqual(161);
  for (const loss of registry) {
    const tried = new Set((variants[loss.name] ?? []).flatMap((params) => Object.keys(params)));
    expect([loss.name, ...Object.keys(loss.definition.params ?? {}).filter((name) => !tried.has(name))]).toEqual([
      loss.name,
    ]);
  }
  expect(configured.length).toBeGreaterThanOrEqual(408);
});

describe.each(configured)("$title", ({ loss, params }) => {
  const posed = problem(loss, params, rows, 11);
  const { rowwise } = posed;
  const ofBatch = posed.axes === "";

  test("equals its textbook formula", () => {
    expectClose(numbers(posed.evaluate().perSample), posed.textbook(), 1e-11, 1e-3);
  });

  test("its gradient is the slope of its value", () => {
    const slopes = posed.slopes(1e-5);
    const off = posed.gradients().map((g, i) => relative(g, slopes[i] as number, 1e-2));
    if (loss.definition.heldConstant?.({ ...loss.params, ...params })) expect(Math.max(...off)).toBeGreaterThan(1e-3);
    else expectClose(posed.gradients(), slopes, 1e-6, 1e-2);
  });

  test.runIf(!ofBatch)("value is sum over divisor, and the sum that of the weighted losses", () => {
    const weights = [0.5, 2, 0, 1, 3, 0.25];
    for (const over of ["elements", "rows", "valid", "weightSum", "nonzeroWeights", "entries", 7] as const) {
      const got = posed.evaluate({ ...params, sampleWeight: weights, reduction: { op: "mean", over } });
      const each = got.perSample.size / rows;
      const sum = numbers(got.perSample).reduce(
        (total, x, i) => total + x * (weights[Math.floor(i / each)] as number),
        0,
      );
      expectClose([got.sum, got.value], [sum, got.sum / got.divisor], 1e-13);
      expectClose(
        gradientsOf(got).map((g) => g * got.divisor),
        posed.gradients({ ...params, sampleWeight: weights, reduction: "sum" }),
        1e-12,
        1e-12,
      );
    }
  });

  test.runIf(rowwise)("parts merge to the whole, whatever the divisor", () => {
    const weights = [0.5, 2, 0, 1, 3, 0.25];
    for (const reduction of ["sumOverBatchSize", "meanWithSampleWeight", "sum", { op: "mean", over: 5 }] as const) {
      const part = (...chosen: number[]) =>
        posed.rows(chosen).evaluate({ ...params, reduction, sampleWeight: chosen.map((r) => weights[r] as number) });
      const whole = part(0, 1, 2, 3, 4, 5);
      const merged = losses.merge(part(0, 1), part(2), part(3, 4, 5));
      expectClose(
        [merged.value, merged.sum, merged.divisor, ...numbers(merged.perSample), ...gradientsOf(merged)],
        [whole.value, whole.sum, whole.divisor, ...numbers(whole.perSample), ...gradientsOf(whole)],
        1e-12,
        1e-13,
      );
    }
  });

  test("the order of the rows does not matter", () => {
    const order = [3, 1, 5, 0, 4, 2];
    const moved = posed.rows(order).evaluate();
    const still = posed.evaluate();
    expectClose([moved.value], [still.value], 1e-13);
    if (ofBatch) return;
    const { data, size } = still.perSample;
    const perRow = order.flatMap((r) => Array.from(data.subarray((r * size) / rows, ((r + 1) * size) / rows)));
    expectClose(numbers(moved.perSample), perRow, rowwise ? 0 : 1e-13);
  });

  test.runIf(rowwise)("a masked row is a row that is not there, even if it holds NaN", () => {
    const kept = [0, 1, 3, 4, 5];
    const spoilt = posed.with(({ role, byRow, tensor: { data, shape } }) => {
      const width = data.length / (shape[0] as number);
      const isSpoilt = (i: number) => role === "yPred" && byRow && Math.floor(i / width) === 2;
      return new Tensor(
        Float64Array.from(data, (x, i) => (isSpoilt(i) ? Number.NaN : x)),
        shape,
      );
    });
    const flags = [true, true, false, true, true, true];
    const without = posed.rows(kept).evaluate({ ...params, reduction: "sum" });
    for (const option of [{ mask: flags }, { sampleWeight: flags.map(Number) }]) {
      const masked = spoilt.evaluate({ ...params, ...option, reduction: "sum" });
      expectClose([masked.sum], [without.sum], 1e-14);
      const byName =
        masked.gradient instanceof Tensor ? { [posed.predicted[0]?.name ?? ""]: masked.gradient } : masked.gradient;
      for (const { name, byRow } of posed.predicted) {
        const { data, size } = byName[name] as losses.Tensor;
        expect(Array.from(data).every(Number.isFinite), name).toBe(true);
        if (byRow)
          expect(Array.from(data.subarray((size / rows) * 2, (size / rows) * 3)).every((g) => g === 0)).toBe(true);
      }
    }
    expect(posed.evaluate({ ...params, mask: flags }).value).toBeCloseTo(posed.rows(kept).evaluate().value, 12);
  });

  test("its configuration makes it again", () => {
    const once = loss({ ...params, reduction: { op: "mean", over: "rows" } });
    const again = losses.fromConfig(JSON.parse(JSON.stringify(once.toConfig())));
    expect(again.toConfig()).toEqual(once.toConfig());
    expect(posed.evaluate({}, again as AnyLoss)).toEqual(posed.evaluate({}, once as AnyLoss));
  });

  test("called with options, or evaluated with them: the same", () => {
    expect(posed.evaluate({}, loss(params) as AnyLoss)).toEqual(posed.evaluate());
  });

  test("float32 is float64 on rounded data, rounded once", () => {
    const rounded = posed.with(({ tensor }) => new Tensor(Float64Array.from(tensor.data, Math.fround), tensor.shape));
    const single = posed.evaluate({ ...params, dtype: "float32" });
    const double = rounded.evaluate();
    expect(single.perSample.dtype).toBe("float32");
    // Constants of the graph are not rounded here, and the KL series is shorter in float32.
    expectClose(numbers(single.perSample), numbers(double.perSample).map(Math.fround), 2e-7, 1e-6);
    expectClose(gradientsOf(single), gradientsOf(double).map(Math.fround), 2e-7, 1e-6);
  });

  test("a device gets the same graph", async () => {
    const [there, here] = [await posed.evaluateOn(interpreterDevice()), posed.evaluate()];
    expect([there.reduction, there.shared]).toEqual([here.reduction, here.shared]);
    // Compilation may reorder sums, so that the last digit differs.
    const all = (result: typeof here) => [result.value, result.sum, result.divisor, ...numbers(result.perSample)];
    expectClose(all(there), all(here), 1e-14);
    expectClose(gradientsOf(there), gradientsOf(here), 1e-12, 1e-12);
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
    for (const { yTrue, yPred, loss: wanted, ...rest } of (definition.examples ?? []) as readonly AnyExample[]) {
      const row = (given: unknown) => [[given].flat()] as number[][];
      const got = takesOneArray(loss)
        ? loss.evaluate(loss.targets === "classIndex" ? [yTrue].flat() : row(yTrue), row(yPred), rest.params ?? {})
        : (loss as losses.AnyArrayLoss).evaluate(yTrue, yPred, (rest.options ?? {}) as never);
      expectClose([got.value], [wanted], 1e-15, 1e-15);
    }
  });
});

/** An example of a loss of one array, or of several. */
interface AnyExample {
  // biome-ignore lint/suspicious/noExplicitAny: numbers, rows, or whole arrays by name
  readonly yTrue: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly yPred: any;
  readonly params?: object;
  readonly options?: object;
  readonly loss: number;
}

/** A check of a trait, on two samples; `claim` is what the definition says. */
interface Stage {
  readonly loss: AnyLoss;
  readonly claim: unknown;
  readonly one: Problem;
  readonly other: Problem;
}

/** The same targets with other predictions. */
const predicting = (one: Problem, numbersOf: (at: number, array: number) => number): Problem =>
  one.with((array) => {
    if (array.role !== "yPred") return array.tensor;
    const a = one.predicted.findIndex(({ name }) => name === array.name);
    return new Tensor(
      Float64Array.from(array.tensor.data, (_, i) => numbersOf(i, a)),
      array.tensor.shape,
    );
  });
const perSample = (posed: Problem): number[] => numbers(posed.evaluate().perSample);
const numbersIn = (posed: Problem, a: number): losses.Tensor["data"] =>
  (posed.predicted[a] as { tensor: losses.Tensor }).tensor.data;
/** The same predictions with targets that are something else's. */
const targeting = (one: Problem, from: (name: string) => losses.Tensor): Problem =>
  one.with(({ role, name, tensor }) => (role === "yTrue" ? from(name) : tensor));
const only = (posed: Problem, role: "yTrue" | "yPred"): losses.Tensor =>
  (posed.arrays.find((array) => array.role === role) as { tensor: losses.Tensor }).tensor;

const traitChecks: Record<keyof losses.Traits, (stage: Stage) => void> = {
  convex({ one, other }) {
    const between = predicting(
      one,
      (i, a) => ((numbersIn(one, a)[i] as number) + (numbersIn(other, a)[i] as number)) / 2,
    );
    const far = predicting(one, (i, a) => numbersIn(other, a)[i] as number);
    const [a, b, middle] = [one, far, between].map(perSample) as [number[], number[], number[]];
    middle.forEach((x, r) => {
      expect(x).toBeLessThanOrEqual(((a[r] as number) + (b[r] as number)) / 2 + 1e-12);
    });
  },
  smooth({ loss }) {
    for (const seed of [5, 7, 9]) {
      expect(isSmooth(problem(loss, {}, 6, seed), problem(loss, {}, 6, seed + 100))).toBeUndefined();
    }
  },
  nonNegative({ one, other }) {
    expect(Math.min(...perSample(one), ...perSample(other))).toBeGreaterThanOrEqual(0);
  },
  zeroAtTarget({ one }) {
    const { data } = only(one, "yTrue");
    expect(perSample(predicting(one, (i) => data[i] as number)).every((x) => x === 0)).toBe(true);
  },
  symmetric({ one }) {
    const { data } = only(one, "yTrue");
    const swapped = targeting(
      predicting(one, (i) => data[i] as number),
      () => only(one, "yPred"),
    );
    expectClose(perSample(swapped), perSample(one), 1e-14);
  },
  lipschitz({ one, claim }) {
    const width = only(one, "yPred").shape[1] as number;
    const far = predicting(
      one,
      (i, a) => (numbersIn(one, a)[i] as number) * (Math.floor(i / width) % 2 === 0 ? 1000 : 1),
    );
    const largest = Math.max(...gradientsOf(far.evaluate({ reduction: "sum" })).map(Math.abs)) * width;
    expect(largest).toBeLessThanOrEqual((claim as number) * (1 + 1e-12));
    expect(largest).toBeGreaterThan((claim as number) * 0.99);
  },
  /** Costs least in expectation at the true probabilities. */
  proper({ one, other }) {
    const truth = only(other, "yPred");
    const [rowsThere, width] = truth.shape as [number, number];
    const expected = (predictions: Problem): number[] => {
      if (one.loss.targets !== "classIndex") return perSample(targeting(predictions, () => truth));
      const byClass = Array.from({ length: width }, (_, c) =>
        perSample(targeting(predictions, () => new Tensor(new Float64Array(rowsThere).fill(c), [rowsThere]))),
      );
      return Array.from({ length: rowsThere }, (_, r) =>
        byClass.reduce((total, costs, c) => total + (truth.data[r * width + c] as number) * (costs[r] as number), 0),
      );
    };
    const best = expected(other);
    expected(one).forEach((cost, r) => {
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
  traitChecks[trait]({ loss, claim, one: problem(loss, {}, 40, 5), other: problem(loss, {}, 40, 6) });
});

const elementwise = registry
  .filter(takesOneArray)
  .filter(({ definition }) => definition.axis !== "class")
  .map((loss) => ({ loss, name: loss.name, definition: loss.definition }));
test.each(elementwise)("the gradient of $name jumps where it says, and nowhere else", ({ loss, definition }) => {
  const { kinks } = definition;
  const target = typeof definition.yTrue === "object" && !definition.yTrue.accepts(0.75) ? 1 : 0.75;
  const predictionAt = (x: number) => (kinks?.of === "margin" ? x / target : x + target);
  const slope = (x: number) => loss.evaluate([[target]], [[predictionAt(x)]]).gradient.data[0] as number;
  const jump = (x: number) => Math.abs(slope(x + 1e-7) - slope(x - 1e-7));
  for (const at of kinks?.at ?? []) expect(jump(at), `a kink at ${at}`).toBeGreaterThan(0.5);
  const places = Array.from({ length: 41 }, (_, i) => (i - 20) / 100);
  const { yPred: domain } = definition;
  // Probabilities, and amounts above 0: well inside, where slopes do not grow without bound.
  const inside = (p: number) =>
    typeof domain === "function" ? p > 0.05 && p < 0.95 : domain === undefined || domain.accepts(-1) || p > 0.1;
  for (const x of [...places, ...places.map((p) => p * 5)]) {
    if (kinks?.at.includes(x) || !inside(predictionAt(x))) continue;
    expect(jump(x), `no kink at ${x}`).toBeLessThan(1e-3);
  }
});

test("the traits that are claimed are as many as they were", () => {
  expect(claims.length).toBeGreaterThanOrEqual(430);
  expect(elementwise.length).toBeGreaterThanOrEqual(47);
});
