/**
 * C99, to be read and to be compiled: one function a kernel, and `run`, which calls them in order. Sums go in the order that
 * `compile/kernel.ts` fixes and nothing else is rounded, so the bits are those of every other target with the same
 * `fusedMultiplyAdd`, as long as the compiler keeps to IEEE arithmetic and joins no product and sum by itself
 * (`-ffp-contract=off`, which `-std=c99` means for GCC).
 */
import { sizeOf } from "../../base/shape.ts";
import type { DeviceBuffer } from "../../compile/device.ts";
import type { Kernel, KernelBuffer, KernelProgram } from "../../compile/kernel.ts";
import type { Target, TargetProperties } from "../../compile/target.ts";
import { writeContraction, writeConvolution } from "./contraction.ts";
import type { Names } from "./expressions.ts";
import { Helpers } from "./helpers.ts";
import { writeGather, writeScatterAdd } from "./indexed.ts";
import { writeNest } from "./nest.ts";
import { cName, cNumber, comment, cType, cWord, indent } from "./words.ts";

/** A compiler finds vectors and tiles itself; nothing is asked of it. */
const properties: TargetProperties = {
  name: "c",
  lanes: { float32: 1, float64: 1 },
  registers: 3,
  chains: 1,
  panel: 1,
  fusedMultiplyAdd: false,
  // Rows are never worked on in blocks, so there are no loops over kernels to write.
  workspace: Number.POSITIVE_INFINITY,
};

export interface COptions {
  /** Whether a product and its sum are rounded once, by `fma`. Default false. */
  readonly fusedMultiplyAdd?: boolean;
  /** What people call a buffer. Default: what it is for, with a number. */
  readonly nameOf?: (buffer: KernelBuffer) => string | undefined;
}

/** C with names of your own. */
export function cTargetWith({ fusedMultiplyAdd = false, nameOf = () => undefined }: COptions): Target<string> {
  return {
    properties: { ...properties, fusedMultiplyAdd },
    emit(program, addressOf) {
      return new ProgramWriter(program, addressOf, nameOf, fusedMultiplyAdd).text();
    },
  };
}

/** C, with names made of what buffers are for. */
export const cTarget: Target<string> = cTargetWith({});

const head = `#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "every operation must round to its own type"
#endif
#if defined(__clang__) || !defined(__GNUC__)
#pragma STDC FP_CONTRACT OFF
#endif`;

class ProgramWriter {
  readonly #kernels: readonly Plain[];
  readonly #addressOf: (buffer: KernelBuffer) => number;
  readonly #nameOf: NonNullable<COptions["nameOf"]>;
  readonly #fused: boolean;
  readonly #helpers = new Helpers();
  readonly #names = new Map<KernelBuffer, string>();
  readonly #taken = new Set<string>();
  /** Constants that a kernel fills itself. */
  readonly #written: ReadonlySet<KernelBuffer>;

  constructor(
    program: KernelProgram,
    addressOf: (buffer: KernelBuffer) => number,
    nameOf: NonNullable<COptions["nameOf"]>,
    fused: boolean,
  ) {
    this.#kernels = program.kernels.map(plain);
    this.#addressOf = addressOf;
    this.#nameOf = nameOf;
    this.#fused = fused;
    this.#written = new Set(this.#kernels.flatMap((kernel) => [...writtenBy(kernel)]));
  }

  text(): string {
    const kernels = this.#kernels.map((kernel, i) => this.#function(kernel, i));
    const constants = [...this.#names.keys()].filter(({ place }) => place.kind === "constant");
    const run = [
      "void run(unsigned char *memory) {",
      ...kernels.map(({ called }) => `  ${called}(memory);`),
      ...(kernels.length === 0 ? ["  (void)memory;"] : []),
      "}",
    ];
    const parts = [head, ...constants.map((buffer) => this.#constant(buffer)), ...this.#helpers.texts];
    return `${[...parts, ...kernels.map(({ text }) => text), run.join("\n")].join("\n\n")}\n`;
  }

  #function(kernel: Plain, i: number): { called: string; text: string } {
    const used = new Set<KernelBuffer>();
    const names: Names = {
      helpers: this.#helpers,
      of: (buffer) => {
        used.add(buffer);
        return this.#name(buffer);
      },
    };
    const body = this.#body(kernel, names);
    const written = writtenBy(kernel);
    const pointers = [...used].flatMap((buffer) =>
      buffer.place.kind === "constant" ? [] : [this.#pointer(buffer, written.has(buffer))],
    );
    const called = `kernel${i}_${cWord(kernel.name)}`;
    return {
      called,
      text: [
        comment(describe(kernel)),
        `static void ${called}(unsigned char *memory) {`,
        ...indent([...(pointers.length === 0 ? ["(void)memory;"] : pointers), ...body]),
        "}",
      ].join("\n"),
    };
  }

  #body(kernel: Plain, names: Names): string[] {
    switch (kernel.family) {
      case "map":
      case "row":
        return writeNest(kernel, names);
      case "contraction":
        return writeContraction(kernel, names, this.#fused);
      case "convolution":
        return writeConvolution(kernel, names, this.#fused);
      case "gather":
        return writeGather(kernel, names);
      case "scatterAdd":
        return writeScatterAdd(kernel, names);
      default:
        return kernel satisfies never;
    }
  }

  #pointer(buffer: KernelBuffer, isWritten: boolean): string {
    const type = `${isWritten ? "" : "const "}${cType(buffer.dtype)} *`;
    const place = `(${type})(memory + ${this.#addressOf(buffer)})`;
    return `${type}${this.#name(buffer)} = ${place}; ${comment(describeBuffer(buffer))}`;
  }

  #name(buffer: KernelBuffer): string {
    const known = this.#names.get(buffer);
    if (known !== undefined) return known;
    const given = this.#nameOf(buffer);
    const stem = given === undefined ? `${buffer.place.kind}${buffer.id}` : cName(given);
    let name = stem;
    for (let n = 2; this.#taken.has(name); n++) name = `${stem}_${n}`;
    this.#taken.add(name);
    this.#names.set(buffer, name);
    return name;
  }

  #constant(buffer: KernelBuffer): string {
    const { place, dtype, elements } = buffer;
    if (place.kind !== "constant") return "";
    const values =
      place.values.length === 1 ? new Array<number>(elements).fill(place.values[0] as number) : place.values;
    const texts = values.map((value) => cNumber(value, dtype));
    const lines: string[] = [];
    for (let i = 0; i < texts.length; i += 12) lines.push(`  ${texts.slice(i, i + 12).join(", ")},`);
    const type = `static ${this.#written.has(buffer) ? "" : "const "}${cType(dtype)}`;
    // C has no arrays of nothing.
    const name = `${this.#name(buffer)}[${Math.max(1, elements)}]`;
    return texts.length === 0 ? `${type} ${name} = {0};` : [`${type} ${name} = {`, ...lines, "};"].join("\n");
  }
}

type Plain = Exclude<Kernel, { family: "loop" }>;

function plain(kernel: Kernel): Plain {
  if (kernel.family !== "loop") return kernel;
  throw new Error("C was given rows in blocks, which its workspace rules out");
}

/** The buffers a kernel stores into. */
function writtenBy(kernel: Plain): Set<KernelBuffer> {
  if (kernel.family === "gather" || kernel.family === "scatterAdd") return new Set([kernel.out]);
  if (kernel.family === "contraction" || kernel.family === "convolution")
    return new Set(kernel.stores.map(({ access }) => access.buffer));
  return new Set(
    kernel.phases.flatMap((phase) => [
      ...[...phase.stores, ...phase.rowStores].map(({ access }) => access.buffer),
      ...phase.columnSums.flatMap(({ into, partials }) => [into.buffer, ...(partials === undefined ? [] : [partials])]),
    ]),
  );
}

function describe(kernel: Plain): string {
  const ops = [...new Set(kernel.ops)].join(", ");
  if (kernel.family === "contraction" || kernel.family === "convolution")
    return `${ops}: [${kernel.m}, ${kernel.k}] × [${kernel.k}, ${kernel.n}]`;
  if (kernel.family === "gather") return `gather: ${kernel.count} rows of ${kernel.width} out of ${kernel.sourceRows}`;
  if (kernel.family === "scatterAdd") return `scatterAdd: ${kernel.count} rows of ${kernel.width} into ${kernel.rows}`;
  return `${ops}: over [${kernel.space.join(", ")}]`;
}

function describeBuffer({ place, dtype, elements }: KernelBuffer): string {
  const shape = place.kind === "bound" ? (place.binding as DeviceBuffer).shape : [elements];
  return sizeOf(shape) === 1 ? dtype : `${dtype} [${shape.join(", ")}]`;
}
