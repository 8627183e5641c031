/** The emitted code of every elementary function gives the bits of the functions over numbers: in body, tails and wide lanes. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import type { FloatDType } from "../../../src/base/dtype.ts";
import { elementary } from "../../../src/compile/elementary/index.ts";
import * as g from "../../../src/graph/index.ts";
import { formats, points, scalars, stream } from "../../compile/elementary/measure.ts";
import { truths } from "../../compile/elementary/truth.ts";
import { prepare } from "../harness.ts";

type Name = keyof typeof elementary;
const names = Object.keys(elementary) as Name[];

const file = new URL("../../golden/elementary/edges.json.gz", import.meta.url);
type Shown = number | string;
const table = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Record<
  Name,
  Record<FloatDType, [operands: Shown[]][]>
>;
const words: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: Number.NaN, "-0": -0 };
const read = (x: Shown | undefined): number => (typeof x === "string" ? (words[x] as number) : (x ?? 0));

const isBinary = (name: Name): boolean => table[name].float64[0]?.[0].length === 2;

/** Every edge of the table, then strata of the function's own ranges; not a multiple of the lanes. */
function operandsOf(name: Name, dtype: FloatDType): [x: number[], y: number[]] {
  const { limits, round } = formats[dtype];
  const [xs, ys]: [number[], number[]] = [[], []];
  const add = (x: number, y: number) => {
    xs.push(round(x));
    ys.push(round(y));
  };
  for (const [operands] of table[name][dtype]) add(read(operands[0]), read(operands[1]));
  const random = stream(23);
  const truth = truths[name];
  const anywhere = { ranges: () => [[-2, 2] as [number, number]] };
  for (const point of points(formats[dtype], truth ?? anywhere, 50_000)) {
    const [x, y] = truth?.operands?.(point, random(), limits) ?? [point, 8 * random() - 4];
    add(x, y);
  }
  while (xs.length % 4 !== 3) add(0.7, 1.3);
  return [xs, ys];
}

const graphOf = (name: Name, x: g.Node, y: g.Node): g.Node =>
  (g.build[name] as (...operands: g.Node[]) => g.Node)(...(isBinary(name) ? [x, y] : [x]));

/** Fails at the first element whose bits differ. All NaN are one. */
function compare(
  name: string,
  got: readonly number[],
  want: readonly number[],
  xs: readonly number[],
  ys: readonly number[],
) {
  expect(got.length).toBe(want.length);
  const at = got.findIndex((value, i) => !Object.is(value, want[i]));
  if (at >= 0) expect.fail(`${name}(${xs[at]}, ${ys[at]}) at ${at} of ${got.length}: ${got[at]}, not ${want[at]}`);
}

async function load(name: Name, dtype: FloatDType, length: number, wide = false) {
  const [x, y] = [g.input("x", dtype, [length]), g.input("y", dtype, [length])];
  const node = graphOf(name, x, y);
  const device = wasmDevice();
  const feeds = new Map([x, ...(isBinary(name) ? [y] : [])].map((input) => [input, new Float64Array(length)]));
  // A float64 value in the kernel halves its lanes.
  const { bindings, run } = await prepare(device, wide ? [node, g.mul(g.cast(node, "float64"), 2)] : [node], feeds);
  return async (xs: ArrayLike<number>, ys: ArrayLike<number>): Promise<number[]> => {
    for (const [input, values] of [
      [x, xs],
      [y, ys],
    ] as const) {
      const buffer = bindings.get(input);
      if (buffer !== undefined) device.write(buffer, values);
    }
    return (await run())[0] as number[];
  };
}

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  test.each(names)("%s", async (name) => {
    const [xs, ys] = operandsOf(name, dtype);
    const f = elementary[name];
    const want = xs.map((x, i) => f(scalars[dtype], x, ys[i] as number));
    expect(xs.length).toBeGreaterThan(50_000);
    compare(name, await (await load(name, dtype, xs.length))(xs, ys), want, xs, ys);
    compare(`wide ${name}`, await (await load(name, dtype, xs.length, true))(xs, ys), want, xs, ys);

    // Edges first, then some of the rest, through arrays of every small length.
    const edges = table[name][dtype].length;
    let elements = 0;
    for (let length = 1; length <= 9; length++) {
      const run = await load(name, dtype, length);
      for (let from = 0; from + length <= Math.min(edges + 200, xs.length); from += length) {
        const part = [xs, ys, want].map((list) => list.slice(from, from + length)) as [number[], number[], number[]];
        compare(`${name}, length ${length}`, await run(part[0], part[1]), part[2], part[0], part[1]);
        elements += length;
      }
    }
    expect(elements).toBeGreaterThan(9 * edges);
  });
});

test("every function has edges and strata", () => {
  expect(names.length).toBe(15);
  expect(names.filter(isBinary)).toEqual(["pow", "xlogy", "xlog1py"]);
});
