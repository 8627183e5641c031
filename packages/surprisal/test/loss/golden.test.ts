/** Every golden case of every loss, in both precisions, against 400-digit arithmetic. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import {
  type ComparedPart,
  type LossCase,
  type LossRunOptions,
  runLossCase,
  supportedLosses,
} from "../golden/dispatch-losses.ts";
import { roundingDevice } from "./roundingDevice.ts";

/** How many cases each file holds, and how many of them miss 4 ulp when float32 arithmetic rounds after every op. */
const files = {
  classification: [541, 32],
  divergence: [361, 27],
  regression: [578, 31],
  margin: [246, 1],
  embedding_ranking: [200, 85],
  segmentation: [116, 12],
  sequence: [84, 34],
  llm: [176, 25],
  survival_count_ordinal: [153, 11],
  policies: [119, 1],
  reductions: [289, 5],
} as const;

/** Cases that double precision cannot hold entry by entry; `dispatch-losses.ts` says why. */
const unsupported: readonly string[] = [
  "coxPartialLikelihood-021",
  "coxPartialLikelihood-024",
  "ctc-004",
  "ctc-008",
  "ctc-012",
  "ctc-016",
  "ctc-024",
  "crfNll-004",
  "hellinger-019",
];

/** Cases in which float32 holds every loss, but not the sum of a row, before it is divided for the mean. */
const overflowsInFloat32: ReadonlySet<string> = new Set(["exponentialLoss-011"]);

/**
 * Cases whose entries cancel, or whose scores are multiplied by a large factor before they are compared, so that float32 arithmetic
 * gives an entry more than 64 ulp off.
 */
const cancelling: ReadonlySet<string> = new Set([
  "confidencePenaltyCrossentropy-003",
  "biTemperedLogistic-008",
  "biTemperedLogistic-009",
  "logitAdjustedCrossentropy-006",
  "entmaxLoss-006",
  "reverseKlDivergence-002",
  "reverseKlDivergence-005",
  "hellinger-010",
  "diouLoss-005",
  "ciouLoss-006",
  "circle-001",
  "barlowTwins-001",
  "circle-002",
  "listMle-002",
  "circle-003",
  "barlowTwins-003",
  "sigLip-004",
  "ntXent-004",
  "supervisedContrastive-004",
  "clip-005",
  "barlowTwins-005",
  "clip-006",
  "circle-006",
  "tripletSoftMargin-007",
  "barlowTwins-007",
  "multiSimilarity-008",
  "ctc-004",
  "ctc-005",
  "ctc-008",
  "ctc-009",
  "ctc-012",
  "ctc-013",
  "ctc-016",
  "ctc-020",
  "ctc-024",
  "crfNll-004",
  "transducer-006",
  "linearCrossentropy-017",
  "linearCrossentropy-020",
  "softcapCrossentropy-008",
]);

function read(file: string): { cases: LossCase[] } {
  return JSON.parse(gunzipSync(readFileSync(new URL(`../golden/losses/${file}.json.gz`, import.meta.url))).toString());
}

/** Cases that did not pass, with what was wrong. */
async function failures(cases: readonly LossCase[], options: LossRunOptions): Promise<string[]> {
  const failed: string[] = [];
  for (const golden of cases) {
    const { status, errors } = await runLossCase(golden, options);
    const expected = unsupported.includes(golden.id) && options.dtype === "float64" ? "unsupported" : "passed";
    const held = unsupported.includes(golden.id) && options.dtype === "float32";
    if (status !== expected && !(held && status === "unsupported")) {
      failed.push(`${golden.id} ${status}: ${errors.join("; ")}`);
    }
  }
  return failed;
}

const ulp32 = (x: number): number => 2 ** (Math.floor(Math.log2(Math.max(Math.abs(x), 2 ** -126))) - 23);

/** How far a result of float32 arithmetic may be off: 64 ulp of itself, entry by entry. */
function isNear({ got, truth }: ComparedPart): boolean {
  return truth.every((x, i) => Object.is(got[i], x) || Math.abs((got[i] as number) - x) <= 64 * ulp32(x));
}

/** In the cases of `cancelling`: 64 ulp of the largest entry of its array, or of itself what the rounding of inputs is magnified to. */
function isBounded({ got, truth }: ComparedPart, magnified: number): boolean {
  const largest = Math.max(...truth.map(Math.abs).filter(Number.isFinite), 0);
  return truth.every((x, i) => {
    if (Object.is(got[i], x)) return true;
    const error = Math.abs((got[i] as number) - x);
    return error <= Math.max(64 * ulp32(largest), (64 + 16 * magnified) * ulp32(x));
  });
}

test("no case is lost", () => {
  const cases = Object.keys(files).flatMap((file) => read(file).cases);
  expect(cases.length).toBe(2863);
  expect(new Set(cases.map(({ loss }) => loss)).size).toBe(160);
  expect(cases.filter(({ loss }) => !supportedLosses().includes(loss))).toEqual([]);
  expect(unsupported.length).toBeLessThanOrEqual(10);
});

describe.each(Object.entries(files))("%s", (file, [total, outside]) => {
  const { cases } = read(file);
  expect(cases.length).toBe(total);

  test(`${total} cases in float64`, async () => {
    expect(await failures(cases, { dtype: "float64" })).toEqual([]);
  });

  test(`${total} cases in float32`, async () => {
    expect(await failures(cases, { dtype: "float32" })).toEqual([]);
  });

  test("the same graphs on a device", async () => {
    expect(await failures(cases, { dtype: "float64", device: interpreterDevice() })).toEqual([]);
  });

  test(`float32 with every op rounded: all but ${outside} within 4 ulp`, async () => {
    const device = roundingDevice();
    const missed: string[] = [];
    const far = new Set<string>();
    for (const golden of cases) {
      const outcome = await runLossCase(golden, { dtype: "float32", arithmetic: "float32", device });
      if (outcome.status === "passed") continue;
      missed.push(golden.id);
      if (overflowsInFloat32.has(golden.id)) continue;
      const { value = 0, gradient = 0 } = golden.conditioning ?? {};
      for (const part of outcome.parts ?? []) {
        const magnified = Number(part.what === "gradient" ? gradient : value);
        const bounded = cancelling.has(golden.id) ? isBounded(part, magnified) : isNear(part);
        if (!isNear(part)) far.add(golden.id);
        expect(bounded, `${golden.id}: ${outcome.errors.join("; ")}`).toBe(true);
      }
    }
    expect(missed.length, missed.join(" ")).toBe(outside);
    expect(cases.filter(({ id }) => cancelling.has(id) && !far.has(id))).toEqual([]);
  });
});
