/** Linking: symbols with offsets become addresses, in constants and in loads and stores, wherever a region lies. */
import { describe, expect, test } from "vitest";
import { FunctionWriter, ModuleWriter } from "../../../src/backends/wasm/assembler.ts";
import { isSymbolic, link, symbol } from "../../../src/backends/wasm/relocation.ts";

function assemble(write: (f: FunctionWriter) => void) {
  const [module, f] = [new ModuleWriter(), new FunctionWriter()];
  write(f);
  module.export("run", module.add(f));
  return module.finishRelocatable();
}

/** Stores what `push` pushes at address 0 and gives it back. */
function value(push: (f: FunctionWriter) => void, starts: readonly number[]): number {
  const module = assemble((f) => {
    f.i32(0);
    push(f);
    f.i32Store();
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(link(module, starts)), { env: { memory } });
  (instance.exports.run as () => void)();
  return new Uint32Array(memory.buffer)[0] as number;
}

const starts = [0, 64, 127, 128, 8192, 2 ** 20, 2 ** 27 + 64, 2 ** 28, 2 ** 31 - 64, 2 ** 31, 2 ** 32 - 64];

describe("an address", () => {
  test.each(starts)("as a constant is %d", (start) => {
    expect(value((f) => f.i32(symbol(3) + 5), [0, 0, 0, start])).toBe(start + 5);
  });

  test("keeps its region at the largest offsets, forwards and back", () => {
    expect(value((f) => f.i32(symbol(1) - 2 ** 31), [0, 2 ** 31 + 7])).toBe(7);
    expect(value((f) => f.i32(symbol(1) + 2 ** 32 - 8), [0, 4])).toBe(2 ** 32 - 4);
    expect(
      value(
        (f) => f.i32(symbol(400_000) + 1),
        Array.from({ length: 400_001 }, () => 77),
      ),
    ).toBe(78);
  });

  test("as the offset of a load is added to what is on the stack", () => {
    const load = (f: FunctionWriter) => {
      f.i32(1000);
      f.i32(123);
      f.i32Store();
      f.i32(400);
      f.i32Load(symbol(0) + 100);
    };
    expect(value(load, [500])).toBe(123);
  });

  test("beyond memory is where the engine traps, not another address", () => {
    const load = (f: FunctionWriter) => {
      f.i32(0);
      f.i32Load(symbol(0));
    };
    expect(() => value(load, [2 ** 32 - 64])).toThrow(WebAssembly.RuntimeError);
  });

  test("of a region that has none is refused", () => {
    const module = assemble((f) => {
      f.i32(symbol(2));
      f.op("drop");
    });
    expect(() => link(module, [0, 64])).toThrow("region 2");
    expect(() => link(module, [0, 64, -64])).toThrow("region 2");
    expect(() => link(module, [0, 64, 2 ** 32])).toThrow("region 2");
  });
});

test("a module is linked any number of times, and never changes", () => {
  const module = assemble((f) => {
    for (const region of [0, 1, 0]) {
      f.i32(symbol(region) + 8);
      f.op("drop");
    }
  });
  const before = [...module.bytes];
  const [first, second] = [link(module, [64, 128]), link(module, [2 ** 31, 64])];
  expect([...module.bytes]).toEqual(before);
  expect([...link(module, [64, 128])]).toEqual([...first]);
  expect(first.length).toBe(second.length);
  expect(WebAssembly.validate(first) && WebAssembly.validate(second)).toBe(true);
});

test("plain numbers are no symbols", () => {
  for (const plain of [-1, 0, 2 ** 31, 2 ** 32 - 1, 2 ** 33 - 1, -(2 ** 33)]) expect(isSymbolic(plain)).toBe(false);
  expect(isSymbolic(symbol(0) - 2 ** 32)).toBe(true);
});
