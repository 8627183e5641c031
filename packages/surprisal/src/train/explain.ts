/** `explain`: a training step is built and looked at, and measured when that is asked for. */
import { InvalidArgumentError } from "../base/errors.ts";
import { type Explanation, measureProgram } from "../compile/measure.ts";
import type { TimingOptions } from "../compile/timing.ts";
import { exampleBatch } from "./batch.ts";
import { CellGroup } from "./cells.ts";
import type { Core } from "./core.ts";
import { explanationText } from "./explainText.ts";
import { refuseUnknown, wholeNumber } from "./fitOptions.ts";
import { Meters } from "./meters.ts";
import { trainStep } from "./step.ts";

/** What `explain` takes. */
export interface ExplainOptions {
  /** Rows of the step. Default 32. */
  readonly batchSize?: number;
  /**
   * Runs every kernel for a while, and small programs that show what the machine can do: a second or so, in which nothing else runs.
   * `{ milliseconds, now }` says for how long each, and by which clock.
   */
  readonly measure?: boolean | TimingOptions;
  /** `"text"`, the default, or `"record"`. */
  readonly format?: "text" | "record";
  /** Characters that a line of text may have. Default: as wide as the terminal, or 120. */
  readonly width?: number;
}

const defaultWidth = 120;

export async function explain(core: Core, options: ExplainOptions): Promise<string | Explanation> {
  refuseUnknown("explain", options, ["batchSize", "measure", "format", "width"]);
  const { measure = false, format = "text", width = core.host?.terminal?.columns ?? defaultWidth } = options;
  const rows = wholeNumber("batchSize", options.batchSize ?? 32, 1);
  wholeNumber("width", width, 1);
  if (format !== "text" && format !== "record") {
    throw new InvalidArgumentError("explain/format", {
      received: `format is ${JSON.stringify(format)}`,
      expected: `it is "text" or "record"`,
      hint: "Leave it out for text.",
    });
  }
  const explanation = await explained(core, rows, measure === true ? {} : measure);
  return format === "record" ? explanation : explanationText(explanation, width);
}

async function explained(core: Core, rows: number, timing: TimingOptions | false): Promise<Explanation> {
  const { device, network, dtype, weights } = core;
  const { loss, state, metrics } = core.compiled("explain");
  const group = new CellGroup(device);
  try {
    const source = exampleBatch(group, network, loss, dtype, rows);
    const program = trainStep(weights, loss, state, source, new Meters(group, metrics));
    const executable = await device.load(program);
    const report = executable.report();
    if (timing === false) return report;
    return { ...report, measured: await measureProgram(device, program, executable, dtype, timing) };
  } finally {
    group.free();
  }
}
