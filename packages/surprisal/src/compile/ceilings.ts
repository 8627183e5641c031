/**
 * What this machine gives at best, measured by small programs that run through the device like any other: the roofs that a kernel's own
 * speed is held against (Williams, Waterman and Patterson 2009, "Roofline").
 */
import { bytesPerElement, type FloatDType } from "../base/dtype.ts";
import { InvalidArgumentError } from "../base/errors.ts";
import { sizeOf } from "../base/shape.ts";
import { add, input, matmul, mul, type Node } from "../graph/index.ts";
import type { Device, DeviceBuffer, Executable } from "./device.ts";
import { type TimingOptions, timeRuns } from "./timing.ts";

/** How fast data comes and goes while so many bytes are in use. */
export interface MemoryCeiling {
  readonly bytes: number;
  /** 10⁹ bytes a second, read and written. */
  readonly gigabytesPerSecond: number;
}

/** The best that a device does on this machine, of one dtype. */
export interface Ceilings {
  readonly dtype: FloatDType;
  /** Products and sums of a matrix product whose operands are in the cache, 10⁹ a second. */
  readonly productGigaflops: number;
  /** Products and sums of an elementwise chain on data in the cache, 10⁹ a second. */
  readonly chainGigaflops: number;
  /** c = a + 3·b over ever more data, the least first: caches, then memory. Those that would take too long are left out. */
  readonly memory: readonly MemoryCeiling[];
}

/** What `ceilings` takes. */
export interface CeilingOptions extends TimingOptions {
  /** Default `float32`. */
  readonly dtype?: FloatDType;
}

/** Rows, length and columns of the products that are tried; the fastest counts. */
const products: readonly (readonly [number, number, number])[] = [
  [64, 256, 64],
  [128, 128, 128],
];
/** Enough chains side by side to hide how long one operation takes, few enough for the registers. */
const chain = { elements: 2048, chains: 8, steps: 4 };
/** Bytes of three arrays: the first cache, the second, more than any. */
const workingSets: readonly number[] = [24 * 2 ** 10, 3 * 2 ** 18, 2 ** 26];
/** Seconds that a run may take, as far as the one before it tells. */
const patience = 0.1;

/** @throws InvalidArgumentError on a device whose programs are not done when they return. */
export async function measureCeilings(
  shared: Device,
  { dtype = "float32", ...timing }: CeilingOptions = {},
): Promise<Ceilings> {
  if (dtype !== "float32" && dtype !== "float64") {
    throw new InvalidArgumentError("ceilings/dtype", {
      received: `dtype is ${JSON.stringify(dtype)}`,
      expected: `models compute in "float32" or "float64"`,
      hint: "Leave it out for float32.",
    });
  }
  const device = shared.another?.() ?? shared;
  const rate = (work: Work) => best(device, dtype, work, timing);
  let productGigaflops = 0;
  for (const shape of products) {
    const { count, seconds } = await rate(product(dtype, ...shape));
    productGigaflops = Math.max(productGigaflops, count / seconds / 1e9);
  }
  const { count, seconds } = await rate(chains(dtype));
  const memory: MemoryCeiling[] = [];
  for (const bytes of workingSets) {
    const before = memory.at(-1)?.gigabytesPerSecond ?? Infinity;
    if (bytes / before / 1e9 > patience) break;
    const { count, seconds } = await rate(triad(dtype, bytes));
    memory.push({ bytes, gigabytesPerSecond: count / seconds / 1e9 });
  }
  return { dtype, productGigaflops, chainGigaflops: count / seconds / 1e9, memory };
}

/** A node of inputs, and how many operations or bytes it stands for. */
interface Work {
  readonly inputs: readonly Node[];
  readonly node: Node;
  readonly count: number;
}

function product(dtype: FloatDType, m: number, k: number, n: number): Work {
  const [a, b] = [input("a", dtype, [m, k]), input("b", dtype, [k, n])];
  return { inputs: [a, b], node: matmul(a, b), count: 2 * m * k * n };
}

function chains(dtype: FloatDType): Work {
  const x = input("x", dtype, [chain.elements]);
  const [scale, shift] = [input("scale", dtype, []), input("shift", dtype, [])];
  let count = 0;
  const counted = (node: Node): Node => {
    count += chain.elements;
    return node;
  };
  const ends = Array.from({ length: chain.chains }, (_, c) => {
    // Each starts elsewhere, or they would be the same node.
    let end = x;
    for (let i = 0; i < c; i++) end = counted(add(end, shift));
    for (let i = 0; i < chain.steps; i++) end = counted(add(counted(mul(end, scale)), shift));
    return end;
  });
  // The shifted starts are one chain of their own: each is computed once.
  count -= chain.elements * ((chain.chains * (chain.chains - 1)) / 2 - (chain.chains - 1));
  const node = ends.reduce((a, b) => counted(add(a, b)));
  return { inputs: [x, scale, shift], node, count };
}

function triad(dtype: FloatDType, bytes: number): Work {
  const elements = Math.floor(bytes / 3 / bytesPerElement(dtype));
  const [a, b] = [input("a", dtype, [elements]), input("b", dtype, [elements])];
  return { inputs: [a, b], node: add(a, mul(b, 3)), count: elements * 3 * bytesPerElement(dtype) };
}

/** The fastest run, with numbers that stay what they are: ones. */
async function best(
  device: Device,
  dtype: FloatDType,
  { inputs, node, count }: Work,
  timing: TimingOptions,
): Promise<{ count: number; seconds: number }> {
  const held: DeviceBuffer[] = [];
  let executable: Executable | undefined;
  const make = ({ shape }: Node): DeviceBuffer => {
    const buffer = device.allocate(dtype, shape);
    held.push(buffer);
    return buffer;
  };
  try {
    const bindings = new Map(inputs.map((one) => [one, make(one)]));
    for (const buffer of bindings.values()) device.write(buffer, new Float32Array(sizeOf(buffer.shape)).fill(1));
    const loaded = await device.load({ outputs: [{ node, into: make(node) }], bindings });
    executable = loaded;
    const running = loaded.run();
    await running;
    if (running !== undefined) throw notAtOnce(device);
    return { count, seconds: timeRuns(() => void loaded.run(), timing).min };
  } finally {
    executable?.free?.();
    for (const buffer of held) device.free(buffer);
  }
}

/** For a device whose programs cannot be timed from outside. */
export function notAtOnce(device: Device): InvalidArgumentError {
  return new InvalidArgumentError("device/not-at-once", {
    received: `a measurement on the device "${device.name}" was asked for`,
    expected: "its programs are not done when they return, so that no clock can tell how long they take",
    hint: "Measure on another device.",
  });
}
