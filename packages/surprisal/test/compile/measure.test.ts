/** Timing by a clock that is handed over, ceilings by programs that do what is counted, and kernels under their roof. No test asks the time. */
import { describe, expect, it } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { InvalidArgumentError } from "../../src/base/errors.ts";
import { type Ceilings, measureCeilings } from "../../src/compile/ceilings.ts";
import type { Device, ProgramReport } from "../../src/compile/device.ts";
import { held } from "../../src/compile/measure.ts";
import { timeRuns } from "../../src/compile/timing.ts";
import { countingDevice } from "../backends/counting.ts";

/** A clock that a run moves on by so many milliseconds. */
function clockOf(...costs: number[]) {
  let time = 100;
  let runs = 0;
  return {
    now: () => time,
    run: () => {
      time += costs[runs++ % costs.length] as number;
    },
    count: () => runs,
  };
}

/** A millisecond goes by at each look. */
const ticking = () => {
  let time = 0;
  return () => time++;
};

describe("timing", () => {
  it("repeats until a round is an eighth of the time, then takes eight rounds", () => {
    const clock = clockOf(1);
    const timing = timeRuns(clock.run, { now: clock.now, milliseconds: 32 });
    expect(timing).toEqual({ min: 0.001, median: 0.001, max: 0.001, runs: 4 });
    expect(clock.count()).toBe(1 + 2 + 4 + 8 * 4);
  });

  it("divides a round by its runs, and sorts rounds by time", () => {
    const clock = clockOf(4, 9, 5, 7, 100);
    const { min, median, max, runs } = timeRuns(clock.run, { now: clock.now, milliseconds: 24 });
    expect(runs).toBe(1);
    // The first round is not counted; three more are the fewest.
    expect([min, median, max]).toEqual([0.005, 0.009, 0.1]);
    const slow = clockOf(1000);
    expect(timeRuns(slow.run, { now: slow.now, milliseconds: 5 }).median).toBe(1);
    expect(slow.count()).toBe(1 + 3);
  });

  it("ends on a clock that stands still, and refuses a time that is none", () => {
    expect(timeRuns(() => {}, { now: () => 5 })).toEqual({ min: 0, median: 0, max: 0, runs: 2 ** 16 });
    for (const milliseconds of [Number.NaN, -1, Infinity]) {
      expect(() => timeRuns(() => {}, { milliseconds })).toThrow(InvalidArgumentError);
    }
  });
});

describe("ceilings", () => {
  /** What the programs say of themselves, and every buffer that is still held. */
  function watched(device: Device) {
    const reports: ProgramReport[] = [];
    const { another, ...rest } = device;
    const { counted, held } = countingDevice(rest);
    const watching: Device = {
      ...counted,
      async load(program) {
        const executable = await device.load(program);
        reports.push(executable.report());
        return executable;
      },
    };
    return { watching, reports, held, another };
  }

  it.each(["float32", "float64"] as const)(
    "%s: count what their programs do, and give the memory back",
    async (dtype) => {
      const { watching, reports, held, another } = watched(wasmDevice());
      const ceilings = await measureCeilings(watching, { dtype, now: ticking(), milliseconds: 1 });
      const [small, cube, chain, ...triads] = reports.flatMap(({ kernels }) => kernels);
      expect([reports.length, triads.length]).toEqual([6, 3]);
      // One tick is a millisecond, so that a count of a million is 1 a nanosecond.
      const each = (count: number | undefined) => (count as number) / 1e-3 / 1e9;
      expect(ceilings.dtype).toBe(dtype);
      expect(cube?.productFlops).toBeGreaterThan(small?.productFlops as number);
      expect(ceilings.productGigaflops).toBeCloseTo(each(cube?.productFlops), 9);
      expect(ceilings.chainGigaflops).toBeCloseTo(each(chain?.flops), 9);
      expect(chain?.family).toBe("map");
      expect(ceilings.memory.map(({ bytes }) => bytes)).toEqual([24 * 1024, 768 * 1024, 64 * 1024 ** 2]);
      ceilings.memory.forEach(({ gigabytesPerSecond }, i) => {
        const { bytesRead, bytesWritten } = triads[i] as (typeof triads)[number];
        expect(gigabytesPerSecond).toBeCloseTo(each(bytesRead + bytesWritten), 9);
      });
      expect(held.size).toBe(0);
      expect(another).toBeTypeOf("function");
    },
  );

  it("leave the device that is asked as it is, where it can make another one", async () => {
    const { watching, reports } = watched(wasmDevice());
    const other = watched(wasmDevice());
    await measureCeilings({ ...watching, another: () => other.watching }, { now: ticking(), milliseconds: 1 });
    expect([reports.length, other.reports.length]).toEqual([0, 6]);
  });

  it("leave out what would take too long", async () => {
    const slow = (() => {
      let time = 0;
      return () => (time += 10);
    })();
    const { memory } = await measureCeilings(interpreterDevice(), { now: slow, milliseconds: 1 });
    expect(memory.map(({ bytes }) => bytes)).toEqual([24 * 1024]);
  });

  it("are refused for a dtype that no model has, and on a device that answers later", async () => {
    await expect(measureCeilings(wasmDevice(), { dtype: "int32" as never })).rejects.toThrow(/"int32"/);
    const own = interpreterDevice();
    const { watching, held } = watched({
      ...own,
      load: async (program) => ({ ...(await own.load(program)), run: async () => {} }),
    });
    await expect(measureCeilings(watching)).rejects.toThrow(/no clock can tell/);
    expect(held.size).toBe(0);
  });
});

describe("a kernel under its roof", () => {
  const ceilings: Ceilings = {
    dtype: "float32",
    productGigaflops: 50,
    chainGigaflops: 10,
    memory: [
      { bytes: 1000, gigabytesPerSecond: 100 },
      { bytes: 10_000, gigabytesPerSecond: 20 },
    ],
  };
  const kernel = (figures: { flops: number; productFlops?: number; bytesRead: number; bytesWritten: number }) => ({
    ...{ name: "k", family: "map", space: [1], ops: [] },
    ...figures,
  });

  it("is limited by arithmetic, products under a roof of their own", () => {
    const { roof, ...rest } = held(
      kernel({ flops: 6000, productFlops: 5000, bytesRead: 600, bytesWritten: 400 }),
      4e-7,
      1e-6,
      ceilings,
    );
    // 5,000 at 50 a nanosecond and 1,000 at 10; the data fits the first level.
    expect(roof).toEqual({ seconds: expect.closeTo(2e-7, 15), limit: "arithmetic", share: expect.closeTo(0.5, 9) });
    expect(rest).toEqual({
      seconds: 4e-7,
      share: expect.closeTo(0.4, 9),
      gigaflops: expect.closeTo(15, 9),
      gigabytesPerSecond: expect.closeTo(2.5, 9),
    });
  });

  it("or by memory, at the level that its data fits, else at the last", () => {
    const roofOf = (bytesRead: number) =>
      held(kernel({ flops: 10, bytesRead, bytesWritten: 0 }), 1e-6, 1e-6, ceilings).roof;
    expect(roofOf(1000)).toEqual({
      seconds: expect.closeTo(1e-8, 15),
      limit: "memory",
      share: expect.closeTo(0.01, 9),
    });
    expect(roofOf(1001).seconds).toBeCloseTo(1001 / 20e9, 15);
    expect(roofOf(1e6).seconds).toBeCloseTo(1e6 / 20e9, 12);
  });

  it("says nothing that is not a number where no time went by", () => {
    const { roof, ...rest } = held(kernel({ flops: 10, bytesRead: 8, bytesWritten: 8 }), 0, 0, ceilings);
    expect([...Object.values(rest), roof.share, roof.seconds].every(Number.isFinite)).toBe(true);
  });
});
