/** Reads and writes of whole rows by number. */
import type { GatherKernel, ScatterAddKernel } from "../../compile/kernel.ts";
import type { Names } from "./expressions.ts";
import { cNumber } from "./words.ts";

const from = (offset: number, text: string): string => (offset === 0 ? text : `${offset} + ${text}`);

export function writeGather(kernel: GatherKernel, names: Names): string[] {
  const { count, width, sourceRows, out } = kernel;
  const [source, target] = [names.of(kernel.source), names.of(out)];
  const missing = cNumber(out.dtype === "float32" || out.dtype === "float64" ? Number.NaN : 0, out.dtype);
  return [
    `for (int32_t i = 0; i < ${count}; i++) {`,
    `  const int32_t row = ${names.of(kernel.indices)}[${from(kernel.indicesOffset, "i")}];`,
    `  const int there = row >= 0 && row < ${sourceRows};`,
    `  for (int32_t j = 0; j < ${width}; j++)`,
    `    ${target}[i * ${width} + j] = there ? ${source}[${from(kernel.sourceOffset, `row * ${width} + j`)}] : ${missing};`,
    "}",
  ];
}

export function writeScatterAdd(kernel: ScatterAddKernel, names: Names): string[] {
  const { count, width, rows, out } = kernel;
  const [updates, target] = [names.of(kernel.updates), names.of(out)];
  return [
    `for (int32_t j = 0; j < ${rows * width}; j++) ${target}[j] = ${cNumber(0, out.dtype)};`,
    `for (int32_t i = 0; i < ${count}; i++) {`,
    `  const int32_t row = ${names.of(kernel.indices)}[${from(kernel.indicesOffset, "i")}];`,
    `  if (row < 0 || row >= ${rows}) continue;`,
    `  for (int32_t j = 0; j < ${width}; j++) ${target}[row * ${width} + j] += ${updates}[${from(kernel.updatesOffset, `i * ${width} + j`)}];`,
    "}",
  ];
}
