import { describe, expect, test } from "vitest";
import { InvalidArgumentError, UnknownNameError } from "../../../src/base/errors.ts";
import * as schedules from "../../../src/schedules.ts";

const configs = [
  { name: "constant", options: { learningRate: 0.1 } },
  { name: "cosineDecay", options: { initialLearningRate: 0.1, decaySteps: 9, warmupTarget: 0.3, warmupSteps: 4 } },
  { name: "cosineDecayRestarts", options: { initialLearningRate: 0.1, firstDecaySteps: 4, mMul: 0.5 } },
  { name: "exponentialDecay", options: { initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.9, staircase: true } },
  { name: "inverseTimeDecay", options: { initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.9 } },
  { name: "linearWarmup", options: { learningRate: 0.1, warmupSteps: 4 } },
  { name: "piecewiseConstantDecay", options: { boundaries: [2, 5], values: [0.3, 0.2, 0.1] } },
  { name: "polynomialDecay", options: { initialLearningRate: 0.1, decaySteps: 5, power: 2, cycle: true } },
];

describe("every schedule", () => {
  test("is among these", () => {
    expect(configs.map((c) => c.name).sort()).toEqual(
      schedules
        .list()
        .map((s) => s.name)
        .sort(),
    );
  });

  test.each(configs)("$name is pure, and the same from its configuration", (config) => {
    const schedule = schedules.fromConfig(config);
    const again = schedules.fromConfig(JSON.parse(JSON.stringify(schedule.toConfig())));
    expect(again.toConfig()).toEqual(schedule.toConfig());
    const updates = Array.from({ length: 30 }, (_, t) => t);
    const rates = updates.map((t) => schedule(t));
    expect(
      [...updates]
        .reverse()
        .map((t) => again(t))
        .reverse(),
    ).toEqual(rates);
    for (const rate of rates) expect(rate >= 0 && Number.isFinite(rate)).toBe(true);
  });
});

test("cosine restarts begin exactly at the top, whatever the growth", () => {
  for (const tMul of [1, 1.5, 2, 3]) {
    const first = 4;
    const schedule = schedules.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: first, tMul });
    for (let start = 0, length = first, turn = 0; turn < 8; turn++, start += length, length *= tMul) {
      expect(schedule(start)).toBeCloseTo(1, 9);
    }
  }
});

test("warmup reaches its rate and stays", () => {
  const schedule = schedules.linearWarmup({ learningRate: 1, warmupSteps: 4, initialLearningRate: 0.2 });
  expect([0, 2, 4, 100].map((t) => schedule(t))).toEqual([0.2, expect.closeTo(0.6, 12), 1, 1]);
});

test("wrong options are refused", () => {
  const piecewise = schedules.piecewiseConstantDecay;
  expect(() => schedules.cosineDecay({ initialLearningRate: 1 } as never)).toThrow(/no decaySteps/);
  expect(() => schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 0 })).toThrow(InvalidArgumentError);
  expect(() => piecewise({ boundaries: [3, 2], values: [1, 2, 3] })).toThrow(/rise/);
  expect(() => piecewise({ boundaries: [3], values: [1] })).toThrow(/Pass rising boundaries and 2 values/);
  expect(() => schedules.fromConfig({ name: "cosine" })).toThrow(UnknownNameError);
  expect(() => schedules.constant({ learningRate: 1, decay: 1 } as never)).toThrow(UnknownNameError);
});
