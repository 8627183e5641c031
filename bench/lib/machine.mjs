/** The machine a run was made on, in words that name no host and no path. */
import { cpus, loadavg, totalmem } from "node:os";

/** As results say it: the processor, cores, memory. */
export function describeMachine() {
  const model = (cpus()[0]?.model ?? "unknown processor").replaceAll(/\s+/g, " ").trim();
  return `${model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}

/** A file name's part from it: "amd-epyc-7763". */
export function machineLabel() {
  return describeMachine()
    .split(",")[0]
    ?.replaceAll(/\((?:R|TM|C)\)|\b(?:processor|cpu|core)\b|@.*$|\d+-core/gi, " ")
    .replaceAll(/[^a-z0-9]+/gi, "-")
    .replaceAll(/^-+|-+$/g, "")
    .toLowerCase();
}

/** What others were running on it during the last minute, in cores. Always 0 on Windows. */
export function otherLoad() {
  return loadavg()[0] ?? 0;
}
