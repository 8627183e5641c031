/** Programs as code that can be linked anywhere, kept by their structure: what does not depend on where anything lies. */
import type { DType } from "../../base/dtype.ts";
import type { DeviceBuffer, Program, ProgramReport } from "../../compile/device.ts";
import { elementBytes, type KernelBuffer } from "../../compile/kernel.ts";
import { lower } from "../../compile/lower.ts";
import { alignment, bytesOf, plan } from "../../compile/passes/plan.ts";
import { reportKernel } from "../../compile/report.ts";
import { structureOf } from "../../compile/structure.ts";
import { StructureCache } from "../../compile/structureCache.ts";
import { type RelocatableModule, symbol } from "./relocation.ts";
import type { WasmTarget } from "./target.ts";

/** A constant with several elements lies in memory, this far from the first. */
export interface PlacedConstant {
  readonly offset: number;
  readonly dtype: DType;
  readonly elements: number;
  /** One value for all elements, or all of them. */
  readonly values: readonly number[];
}

/** A program whose regions have no address yet. In the order of their symbols they are scratch, constants, and the program's buffers. */
export interface CompiledProgram {
  readonly module: RelocatableModule;
  readonly scratchBytes: number;
  readonly constantBytes: number;
  readonly constants: readonly PlacedConstant[];
  /** Where in scratch each temporary ends: with red zones, one begins there. */
  readonly temporaryEnds: readonly number[];
  readonly report: Omit<ProgramReport, "label" | "cached">;
}

/** How much of compiled programs is kept: a few thousand steps of small networks. */
const mostBytes = 2 ** 25;
const kept = new StructureCache<CompiledProgram>(mostBytes);

/**
 * Compiles a program, or finds it compiled.
 * @param target whose properties, like the gap, belong to the structure.
 * @param gap bytes between temporaries, for red zones.
 * @returns with the buffers that take the symbols from the third on.
 */
export function compileProgram(
  program: Program,
  target: WasmTarget,
  gap: number,
): { compiled: CompiledProgram; buffers: readonly DeviceBuffer[]; cached: boolean } {
  const { key, buffers } = structureOf(program);
  const fullKey = `${JSON.stringify(target.properties)} ${gap} ${key}`;
  const known = kept.get(fullKey);
  if (known !== undefined) return { compiled: known, buffers, cached: true };
  const compiled = compileAnew(program, target, buffers, gap);
  kept.put(fullKey, compiled, bytesHeld(compiled));
  return { compiled, buffers, cached: false };
}

function compileAnew(
  program: Program,
  target: WasmTarget,
  buffers: readonly DeviceBuffer[],
  gap: number,
): CompiledProgram {
  const { program: kernels, passes } = lower(program, target.properties);
  const layout = plan(kernels, gap);
  const regions = new Map<object, number>(buffers.map((buffer, i) => [buffer, symbol(2 + i)]));
  const constants = new Map<KernelBuffer, PlacedConstant>();
  let constantBytes = 0;
  const addressOf = (buffer: KernelBuffer): number => {
    const { place, dtype, elements } = buffer;
    if (place.kind === "bound") return regions.get(place.binding) as number;
    if (place.kind === "temporary") return symbol(0) + (layout.offsets.get(buffer) as number);
    if (place.kind === "window") return addressOf(place.of) + place.start * elementBytes(dtype);
    const placed = constants.get(buffer) ?? { offset: constantBytes, dtype, elements, values: place.values };
    if (!constants.has(buffer)) {
      constants.set(buffer, placed);
      constantBytes += Math.ceil(bytesOf(buffer) / alignment) * alignment + gap;
    }
    return symbol(1) + placed.offset;
  };
  const module = target.emit(kernels, addressOf);
  return {
    module,
    scratchBytes: layout.bytes,
    constantBytes,
    constants: [...constants.values()],
    temporaryEnds: gap === 0 ? [] : [...layout.offsets].map(([buffer, offset]) => offset + bytesOf(buffer)),
    report: {
      device: "wasm",
      passes,
      kernels: kernels.kernels.map(reportKernel),
      scratchBytes: layout.bytes,
      scratchBytesWithoutReuse: layout.bytesWithoutReuse,
      codeBytes: module.bytes.length,
    },
  };
}

/** About how much memory it takes. */
function bytesHeld({ module, constants, report }: CompiledProgram): number {
  const { bytes, at, symbolic, signed } = module;
  const ops = report.kernels.reduce((sum, kernel) => sum + 8 * kernel.ops.length + 200, 0);
  const values = constants.reduce((sum, constant) => sum + 8 * constant.values.length, 0);
  return bytes.length + at.byteLength + symbolic.byteLength + signed.byteLength + ops + values;
}
