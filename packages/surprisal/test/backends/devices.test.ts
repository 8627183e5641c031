/** What the public face says of devices: which there are, what they find on a machine, how fast they are at best. */
import * as devices from "surprisal/devices";
import { afterEach, describe, expect, it, vi } from "vitest";
import { capabilities } from "../../src/backends/wasm/capabilities.ts";
import { InvalidArgumentError, UnknownNameError } from "../../src/base/errors.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const stateOf = (name: string) => devices.describe().features.find((feature) => feature.name === name)?.state;

describe("describe", () => {
  it("says of every device what it finds and why, and that it works here", () => {
    for (const name of devices.list()) {
      const { features, ...rest } = devices.describe(name);
      expect(rest).toEqual({ name, works: true });
      expect(features.length).toBeGreaterThan(0);
      for (const { name, state, why } of features) {
        expect(["used", "unused", "missing"]).toContain(state);
        expect([name, why].every((text) => text.length > 3 && !/undefined|NaN/.test(text))).toBe(true);
      }
    }
    expect(devices.describe()).toEqual(devices.describe("wasm"));
    expect(devices.describe("auto")).toEqual(devices.describe("wasm"));
    expect(stateOf("SIMD")).toBe("used");
    expect(stateOf("fused multiply-add")).toBe(capabilities().fusedMultiplyAdd ? "used" : "missing");
  });

  it("takes a device, also one that says nothing of itself", () => {
    expect(devices.describe(devices.wasm())).toEqual(devices.describe("wasm"));
    expect(devices.describe(devices.interpreter())).toEqual(devices.describe("interpreter"));
    const { features, ...silent } = devices.interpreter();
    expect(devices.describe(silent)).toEqual({ name: "interpreter", works: true, features: [] });
    expect(features).toBeTypeOf("function");
    expect(() => devices.describe("wam" as never)).toThrow(UnknownNameError);
    expect(() => devices.describe(7 as never)).toThrow(InvalidArgumentError);
  });

  it("tells why nothing can run: no WebAssembly, or one without vectors", () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(devices.describe()).toMatchObject({ name: "wasm", works: false, features: [{ state: "missing" }] });
    expect(devices.describe("interpreter").works).toBe(true);
    vi.unstubAllGlobals();
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    expect(devices.describe().works).toBe(false);
    expect(stateOf("SIMD")).toBe("missing");
  });

  it("a page that is not isolated has no shared memory, and works", () => {
    vi.stubGlobal("crossOriginIsolated", false);
    expect([stateOf("shared memory"), devices.describe().works]).toEqual(["missing", true]);
    vi.stubGlobal("crossOriginIsolated", true);
    expect(stateOf("shared memory")).toBe("unused");
  });
});

describe("ceilings", () => {
  it("of a device by name, of one that is given, in either dtype", async () => {
    const now = (() => {
      let time = 0;
      return () => time++;
    })();
    for (const device of [undefined, "auto", "wasm", devices.wasm()] as const) {
      const ceilings = await devices.ceilings(device, { now, milliseconds: 1, dtype: "float64" });
      expect(ceilings.dtype).toBe("float64");
      expect(ceilings.memory.length).toBe(3);
      const figures = [
        ceilings.productGigaflops,
        ceilings.chainGigaflops,
        ...ceilings.memory.map((m) => m.gigabytesPerSecond),
      ];
      expect(figures.every((figure) => figure > 0 && figure < Infinity)).toBe(true);
    }
    await expect(devices.ceilings("wam" as never)).rejects.toThrow(UnknownNameError);
    await expect(devices.ceilings("auto", { dtype: "bool" as never })).rejects.toThrow(InvalidArgumentError);
  });
});
