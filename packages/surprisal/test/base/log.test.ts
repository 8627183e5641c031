import { describe, expect, it } from "vitest";
import { naturalLog } from "../../src/base/log.ts";
import { normalQuantile } from "../../src/base/normalQuantile.ts";
import { ThreefryStream } from "../../src/base/threefry.ts";
import { logarithms, quantiles } from "./highPrecision.ts";

/** Distance of neighbouring doubles at x. */
const spacing = (x: number) => 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), -1022) - 52);

describe("naturalLog", () => {
  it("is within 0.6 units in the last place of values at high precision", () => {
    let count = 0;
    for (const [x, high, low] of logarithms) {
      expect(Math.abs(naturalLog(x) - high - low) / spacing(high), `log ${x}`).toBeLessThan(0.6);
      count++;
    }
    expect(count).toBe(128);
  });

  it("stays within a unit of the engine's own over the whole range", () => {
    const random = new ThreefryStream(1);
    for (let i = 0; i < 20_000; i++) {
      const x = (1 + random.uniform()) * 2 ** (Math.floor(random.uniform() * 2046) - 1022);
      const expected = Math.log(x);
      expect(Math.abs(naturalLog(x) - expected)).toBeLessThanOrEqual(1.5 * spacing(expected));
    }
  });

  it("has the logarithm's edges", () => {
    expect([0, -0, -1, Number.NaN, Infinity, -Infinity, 1].map(naturalLog)).toEqual([
      -Infinity,
      -Infinity,
      Number.NaN,
      Number.NaN,
      Infinity,
      Number.NaN,
      0,
    ]);
  });
});

describe("normalQuantile", () => {
  it("has a relative error below 1e-15", () => {
    let count = 0;
    for (const [p, z] of quantiles) {
      expect(Math.abs(normalQuantile(p) / z - 1), `quantile of ${p}`).toBeLessThan(1e-15);
      count++;
    }
    expect(count).toBe(45);
  });

  it("has the ends, the middle and nothing outside", () => {
    expect([0, 1, 0.5, -0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([
      -Infinity,
      Infinity,
      0,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});
