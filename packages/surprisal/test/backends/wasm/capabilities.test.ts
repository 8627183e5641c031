/** What the engine can do is believed only by the values that it computes. */
import { describe, expect, test } from "vitest";
import { FunctionWriter, ModuleWriter } from "../../../src/backends/wasm/assembler.ts";
import { capabilities, relaxedMultiplyAdd, roundsOnce } from "../../../src/backends/wasm/capabilities.ts";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import * as devices from "../../../src/devices.ts";
import * as g from "../../../src/graph/index.ts";
import { runOn } from "../harness.ts";
import { exactFma } from "./exactFma.ts";

/** The probe's module with other arithmetic in the place of the relaxed multiply-adds. */
function probeWith(narrow: (f: FunctionWriter) => void, broad: (f: FunctionWriter) => void): Uint8Array<ArrayBuffer> {
  const [module, f] = [new ModuleWriter(), new FunctionWriter()];
  for (const [start, write] of [
    [0, narrow],
    [64, broad],
  ] as const) {
    f.i32(start);
    // c + a · b with what WebAssembly has for sure.
    for (const operand of [2, 0, 1]) {
      f.i32(start);
      f.memory("v128.load", 16 * operand);
    }
    write(f);
    f.memory("v128.store", 48);
  }
  module.export("run", module.add(f));
  return module.finish();
}

const twiceNarrow = (f: FunctionWriter) => {
  f.simd("f32x4.mul");
  f.simd("f32x4.add");
};
const twiceBroad = (f: FunctionWriter) => {
  f.simd("f64x2.mul");
  f.simd("f64x2.add");
};
/** The exact results that the probe asks for, without computing them. */
const exactly = (values: Uint8Array) => (f: FunctionWriter) => {
  for (let i = 0; i < 3; i++) f.op("drop");
  f.bytes16("v128.const", values);
};
const fused = (xs: readonly number[]) => xs.map((x) => 2 * x + x * x);
const narrowResults = new Uint8Array(Float32Array.from(fused([1, 3, 5, 7].map((n) => n * 2 ** -12))).buffer);
const broadResults = new Uint8Array(Float64Array.from(fused([1, 3].map((n) => n * 2 ** -27))).buffer);

describe("fused multiply-add is proved by its value", () => {
  test("an engine that rounds twice is found out, for either type, though its module is valid", () => {
    expect(roundsOnce(probeWith(exactly(narrowResults), exactly(broadResults)))).toBe(true);
    for (const code of [
      probeWith(twiceNarrow, twiceBroad),
      probeWith(twiceNarrow, exactly(broadResults)),
      probeWith(exactly(narrowResults), twiceBroad),
    ]) {
      expect(WebAssembly.validate(code)).toBe(true);
      expect(roundsOnce(code)).toBe(false);
    }
  });

  test.each([0, 1, 2, 3])("lane %i alone counts", (lane) => {
    const one = new Float32Array(narrowResults.slice().buffer);
    one[lane] = (one[lane] as number) * (1 + 2 ** -20);
    expect(roundsOnce(probeWith(exactly(new Uint8Array(one.buffer)), exactly(broadResults)))).toBe(false);
  });

  test("what is no module is no proof", () => {
    expect(roundsOnce(Uint8Array.of(0, 1, 2))).toBe(false);
  });

  test("the answer is that of the module itself, and stays", () => {
    expect(capabilities().fusedMultiplyAdd).toBe(roundsOnce(relaxedMultiplyAdd()));
    expect(capabilities()).toBe(capabilities());
  });
});

describe("the device says in which class it computes", () => {
  test("with and without", () => {
    const best = capabilities().fusedMultiplyAdd ? "wasm-fma" : "wasm";
    expect(wasmDevice().arithmetic).toBe(best);
    expect(devices.get("wasm").arithmetic).toBe(best);
    expect(devices.wasm().arithmetic).toBe(best);
    expect(devices.wasm({ fusedMultiplyAdd: false }).arithmetic).toBe("wasm");
    expect(devices.wasm({ fusedMultiplyAdd: false }).name).toBe("wasm");
  });

  test("asking for what is not there, or not a boolean", () => {
    if (capabilities().fusedMultiplyAdd) expect(wasmDevice({ fusedMultiplyAdd: true }).arithmetic).toBe("wasm-fma");
    else expect(() => wasmDevice({ fusedMultiplyAdd: true })).toThrow(/no-fused|rounds a product and a sum twice/);
    expect(() => wasmDevice({ fusedMultiplyAdd: 1 as never })).toThrow(/fusedMultiplyAdd is a number/);
  });

  test.each(["float32", "float64"] as const)("and it is the class that its products have, %s", async (dtype) => {
    const x = dtype === "float32" ? 1 + 2 ** -12 : 1 + 2 ** -27;
    const [a, b] = [g.input("a", dtype, [1, 2]), g.input("b", dtype, [2, 1])];
    const feeds = new Map([
      [a, [1, x]],
      [b, [-1, x]],
    ]);
    const square = dtype === "float32" ? Math.fround(x * x) : x * x;
    for (const { arithmetic, device } of [{}, { fusedMultiplyAdd: false }].map((options) => {
      const device = wasmDevice(options);
      return { arithmetic: device.arithmetic, device };
    })) {
      const { values } = await runOn(device, [g.matmul(a, b)], feeds);
      expect(values[0]).toEqual([arithmetic === "wasm-fma" ? exactFma(x, x, -1, dtype) : square - 1]);
    }
    expect(exactFma(x, x, -1, dtype)).not.toBe(square - 1);
  });
});
