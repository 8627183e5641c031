/** `explain`: a training step is built and looked at, and measured when that is asked for. */
import { InvalidArgumentError } from "../base/errors.ts";
import type { Program } from "../compile/device.ts";
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
  /** Turns the step into another form, in place of either: `renderC` of `surprisal/devices` gives it as C. */
  readonly render?: (program: Program) => string;
  /** Characters that a line of text may have. Default: as wide as the terminal, or 120. */
  readonly width?: number;
}

const defaultWidth = 120;

export async function explain(core: Core, options: ExplainOptions): Promise<string | Explanation> {
  refuseUnknown("explain", options, ["batchSize", "measure", "format", "render", "width"]);
  const { measure = false, format = "text", render, width = core.host?.terminal?.columns ?? defaultWidth } = options;
  const rows = wholeNumber("batchSize", options.batchSize ?? 32, 1);
  wholeNumber("width", width, 1);
  if (format !== "text" && format !== "record") {
    throw new InvalidArgumentError("explain/format", {
      received: `format is ${JSON.stringify(format)}`,
      expected: `it is "text" or "record"`,
      hint: "Leave it out for text.",
    });
  }
  if (render !== undefined && typeof render !== "function") {
    throw new InvalidArgumentError("model/render", {
      received: `render is ${JSON.stringify(render)}`,
      expected: "a function that turns a program into text is needed",
      hint: `import { renderC } from "surprisal/devices", and pass { render: renderC }.`,
    });
  }
  if (render !== undefined) return withStep(core, rows, render);
  const explanation = await explained(core, rows, measure === true ? {} : measure);
  return format === "record" ? explanation : explanationText(explanation, width);
}

/** Builds the step for as long as `look` takes. */
async function withStep<T>(
  core: Core,
  rows: number,
  look: (program: Program, group: CellGroup) => T | Promise<T>,
): Promise<T> {
  const { device, network, dtype, weights } = core;
  const { loss, state, metrics } = core.compiled("explain");
  const group = new CellGroup(device);
  try {
    const source = exampleBatch(group, network, loss, dtype, rows);
    return await look(trainStep(weights, loss, state, source, new Meters(group, metrics)), group);
  } finally {
    group.free();
  }
}

function explained(core: Core, rows: number, timing: TimingOptions | false): Promise<Explanation> {
  const { device, dtype } = core;
  return withStep(core, rows, async (program, group) => {
    const executable = await group.load(program);
    const report = executable.report();
    if (timing === false) return report;
    return { ...report, measured: await measureProgram(device, program, executable, dtype, timing) };
  });
}
