import { expect, test } from "vitest";
import { readGolden } from "../../golden/compare.ts";
import { runScheduleCase, type ScheduleCase } from "../../golden/dispatch-optimizers.ts";
import { Tally } from "../../golden/tally.ts";

const { cases } = readGolden<{ cases: ScheduleCase[] }>("training/schedules.json.gz");
const tally = new Tally();

test.each(cases)("$id", async (golden) => {
  const outcome = await runScheduleCase(golden);
  tally.add(golden.id, outcome);
  expect(outcome.status === "failed" ? outcome.errors.slice(0, 5) : []).toEqual([]);
});

test("every case is counted: all of Keras, and those of other libraries that our options can say", () => {
  const of = (ids: readonly string[], library: string) => ids.filter((id) => id.startsWith(`${library}/`)).length;
  const count = (library: string) => [of(tally.ids.passed, library), of(tally.ids.unsupported, library)];
  expect({ keras: count("keras"), torch: count("torch"), optax: count("optax") }).toEqual({
    keras: [17, 0],
    torch: [7, 17],
    optax: [6, 10],
  });
  expect(tally.counts).toEqual({ passed: 30, failed: 0, unsupported: 27 });
  expect(cases).toHaveLength(57);
});
