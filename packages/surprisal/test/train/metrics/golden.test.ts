import { describe, expect, test } from "vitest";
import { interpreterDevice } from "../../../src/backends/interpreter/device.ts";
import { readGolden } from "../../golden/compare.ts";
import { type MetricCase, runMetricCase } from "../../golden/dispatch-metrics.ts";
import { Tally } from "../../golden/tally.ts";

const { cases } = readGolden<{ cases: MetricCase[] }>("training/metrics.json.gz");

/** Metrics that we do not have, with their cases; and a cosine along the batch. */
const leftOut =
  /^(meanIoU|iou|binaryIoU|oneHotMeanIoU|oneHotIoU|pearsonCorrelation|concordanceCorrelation|mean|sum)\/|^cosineSimilarity\/axis=0/;

describe.each([
  { dtype: "float64", on: "the reference evaluator", device: undefined },
  { dtype: "float32", on: "the reference evaluator", device: undefined },
  { dtype: "float64", on: "the interpreter device", device: interpreterDevice() },
] as const)("golden metrics in $dtype on $on", ({ dtype, device }) => {
  const tally = new Tally();
  test.each(cases)("$id", async (golden) => {
    const outcome = await runMetricCase(golden, { dtype, device });
    tally.add(golden.id, outcome);
    expect(outcome.status === "failed" ? outcome.errors.slice(0, 5) : []).toEqual([]);
  });

  test("every case is counted, and none is left out silently", () => {
    expect(tally.ids.unsupported).toEqual(cases.map(({ id }) => id).filter((id) => leftOut.test(id)));
    expect(tally.counts).toEqual({ passed: 177, failed: 0, unsupported: 21 });
    expect(cases).toHaveLength(198);
  });
});
