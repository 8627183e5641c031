/** Every elementary function in float32 against the true value, at a million points each (five with SURPRISAL_SOAK=1). */
import { afterAll, describe, expect, it } from "vitest";
import { elementary } from "../../../src/compile/elementary/index.ts";
import { type Measured, measure, pointCount, table } from "./measure.ts";
import { truths } from "./truth.ts";

const measured: Measured[] = [];
afterAll(() => console.log(table(measured)));

describe("elementary functions, float32", () => {
  it("are all measured", () => {
    expect(Object.keys(truths).sort()).toEqual(
      Object.keys(elementary)
        .filter((name) => name !== "sign")
        .sort(),
    );
  });

  it.each(Object.entries(truths))(
    "%s stays within its bound",
    (name, { bound }) => {
      const result = measure(name, "float32", pointCount);
      measured.push(result);
      expect(result.count).toBeGreaterThanOrEqual(pointCount);
      expect(result.finite).toBeGreaterThan(0.89 * pointCount);
      expect(result.worst, `at ${result.at.join(", ")}`).toBeLessThanOrEqual(bound.float32);
      expect(result.worst).toBeGreaterThan(0.49);
    },
    1_200_000,
  );
});
