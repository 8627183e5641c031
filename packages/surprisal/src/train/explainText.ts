/** The report of a compiled program as text, for people. */
import type { KernelReport } from "../compile/device.ts";
import type { Explanation, KernelMeasure, ProgramMeasure } from "../compile/measure.ts";

const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** `1.25 M`: three digits and a unit of a thousand. */
function thousands(value: number): string {
  if (value === 0) return "0";
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(value) / 3)));
  return `${threeDigits(value / 1000 ** power)}${units[power]}`;
}

const units = ["", " k", " M", " G", " T"];

/** `41.2`, `0.375`, `1240` */
function threeDigits(value: number): string {
  return value >= 1000 || value === 0
    ? value.toFixed(0)
    : value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(value))));
}

const microseconds = (seconds: number) => threeDigits(seconds * 1e6);
const percent = (share: number) => `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;

interface Column<Row> {
  readonly title: string;
  readonly right?: boolean;
  readonly cell: (row: Row) => string;
}

/** Rows of cells under titles, columns aligned, the last one cut to what is left of the width. */
function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, c) => Math.max(...lines.map((line) => (line[c] as string).length)));
  return lines.map((line) => {
    const cells = line.map((cell, c) =>
      columns[c]?.right ? cell.padStart(widths[c] as number) : cell.padEnd(widths[c] as number),
    );
    const whole = cells.join("  ").trimEnd();
    return whole.length <= width ? whole : `${whole.slice(0, Math.max(0, width - 1)).trimEnd()}…`;
  });
}

/** How often each rewrite fired, in the order of first firing. */
function counted(notes: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const note of notes) times.set(note, (times.get(note) ?? 0) + 1);
  return [...times].map(([note, n]) => `    ${note}${n > 1 ? ` (${n} times)` : ""}`);
}

interface Line {
  readonly kernel: KernelReport;
  readonly measure: KernelMeasure | undefined;
}

const what: readonly Column<Line>[] = [
  { title: "family", cell: ({ kernel }) => kernel.family },
  { title: "space", cell: ({ kernel }) => kernel.space.join("×") },
  { title: "flops", right: true, cell: ({ kernel }) => thousands(kernel.flops) },
];
const moved: readonly Column<Line>[] = [
  { title: "read", right: true, cell: ({ kernel }) => size(kernel.bytesRead) },
  { title: "written", right: true, cell: ({ kernel }) => size(kernel.bytesWritten) },
];
/** A column that only kernels with a measure have. */
const timed = (title: string, cell: (measure: KernelMeasure) => string): Column<Line> => ({
  title,
  right: true,
  cell: ({ measure }) => (measure === undefined ? "" : cell(measure)),
});
const times: readonly Column<Line>[] = [
  { title: "bytes", right: true, cell: ({ kernel }) => size(kernel.bytesRead + kernel.bytesWritten) },
  timed("µs", ({ seconds }) => microseconds(seconds)),
  timed("share", ({ share }) => percent(share)),
  timed("GFLOP/s", ({ gigaflops }) => threeDigits(gigaflops)),
  timed("GB/s", ({ gigabytesPerSecond }) => threeDigits(gigabytesPerSecond)),
  timed("of roof", ({ roof }) => percent(roof.share)),
  { title: "limit", cell: ({ measure }) => measure?.roof.limit ?? "" },
];
const computed: Column<Line> = { title: "ops", cell: ({ kernel }) => kernel.ops.join(" ") };

/** @param width characters that a line may have. */
export function explanationText(explanation: Explanation, width: number): string {
  const { kernels, measured } = explanation;
  const lines = [`${explanation.label} on ${explanation.device}`, "", "passes"];
  for (const pass of explanation.passes) lines.push(`  ${pass.name.padEnd(16)} ${pass.count}`, ...counted(pass.notes));
  if (kernels.length > 0) {
    const columns = [...what, ...(measured === undefined ? moved : times), computed];
    const rows = kernels.map((kernel, i) => ({ kernel, measure: measured?.kernels[i] }));
    lines.push("", ...table(columns, rows, width));
  }
  const flops = kernels.reduce((sum, k) => sum + k.flops, 0);
  const bytes = kernels.reduce((sum, k) => sum + k.bytesRead + k.bytesWritten, 0);
  lines.push(
    "",
    `${plural(kernels.length, "kernel")}, ${thousands(flops)} floating-point operations, ${size(bytes)} moved`,
    `temporaries ${size(explanation.scratchBytes)} at their peak (${size(explanation.scratchBytesWithoutReuse)} without reuse), code ${size(explanation.codeBytes)}`,
  );
  if (measured !== undefined) lines.push("", ...measuredLines(measured, flops));
  return lines.join("\n");
}

function measuredLines({ run, ceilings, kernels }: ProgramMeasure, flops: number): string[] {
  const { min, median, max } = run;
  const each = `a step takes ${microseconds(median)} µs (${microseconds(min)} to ${microseconds(max)})`;
  if (ceilings === undefined) return [each];
  const alone = kernels.reduce((sum, { seconds }) => sum + seconds, 0);
  const roof = kernels.reduce((sum, one) => sum + one.roof.seconds, 0);
  const rate = min > 0 ? `, ${threeDigits(flops / min / 1e9)} GFLOP/s` : "";
  const memory = ceilings.memory.map(
    ({ bytes, gigabytesPerSecond }) => `${threeDigits(gigabytesPerSecond)} GB/s on ${size(bytes)}`,
  );
  return [
    `${each}${rate}`,
    `its kernels one by one ${microseconds(alone)} µs, under the roof ${microseconds(roof)} µs`,
    `roof (${ceilings.dtype}, measured now): products ${threeDigits(ceilings.productGigaflops)} GFLOP/s, elementwise ${threeDigits(ceilings.chainGigaflops)} GFLOP/s`,
    `memory ${memory.join(", ")}`,
  ];
}
