/** The random op draws what `base/threefry.ts` draws for the same key and counter, in every lane and both precisions. */
import { expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { threefry2x32, uniform24 } from "../../../src/base/threefry.ts";
import * as g from "../../../src/graph/index.ts";
import { runOn } from "../harness.ts";

test.each(["float32", "float64"] as const)("%s", async (dtype) => {
  let ran = 0;
  for (const seed of [0, 5, -1, 2147483647]) {
    for (const step of [0, 1, -7]) {
      const [s, t] = [g.input("seed", "int32", []), g.input("step", "int32", [])];
      const streams = [0, 1, 12345];
      const outputs = streams.map((stream) => g.randomUniform(s, t, stream, dtype, [3, 7]));
      const { values } = await runOn(
        wasmDevice(),
        outputs,
        new Map([
          [s, [seed]],
          [t, [step]],
        ]),
      );
      streams.forEach((stream, i) => {
        const wanted = Array.from({ length: 21 }, (_, at) => uniform24(threefry2x32(seed, stream, step, at)[0]));
        expect(values[i]).toEqual(wanted);
        ran++;
      });
    }
  }
  expect(ran).toBe(36);
});
