/** The report of a compiled program as text, for people. */
import type { ProgramReport } from "../compile/device.ts";

const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** Rows of cells under a header, columns aligned. */
function table(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => (row[c] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, c) => (right.includes(c) ? cell.padStart(widths[c] as number) : cell.padEnd(widths[c] as number)))
      .join("  ")
      .trimEnd(),
  );
}

/** How often each rewrite fired, in the order of first firing. */
function counted(notes: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const note of notes) times.set(note, (times.get(note) ?? 0) + 1);
  return [...times].map(([note, n]) => `    ${note}${n > 1 ? ` (${n} times)` : ""}`);
}

export function explainReport(report: ProgramReport): string {
  const flops = report.kernels.reduce((sum, k) => sum + k.flops, 0);
  const bytes = report.kernels.reduce((sum, k) => sum + k.bytesRead + k.bytesWritten, 0);
  const lines = [`${report.label} on ${report.device}`, "", "passes"];
  for (const pass of report.passes) lines.push(`  ${pass.name.padEnd(16)} ${pass.count}`, ...counted(pass.notes));
  if (report.kernels.length > 0) {
    const header = ["kernel", "family", "space", "flops", "read", "written", "ops"];
    const rows = report.kernels.map((k) => [
      k.name,
      k.family,
      k.space.join("×"),
      String(k.flops),
      size(k.bytesRead),
      size(k.bytesWritten),
      k.ops.join(" "),
    ]);
    lines.push("", ...table([header, ...rows], [3, 4, 5]));
  }
  lines.push(
    "",
    `${plural(report.kernels.length, "kernel")}, ${plural(flops, "floating-point operation")}, ${size(bytes)} moved`,
    `temporaries ${size(report.scratchBytes)} (${size(report.scratchBytesWithoutReuse)} without reuse), code ${size(report.codeBytes)}`,
  );
  return lines.join("\n");
}
