/** The text itself: numbers, names, and what fused multiply-add changes. */
import { describe, expect, test } from "vitest";
import { cProgram } from "../../../src/backends/c/program.ts";
import { cTarget } from "../../../src/backends/c/target.ts";
import { cName, cNumber } from "../../../src/backends/c/words.ts";
import { lower } from "../../../src/compile/lower.ts";
import { alignment } from "../../../src/compile/passes/plan.ts";
import * as g from "../../../src/graph/index.ts";
import { programOf } from "../../compile/lowering.ts";
import { values } from "../harness.ts";
import { compiler, runC, withoutCompiler } from "./compiler.ts";

describe("numbers", () => {
  test("float32 in few digits, float64 in all of them", () => {
    const texts = [0.1, 1 / 3, 1, -0, 1e-45, 3.4028234663852886e38, 16777216].map((x) =>
      cNumber(Math.fround(x), "float32"),
    );
    expect(texts).toEqual(["0.1f", "0.33333334f", "1.0f", "-0.0f", "1.40129846e-45f", "3.4028235e+38f", "16777216.0f"]);
    expect(cNumber(0.1, "float64")).toBe("0.1");
    expect(cNumber(1 / 3, "float64")).toBe("0.3333333333333333");
    expect(cNumber(-0x80000000, "int32")).toBe("INT32_MIN");
    expect([Number.NaN, Infinity, -Infinity].map((x) => cNumber(x, "float64"))).toEqual([
      "(double)NAN",
      "(double)INFINITY",
      "-(double)INFINITY",
    ]);
  });

  test("ten thousand float32 come back from their digits", () => {
    const word = new Uint32Array(1);
    const float = new Float32Array(word.buffer);
    let read = 0;
    for (let i = 0; i < 10_000; i++) {
      word[0] = Math.imul(i, 2654435761);
      const value = float[0] as number;
      if (!Number.isFinite(value)) continue;
      expect(Math.fround(Number(cNumber(value, "float32").slice(0, -1)))).toBe(value);
      read++;
    }
    expect(read).toBeGreaterThan(9_900);
  });
});

test("names", () => {
  const names = ["dense/kernel", "learning rate", "2d", "", "float", "v3", "exp_f32", "größe"].map(cName);
  expect(names).toEqual([
    "dense_kernel",
    "learning_rate",
    "the_2d",
    "value",
    "the_float",
    "the_v3",
    "the_exp_f32",
    "gr_e",
  ]);
});

test("two buffers of one name, and a label that would end the comment", () => {
  const [a, b] = [g.input("x", "float32", [3]), g.input("x", "float32", [3])];
  const { text } = cProgram({ ...programOf([g.add(a, b)]), label: "a */ step" });
  expect(text).toContain("/* a * / step, as C99.");
  expect(text).toMatch(/const float \*x = .*\n.*const float \*x_2 = /);
});

test("the target needs no device: kernels and addresses give the text", () => {
  const x = g.input("x", "float32", [4, 5000]);
  const { program } = lower(programOf([g.sum(x, [1])]), cTarget.properties);
  const text = cTarget.emit(program, (buffer) => buffer.id * 4096 * alignment);
  expect(text).toContain("if (j % 4096 == 4095 || j == 4999) {");
  expect(text).toContain("= sum_blocks_f32(");
  expect(cTarget.emit(program, (buffer) => buffer.id * 4096 * alignment)).toBe(text);
});

describe.skipIf(compiler === undefined)(`fused${compiler === undefined ? ` (${withoutCompiler})` : ""}`, () => {
  test("a chain rounds each product and sum once, or both apart", () => {
    const [m, n, k] = [3, 2, 5];
    const [a, b] = [g.input("a", "float32", [m, k]), g.input("b", "float32", [k, n])];
    const [x, y] = [values(m * k, 1), values(k * n, 2)];
    const program = programOf([g.matmul(a, b)]);
    const chain = (round: (product: number) => number) =>
      Array.from({ length: m * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        let sum = 0;
        // A product of two float32 is exact in float64, and so is its sum with a third of about the same size.
        for (let p = 0; p < k; p++) sum = Math.fround(sum + round((x[i * k + p] as number) * (y[p * n + j] as number)));
        return sum;
      });
    const results = [true, false].map((fusedMultiplyAdd) => {
      const { text, bytes, addresses } = cProgram(program, { fusedMultiplyAdd });
      const memory = new Uint8Array(bytes);
      const at = (node: g.Node | undefined) =>
        addresses.get(node ? (program.bindings.get(node) as never) : (program.outputs[0]?.into as never)) as number;
      new Float32Array(memory.buffer, at(a), m * k).set(x);
      new Float32Array(memory.buffer, at(b), k * n).set(y);
      const [after] = runC([{ text, memory }], 1) as [Uint8Array];
      return [...new Float32Array(after.buffer, at(undefined), m * n)];
    });
    expect(results[0]).toEqual(chain((product) => product));
    expect(results[1]).toEqual(chain(Math.fround));
    expect(results[0]).not.toEqual(results[1]);
  });
});
