/** A whole program in C, with a memory to run it in. */
import type { DeviceBuffer, Program } from "../../compile/device.ts";
import type { Kernel, KernelBuffer } from "../../compile/kernel.ts";
import { lower } from "../../compile/lower.ts";
import { alignment, bytesOf, plan } from "../../compile/passes/plan.ts";
import { ops } from "../../graph/index.ts";
import { type COptions, cTargetWith } from "./target.ts";

export interface CProgram {
  readonly text: string;
  /** Length of the memory that `run` is given; it must begin at a multiple of 64. */
  readonly bytes: number;
  /** Where each buffer of the program lies in it. */
  readonly addresses: ReadonlyMap<DeviceBuffer, number>;
  /** Where no kernel writes: behind each buffer, when a gap was asked for. */
  readonly gaps: readonly { readonly start: number; readonly bytes: number }[];
}

/** @param gap bytes to leave behind every buffer; a multiple of 64. */
export function cProgram(program: Program, options: COptions = {}, gap = 0): CProgram {
  const names = namesOf(program);
  const nameOf = ({ place }: KernelBuffer) =>
    place.kind === "bound" ? names.get(place.binding as DeviceBuffer) : undefined;
  const target = cTargetWith({ nameOf, ...options });
  const lowered = lower(program, target.properties).program;
  const kernels = { ...lowered, kernels: lowered.kernels.map(withoutWorkspace) };
  const addresses = new Map<DeviceBuffer, number>();
  const gaps: { start: number; bytes: number }[] = [];
  let end = 0;
  for (const buffer of lowered.buffers) {
    const { place } = buffer;
    if (place.kind !== "bound") continue;
    const bytes = bytesOf(buffer);
    addresses.set(place.binding as DeviceBuffer, end);
    gaps.push({ start: end + bytes, bytes: gap });
    end += Math.ceil(bytes / alignment) * alignment + gap;
  }
  const layout = plan(kernels, gap);
  for (const [buffer, offset] of layout.offsets) gaps.push({ start: end + offset + bytesOf(buffer), bytes: gap });
  const addressOf = (buffer: KernelBuffer): number =>
    buffer.place.kind === "bound"
      ? (addresses.get(buffer.place.binding as DeviceBuffer) as number)
      : end + (layout.offsets.get(buffer) as number);
  const code = target.emit(kernels, addressOf);
  const bytes = end + layout.bytes;
  return { text: `${introduction(program, names, addresses, bytes)}\n${code}`, bytes, addresses, gaps };
}

/**
 * A program (what `model.explain` hands to its `render`) as C99: a function for each kernel, in plain loops, with the names that
 * weights and inputs have, and `run(memory)`, which is one step. What it computes has the bits that the WebAssembly device gives: with
 * `fusedMultiplyAdd` those of a device whose arithmetic is "wasm-fma", without (the default) those of "wasm".
 * Compile with `cc -std=c99 -O2 -ffp-contract=off … -lm`.
 */
export function renderC(program: Program, options: Pick<COptions, "fusedMultiplyAdd"> = {}): string {
  return cProgram(program, options).text;
}

/** C keeps a kernel's own sums in local arrays. */
function withoutWorkspace(kernel: Kernel): Kernel {
  if (kernel.family === "contraction" || kernel.family === "convolution")
    return { ...kernel, workspace: { ...kernel.workspace, elements: 0 } };
  if (kernel.family !== "row" && kernel.family !== "map") return kernel;
  const { blockSums, ...rest } = kernel;
  return rest;
}

/** The labels of inputs; outputs that no input names are numbered. */
function namesOf({ bindings, outputs }: Program): Map<DeviceBuffer, string> {
  const names = new Map<DeviceBuffer, string>();
  for (const [node, buffer] of bindings) if (node.op === ops.input) names.set(buffer, node.attrs.label);
  outputs.forEach(({ into }, o) => {
    if (!names.has(into)) names.set(into, `output${o}`);
  });
  return names;
}

function introduction(
  program: Program,
  names: ReadonlyMap<DeviceBuffer, string>,
  addresses: ReadonlyMap<DeviceBuffer, number>,
  bytes: number,
): string {
  const changed = new Set(program.outputs.map(({ into }) => into));
  const read = new Set(program.bindings.values());
  const rows = [...addresses].map(([buffer, at]) => {
    const use = !changed.has(buffer) ? "read" : read.has(buffer) ? "read and replaced" : "written";
    return ` *   ${String(at).padStart(8)}  ${names.get(buffer)}: ${buffer.dtype} [${buffer.shape.join(", ")}], ${use}`;
  });
  return [
    `/* ${(program.label ?? "A program").replaceAll("*/", "* /")}, as C99. \`run(memory)\` runs it once.`,
    ` * Memory: ${bytes} bytes from a multiple of ${alignment} on. Of these, at byte`,
    ...rows.map((row) => row.replaceAll("*/", "* /")),
    " * and temporaries behind them. Booleans take four bytes. Compile with: cc -std=c99 -O2 -ffp-contract=off",
    " */",
  ].join("\n");
}
