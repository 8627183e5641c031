/**
 * Memory of a long process, through the built package: models that are trained and dropped, predictions, programs that nobody holds. A
 * soak (SURPRISAL_SOAK=1) trains 1,000 models and predicts 10,000 times; otherwise a part of it.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const child = fileURLToPath(new URL("memoryChild.mjs", import.meta.url));
const soak = process.env.SURPRISAL_SOAK === "1";

interface Report {
  readonly models: number;
  readonly predictions: number;
  /** Bytes: of the device in use at the end and reserved, and of the process after a tenth of the models and at the end. */
  readonly inUse: number;
  readonly reserved: number;
  readonly early: number;
  readonly rss: number;
  readonly afterPredictions: number;
}

function run(...args: readonly string[]): Report {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", child, ...args], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as Report;
}

const mebibyte = 2 ** 20;

test.each(["drop", "dispose"])("models that are trained and left to %s take no more memory in the end", (how) => {
  const models = soak ? 1000 : 120;
  const predictions = soak ? 10_000 : 1000;
  const report = run(how, String(models), String(predictions));
  expect([report.models, report.predictions]).toEqual([models, predictions]);
  // A model of this size takes about 30 KiB; the last one may not have been found unreachable yet.
  expect(report.inUse).toBeLessThan(how === "dispose" ? 1 : 128 * 1024);
  expect(report.reserved).toBeLessThan(4 * mebibyte);
  expect(report.rss - report.early).toBeLessThan(40 * mebibyte);
  expect(report.afterPredictions - report.rss).toBeLessThan(20 * mebibyte);
});
