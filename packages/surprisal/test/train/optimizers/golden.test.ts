import { describe, expect, test } from "vitest";
import { interpreterDevice } from "../../../src/backends/interpreter/device.ts";
import { readGolden } from "../../golden/compare.ts";
import { type OptimizerCase, runOptimizerCase, type Sequences } from "../../golden/dispatch-optimizers.ts";
import { Tally } from "../../golden/tally.ts";

const { cases, sequences } = readGolden<{ cases: OptimizerCase[]; sequences: Sequences }>(
  "training/optimizers.json.gz",
);

/** Cases of Keras that we leave out: other optimizers, and scaling of losses, which only half precision needs. */
const kerasLeftOut = [/^keras\/(adafactor|muon|scheduleFreeAdamW)\//, /lossScaleFactor/];

/** What the other libraries define as Keras does, so that our options can say it. The rest are other definitions. */
const foreign: Readonly<Record<string, number>> = {
  "torch/sgd": 4,
  "torch/adadelta": 3,
  "optax/sgd": 3,
  "optax/adagrad": 1,
  "optax/adadelta": 1,
  "optax/rmsprop": 2,
  "optax/lion": 2,
  "optax/lamb": 2,
  "optax/chain": 1,
};

describe.each([
  { dtype: "float64", on: "the reference evaluator", device: undefined },
  { dtype: "float32", on: "the reference evaluator", device: undefined },
  { dtype: "float64", on: "the interpreter device", device: interpreterDevice() },
] as const)("golden optimizers in $dtype on $on", ({ dtype, device }) => {
  const tally = new Tally();
  test.each(cases)("$id", async (golden) => {
    const outcome = await runOptimizerCase(golden, { dtype, device, sequences });
    tally.add(golden.id, outcome);
    expect(outcome.status === "failed" ? outcome.errors.slice(0, 5) : []).toEqual([]);
  });

  test("every case is counted, and none is left out silently", () => {
    const leftOut = cases
      .map(({ id }) => id)
      .filter((id) => id.startsWith("keras/") && kerasLeftOut.some((p) => p.test(id)));
    expect(leftOut).toHaveLength(14);
    expect(tally.ids.unsupported.filter((id) => id.startsWith("keras/"))).toEqual(leftOut);
    const groups: Record<string, number> = {};
    for (const id of tally.ids.passed.filter((id) => !id.startsWith("keras/"))) {
      const group = id.split("/").slice(0, 2).join("/");
      groups[group] = (groups[group] ?? 0) + 1;
    }
    expect(groups).toEqual(foreign);
    expect(tally.counts).toEqual({ passed: 95, failed: 0, unsupported: 139 });
    expect(cases).toHaveLength(234);
  });
});
