/** How much memory a process has used at most since a moment. */
import { readFileSync, writeFileSync } from "node:fs";

/** Starts over: on Linux the peak can be set back, elsewhere the process's own peak so far counts. @returns {() => number} megabytes above now, at the peak */
export function watchMemory() {
  const before = process.memoryUsage().rss;
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // No such file here.
  }
  return () => Math.max(0, peakBytes() - before) / 1e6;
}

function peakBytes() {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // No such file here.
  }
  return process.resourceUsage().maxRSS * 1024;
}
