/** What `surprisal doctor` found, as text for the terminal. */
import type { devices } from "surprisal";
import type { Machine } from "../machine.ts";
import type { Paint } from "./paint.ts";
import { count, figure, wrapped } from "./words.ts";

/** What `surprisal doctor --json` prints. */
export interface Checkup {
  readonly version: string;
  readonly machine: Machine;
  readonly devices: readonly devices.DeviceDescription[];
  /** The one that was examined, and that models will use when it was not asked for by name. */
  readonly device: string;
  readonly works: boolean;
  readonly asked: boolean;
  readonly ceilings?: devices.Ceilings;
}

const margin = 20;

/** @param columns of the terminal. */
export function checkupLines(checkup: Checkup, columns: number, paint: Paint): string[] {
  const { bold, dim } = paint;
  const lines: string[] = [];
  /** A line with a title in the margin; what is longer goes on below it. */
  const put = (title: string, text: string, mark = " ") => {
    wrapped(text, columns - margin - 4).forEach((line, i) => {
      lines.push(i === 0 ? `${mark} ${dim(title.padEnd(margin))}  ${line}` : `${" ".repeat(margin + 4)}${line}`);
    });
  };
  const { machine, device, ceilings } = checkup;
  lines.push(bold(`surprisal ${checkup.version}`), "", bold("machine"));
  put("runtime", `Node ${machine.node} (V8 ${machine.v8}) on ${machine.platform}`);
  put("processor", `${machine.processor}, ${count(machine.cores, "core")} for this process`);
  put("memory", memoryText(machine));

  const examined = checkup.devices.find(({ name }) => name === device);
  lines.push("", bold(`device ${device}`));
  for (const { name, state, why, needed } of examined?.features ?? []) {
    const marks = { used: paint.green("✓"), unused: dim("·"), missing: needed ? paint.red("✗") : paint.yellow("–") };
    put(name, `${state}: ${why}`, marks[state]);
  }
  if (ceilings !== undefined) {
    lines.push("", bold(`at best, ${ceilings.dtype}, measured now`));
    put("matrix products", `${figure(ceilings.productGigaflops)} GFLOP/s`);
    put("elementwise", `${figure(ceilings.chainGigaflops)} GFLOP/s`);
    put(
      "memory",
      ceilings.memory
        .map(({ bytes, gigabytesPerSecond }) => `${figure(gigabytesPerSecond)} GB/s on ${inBytes(bytes)}`)
        .join(", "),
    );
  }
  lines.push("", bold("what will be used"));
  put("device", choice(checkup));
  return lines;
}

function memoryText({ memoryBytes, memoryLimitBytes, heapLimitBytes }: Machine): string {
  const limit = memoryLimitBytes === undefined ? "" : `, ${inBytes(memoryLimitBytes)} of it for this process`;
  return `${inBytes(memoryBytes)}${limit}; JavaScript's heap up to ${inBytes(heapLimitBytes)}, and what a device holds lies outside it`;
}

/** Which device, and why it. */
function choice({ device, devices, works, asked }: Checkup): string {
  const running = devices.filter((one) => one.works).map(({ name }) => name);
  const others = running.filter((name) => name !== device);
  if (!works) {
    const instead = others.length === 0 ? "" : `; ${others.join(" and ")} would: --device ${others[0]}`;
    return `none: ${device} cannot run here${instead}`;
  }
  if (asked) return `${device}, where it is asked for by name`;
  return `${device}, the first of ${devices.map(({ name }) => name).join(", ")}; nothing that it needs is missing`;
}

function inBytes(bytes: number): string {
  const [unit, size] = bytes >= 2 ** 30 ? ["GiB", 2 ** 30] : bytes >= 2 ** 20 ? ["MiB", 2 ** 20] : ["KiB", 2 ** 10];
  return `${Number((bytes / (size as number)).toFixed(1))} ${unit}`;
}
