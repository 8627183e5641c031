/** `surprisal doctor`: what this machine has, what a device makes of it, how fast it is at best, and what will be used. */
import { type DeviceLike, devices, version } from "surprisal";
import { type ExitCode, exit } from "../exit.ts";
import { machine } from "../machine.ts";
import { type Checkup, checkupLines } from "../output/checkup.ts";
import { makeConsole, type SpeechOptions } from "../output/console.ts";

export interface DoctorOptions extends SpeechOptions {
  /** Default `auto`. */
  readonly device: DeviceLike & string;
  readonly dtype: "float32" | "float64";
  /** Whether to measure what the device does at best. */
  readonly measure: boolean;
}

export async function doctorCommand({ device, dtype, measure, ...speech }: DoctorOptions): Promise<ExitCode> {
  const console = makeConsole(speech);
  const examined = devices.describe(device);
  const checkup: Checkup = {
    version,
    machine: machine(),
    devices: devices.list().map((name) => devices.describe(name)),
    device: examined.name,
    works: examined.works,
    asked: device !== "auto",
    ...(measure && examined.works && { ceilings: await devices.ceilings(device, { dtype }) }),
  };
  if (console.json) console.object(checkup);
  else for (const line of checkupLines(checkup, console.columns, console.resultPaint)) console.result(line);
  return examined.works ? exit.done : exit.gate;
}
