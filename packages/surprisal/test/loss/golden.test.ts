/** Every golden case of every loss that exists, in both precisions, against 400-digit arithmetic. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { type LossCase, runLossCase, supportedLosses } from "../golden/dispatch-losses.ts";
import { roundingDevice } from "./roundingDevice.ts";

/** Cases in each file: all, and those of losses that exist. */
const files = {
  classification: [541, 435],
  divergence: [361, 78],
  regression: [578, 433],
  margin: [246, 214],
  policies: [119, 99],
  reductions: [289, 289],
} as const;

/** Losses of these files that do not exist yet; the list shrinks. */
const unsupportedNames: Readonly<Record<keyof typeof files, readonly string[]>> = {
  classification: [
    "asymmetricLoss",
    "biTemperedLogistic",
    "classBalancedCrossentropy",
    "confidencePenaltyCrossentropy",
    "entmaxLoss",
    "logitAdjustedCrossentropy",
    "sparsemaxLoss",
    "sphericalLoss",
    "zlpr",
  ],
  divergence: [
    "alphaDivergence",
    "bhattacharyya",
    "chiSquaredDivergence",
    "emdSquared",
    "gaussianKl",
    "generalizedKlDivergence",
    "hellinger",
    "hellingerSquared",
    "jensenShannon",
    "klEstimator",
    "renyiDivergence",
    "reverseKlDivergence",
    "totalVariation",
    "wasserstein1",
  ],
  regression: [
    "barron",
    "ciouLoss",
    "cosineSimilarity",
    "crpsEnsemble",
    "crpsGaussian",
    "diouLoss",
    "gaussianNll",
    "giouLoss",
    "iouLoss",
    "laplaceNll",
    "mixtureGaussianNll",
    "studentTNll",
  ],
  margin: ["marginRanking", "multiLabelMargin", "tangentLoss"],
  policies: [
    "cosineSimilarity",
    "dice",
    "generalizedKlDivergence",
    "jaccard",
    "jensenShannon",
    "sparsemaxLoss",
    "totalVariation",
  ],
  reductions: [],
};

/**
 * Cases in which float32 arithmetic itself, rounding after every op, stays a little outside 4 ulp: entries p − y of a gradient with p near a
 * smoothed or soft y, sums whose terms have both signs, and the exponential of a rounded square. At most 64 ulp of a result that is small
 * beside its terms.
 */
const cancelInFloat32: Partial<Record<keyof typeof files, readonly string[]>> = {
  classification: [
    "sparseCategoricalCrossentropy-055",
    "sparseCategoricalCrossentropy-057",
    "sparseCategoricalCrossentropy-059",
    "categoricalCrossentropy-054",
    "categoricalCrossentropy-056",
    "categoricalCrossentropy-065",
    "categoricalCrossentropy-071",
    "categoricalCrossentropy-085",
    "categoricalCrossentropy-096",
    "binaryCrossentropy-010",
    "binaryCrossentropy-076",
    "binaryFocalCrossentropy-005",
    "categoricalFocalCrossentropy-012",
  ],
  divergence: ["klDivergence-039"],
  regression: [
    "welsch-001",
    "welsch-005",
    "welsch-007",
    "tukeyBiweight-004",
    "poisson-005",
    "tweedie-004",
    "tweedie-006",
  ],
  margin: ["exponentialLoss-011"],
  policies: ["categoricalCrossentropy-019"],
  reductions: [
    "categoricalCrossentropy-002",
    "sparseCategoricalCrossentropy-131",
    "klDivergence-006",
    "sparseCategoricalCrossentropy-140",
    "klDivergence-007",
  ],
};

/** Cases in which float32 holds every loss, but not the sum of a row, before it is divided for the mean. */
const overflowsInFloat32: ReadonlySet<string> = new Set(["exponentialLoss-011"]);

function read(file: string): { cases: LossCase[] } {
  return JSON.parse(gunzipSync(readFileSync(new URL(`../golden/losses/${file}.json.gz`, import.meta.url))).toString());
}

describe.each(Object.entries(files))("%s", (file, [total, ours]) => {
  const { cases } = read(file);
  const known = cases.filter((golden) => supportedLosses().includes(golden.loss));

  test("no case is lost", () => {
    expect(cases.length).toBe(total);
    expect(known.length).toBe(ours);
    const names = new Set(cases.map((golden) => golden.loss).filter((name) => !supportedLosses().includes(name)));
    expect([...names].sort()).toEqual(unsupportedNames[file as keyof typeof files]);
  });

  for (const dtype of ["float64", "float32"] as const) {
    test(`${ours} cases in ${dtype}`, async () => {
      const failures: string[] = [];
      let passed = 0;
      for (const golden of known) {
        const { status, errors } = await runLossCase(golden, { dtype });
        if (status === "passed") passed++;
        else failures.push(`${golden.id} ${status}: ${errors.join("; ")}`);
      }
      expect(failures).toEqual([]);
      expect(passed).toBe(ours);
    });
  }

  test("the same graphs on a device", async () => {
    const device = interpreterDevice();
    const failures: string[] = [];
    for (const golden of known) {
      const { errors } = await runLossCase(golden, { dtype: "float64", device });
      if (errors.length > 0) failures.push(`${golden.id}: ${errors.join("; ")}`);
    }
    expect(failures).toEqual([]);
  });

  test("float32 with every op rounded", async () => {
    const device = roundingDevice();
    const missed: string[] = [];
    for (const golden of known) {
      const { errors } = await runLossCase(golden, { dtype: "float32", arithmetic: "float32", device });
      if (errors.length === 0) continue;
      missed.push(golden.id);
      if (overflowsInFloat32.has(golden.id)) continue;
      const sizes = errors.flatMap((error) => [...error.matchAll(/\(([^ ]+) ulp\)/g)].map((match) => Number(match[1])));
      expect(sizes.length, errors.join("; ")).toBeGreaterThan(0);
      expect(Math.max(...sizes), errors.join("; ")).toBeLessThan(64);
    }
    expect(missed).toEqual(cancelInFloat32[file as keyof typeof files] ?? []);
  });
});
