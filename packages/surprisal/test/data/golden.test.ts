import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type DataCase, runDataCase } from "../golden/dispatch-data.ts";

function load(name: string): DataCase[] {
  const file = (suffix: string) => readFileSync(new URL(`../golden/data/${name}.json${suffix}`, import.meta.url));
  let text: string;
  try {
    text = file("").toString("utf8");
  } catch {
    text = gunzipSync(file(".gz")).toString("utf8");
  }
  return (JSON.parse(text) as { cases: DataCase[] }).cases;
}

/** Cases of errors.json that belong to metrics, which are no part of the data floor. */
const unsupported: Record<string, Record<string, number>> = {
  random: {},
  generators: {},
  split: {},
  transforms: {},
  errors: {
    accuracyScore: 5,
    auc: 2,
    averagePrecisionScore: 1,
    balancedAccuracyScore: 1,
    brierScoreLoss: 2,
    calibrationCurve: 3,
    cohenKappaScore: 1,
    confusionMatrix: 5,
    coverageError: 1,
    detCurve: 1,
    f1Score: 5,
    fbetaScore: 1,
    hingeLoss: 2,
    jaccardScore: 1,
    labelRankingLoss: 1,
    logLoss: 6,
    matthewsCorrcoef: 1,
    maxError: 3,
    meanAbsoluteError: 3,
    meanGammaDeviance: 1,
    meanPinballLoss: 1,
    meanPoissonDeviance: 2,
    meanSquaredError: 6,
    meanSquaredLogError: 1,
    meanTweedieDeviance: 2,
    medianAbsoluteError: 3,
    ndcgScore: 3,
    precisionRecallCurve: 1,
    precisionScore: 1,
    r2Score: 6,
    recallScore: 1,
    rocAucScore: 6,
    rocCurve: 3,
    topKAccuracyScore: 2,
  },
};

describe.each([
  ["random", 81],
  ["generators", 124],
  ["split", 74],
  ["transforms", 150],
  ["errors", 213],
])("golden data: %s", (name, count) => {
  it(`runs all ${count} cases`, () => {
    const cases = load(name);
    const failures: string[] = [];
    const skipped: Record<string, number> = {};
    let passed = 0;
    for (const test of cases) {
      const verdict = runDataCase(test);
      if (verdict.status === "passed") passed++;
      else if (verdict.status === "unsupported") skipped[test.fn] = (skipped[test.fn] ?? 0) + 1;
      else failures.push(`${test.id}: ${verdict.error}`);
    }
    expect(failures).toEqual([]);
    expect(skipped).toEqual(unsupported[name]);
    const skippedCount = Object.values(skipped).reduce((sum, n) => sum + n, 0);
    expect([cases.length, passed]).toEqual([count, count - skippedCount]);
  });
});
