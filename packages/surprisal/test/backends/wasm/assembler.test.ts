/** The assembler: bytes that engines accept, and that do what was asked. */
import { describe, expect, test } from "vitest";
import { FunctionWriter, ModuleWriter } from "../../../src/backends/wasm/assembler.ts";
import { Bytes } from "../../../src/backends/wasm/bytes.ts";

function assemble(write: (f: FunctionWriter) => void): Uint8Array<ArrayBuffer> {
  const [module, f] = [new ModuleWriter(), new FunctionWriter()];
  write(f);
  module.export("run", module.add(f));
  return module.finish();
}

/** The first int32 words of memory after a run. */
async function run(write: (f: FunctionWriter) => void, words = 4): Promise<number[]> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(assemble(write), { env: { memory } });
  (instance.exports.run as () => void)();
  return [...new Int32Array(memory.buffer, 0, words)];
}

function body(f: FunctionWriter): number[] {
  const out = new Bytes();
  f.writeInto(out);
  const [size, ...bytes] = out.finish();
  expect(size).toBe(bytes.length);
  return bytes;
}

const storeAt = (f: FunctionWriter, address: number, push: () => void): void => {
  f.i32(address);
  push();
  f.i32Store();
};

describe("LEB128", () => {
  const edges = [0, 1, 63, 64, 127, 128, 8191, 8192, 16383, 16384, 2 ** 20, 2 ** 27, 2 ** 28, 2 ** 31 - 1];
  const signed = [...edges, ...edges.map((x) => -x), -65, -129, -8193, -(2 ** 31)];

  test("signed constants come out as they went in", async () => {
    const got = await run((f) => {
      for (const [i, value] of signed.entries()) storeAt(f, 4 * i, () => f.i32(value));
    }, signed.length);
    expect(got).toEqual(signed.map((x) => x + 0));
    expect(got.length).toBe(32);
  });

  test("addresses beyond 2³¹ are the same 32 bits", async () => {
    const [got] = await run((f) => storeAt(f, 0, () => f.i32(0x80000040)));
    expect(got).toBe(0x80000040 | 0);
  });

  test.each([
    [0, [0x41, 0x00]],
    [63, [0x41, 0x3f]],
    [64, [0x41, 0xc0, 0x00]],
    [-1, [0x41, 0x7f]],
    [-64, [0x41, 0x40]],
    [-65, [0x41, 0xbf, 0x7f]],
    [-(2 ** 31), [0x41, 0x80, 0x80, 0x80, 0x80, 0x78]],
  ])("i32.const %d is as short as can be", (value, bytes) => {
    const f = new FunctionWriter();
    f.i32(value);
    expect(body(f)).toEqual([0, ...bytes, 0x0b]);
  });

  test.each([
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [16384, [0x80, 0x80, 0x01]],
    [0xffffffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("offset %d is unsigned", (offset, bytes) => {
    const f = new FunctionWriter();
    f.i32Load(offset);
    expect(body(f)).toEqual([0, 0x28, 0, ...bytes, 0x0b]);
  });

  test("a function with more than 127 locals", async () => {
    const write = (f: FunctionWriter) => {
      const locals = Array.from({ length: 300 }, () => f.local("i32"));
      locals.forEach((local, i) => {
        f.i32(i);
        f.set(local);
      });
      storeAt(f, 0, () => f.get(locals[299] as (typeof locals)[0]));
      storeAt(f, 4, () => f.get(locals[128] as (typeof locals)[0]));
    };
    expect(await run(write, 2)).toEqual([299, 128]);
  });
});

describe("modules", () => {
  test("an empty one is valid", () => {
    expect(WebAssembly.validate(new ModuleWriter().finish())).toBe(true);
    expect(WebAssembly.validate(assemble(() => {}))).toBe(true);
  });

  test("a stack that does not end empty is not", () => {
    expect(WebAssembly.validate(assemble((f) => f.i32(1)))).toBe(false);
    expect(WebAssembly.validate(assemble((f) => f.op("i32.add")))).toBe(false);
  });

  test("functions call others with parameters, and exports are found by name", async () => {
    const module = new ModuleWriter();
    const store = new FunctionWriter(["i32", "i32"]);
    store.get(store.parameter(0));
    store.get(store.parameter(1));
    store.i32Store(4);
    const callee = module.add(store);
    const caller = new FunctionWriter();
    caller.i32(8);
    caller.i32(77);
    caller.call(callee);
    module.export("by name", module.add(caller));
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { instance } = await WebAssembly.instantiate(module.finish(), { env: { memory } });
    expect(Object.keys(instance.exports)).toEqual(["by name"]);
    (instance.exports["by name"] as () => void)();
    expect(new Int32Array(memory.buffer)[3]).toBe(77);
  });
});

describe("control", () => {
  test.each([0, 1, 2, 7])("repeats %d times, counting in steps", async (count) => {
    const write = (f: FunctionWriter) => {
      const [counter, total] = [f.local("i32"), f.local("i32")];
      f.repeat(count, counter, 5, () => {
        f.get(total);
        f.get(counter);
        f.op("i32.add");
        f.i32(1000);
        f.op("i32.add");
        f.set(total);
      });
      storeAt(f, 0, () => f.get(total));
    };
    expect(await run(write, 1)).toEqual([(5 * count * (count - 1)) / 2 + 1000 * count]);
  });

  test("nested loops keep their own counters", async () => {
    const write = (f: FunctionWriter) => {
      const total = f.local("i32");
      f.repeat(3, undefined, 1, () =>
        f.repeat(4, undefined, 1, () => {
          f.get(total);
          f.i32(1);
          f.op("i32.add");
          f.set(total);
        }),
      );
      storeAt(f, 0, () => f.get(total));
    };
    expect(await run(write, 1)).toEqual([12]);
  });

  test("a condition picks a branch", async () => {
    const write = (f: FunctionWriter) => {
      for (const [i, condition] of [0, 1].entries()) {
        f.i32(condition);
        f.when(
          () => storeAt(f, 8 * i, () => f.i32(10)),
          () => storeAt(f, 8 * i, () => f.i32(20)),
        );
        f.i32(condition);
        f.when(() => storeAt(f, 8 * i + 4, () => f.i32(30)));
      }
    };
    expect(await run(write)).toEqual([20, 0, 10, 30]);
  });

  test("a local is used again after its release, and never before", () => {
    const f = new FunctionWriter();
    const [a, b, v] = [f.local("i32"), f.local("i32"), f.local("v128")];
    expect(new Set([a.index, b.index, v.index]).size).toBe(3);
    f.release(a, v);
    expect(f.local("v128")).toBe(v);
    expect(f.local("i32")).toBe(a);
    expect(f.local("i32").index).toBe(3);
  });
});

test("memory is filled and copied in bulk, and vectors go through it", async () => {
  const write = (f: FunctionWriter) => {
    f.i32(0);
    f.bytes16("v128.const", [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]);
    f.memory("v128.store", 16);
    f.i32(0);
    f.i32(20);
    f.i32(8);
    f.memoryCopy();
    f.i32(8);
    f.i32(255);
    f.i32(4);
    f.memoryFill();
    f.i32(0);
    f.i32(16);
    f.memory("v128.load");
    f.memory("v128.store32_lane", 12, 3);
  };
  expect(await run(write)).toEqual([2, 3, -1, 4]);
});
