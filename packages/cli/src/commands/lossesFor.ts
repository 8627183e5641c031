/** `surprisal losses --for TABLE --target COLUMN`: the loss that suits a column, with the reasons, from its values. */
import { chooseLoss, InvalidArgumentError, type LossTask } from "surprisal";
import { type ExitCode, exit } from "../exit.ts";
import { chooseLoss as suitedTo } from "../lossChoice.ts";
import { type Console, makeConsole, type SpeechOptions } from "../output/console.ts";
import { count, wrapped } from "../output/words.ts";
import type { Format } from "../table/format.ts";
import { readTable } from "../table/read.ts";
import { detectTask, type Task, taskOf } from "../task.ts";

export interface LossesForOptions extends SpeechOptions {
  readonly target?: string;
  /** A loss that was named besides, which makes no sense. */
  readonly name?: string | undefined;
  /** What the column is taken for; found out from its values by default. */
  readonly task?: LossTask;
  readonly missing?: readonly string[];
  readonly inputFormat?: Format;
}

/** @throws DataError, InvalidArgumentError for a table, a column or a task that does not suit. */
export async function lossesFor(file: string, options: LossesForOptions): Promise<ExitCode> {
  const console = makeConsole(options);
  const { target: name } = options;
  if (options.name !== undefined) {
    throw new InvalidArgumentError("cli/loss-and-table", {
      received: `both the loss ${options.name} and --for ${file} were given`,
      expected: "--for chooses the loss",
      hint: `Leave one of them out.`,
    });
  }
  if (name === undefined) {
    throw new InvalidArgumentError("cli/no-target", {
      received: `--for ${file} was given without a column`,
      expected: "a loss is chosen for the column that is to be predicted",
      hint: `Add --target COLUMN.`,
    });
  }
  const asked = options.task;
  const table = await readTable(file, { format: options.inputFormat, missing: options.missing });
  const { values, rows } = detectTask(table, name, asked && taskOf(asked));
  const choice = chooseLoss({ target: values, ...(asked !== undefined && { task: asked }) });
  const missing = table.rows - rows.length;
  if (missing > 0) console.warn(`${count(missing, "row")} without ${name} left out`);
  say(console, name, choice);
  const command = commandFor(file, name, taskOf(choice.task), choice);
  if (command !== undefined) console.result(`\n${console.resultPaint.bold("try")}       ${command}`);
  const { loss: _, name: loss, ...rest } = choice;
  console.object({
    target: name,
    rows: rows.length,
    missing,
    loss,
    ...rest,
    ...(command !== undefined && { command }),
  });
  return exit.done;
}

type Choice = ReturnType<typeof chooseLoss>;

function say({ result, resultPaint: { bold, dim } }: Console, target: string, choice: Choice): void {
  const width = Math.min(process.stdout.columns ?? 100, 120);
  const given = Object.entries(choice.options).map(([option, value]) => `${option} ${String(value)}`);
  const units = typeof choice.units === "number" ? count(choice.units, "unit") : `units: ${choice.units}`;
  result(`${bold("target")}    ${target}`);
  result(`${bold("task")}      ${choice.task}`);
  result(`${bold("loss")}      ${bold(choice.name)}${given.length > 0 ? ` (${given.join(", ")})` : ""}`);
  result(`${bold("output")}    ${units}, ${choice.activation}`);
  if (choice.metrics.length > 0) result(`${bold("metrics")}   ${choice.metrics.join(", ")}`);
  result(`\n${bold("why")}`);
  for (const sentence of choice.why) for (const line of wrapped(sentence, width - 2)) result(`  ${line}`);
  result(`\n${bold("considered")}`);
  for (const { loss, because } of choice.considered) {
    result(`  ${loss}`);
    for (const line of wrapped(because, width - 4)) result(`    ${dim(line)}`);
  }
}

/** How to fit a model with this loss; undefined where `fit` cannot. */
function commandFor(file: string, target: string, task: Task, { name, options }: Choice): string | undefined {
  if (Object.keys(options).length > 0) return undefined;
  const quoted = (word: string) => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
  const plain = `surprisal fit ${quoted(file)} --target ${quoted(target)}`;
  try {
    if (suitedTo(task).name === name) return plain;
    suitedTo(task, name);
    return `${plain} --loss ${name}`;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return undefined;
    throw error;
  }
}
