/** `surprisal predict`: a table in, a prediction for every row out, in order. */
import { InvalidArgumentError } from "surprisal";
import { toFrame } from "../columns/frame.ts";
import { type ExitCode, exit } from "../exit.ts";
import { type Fitted, openModel } from "../modelFile.ts";
import { makeConsole, type SpeechOptions } from "../output/console.ts";
import { type OutputColumn, type RowFormat, rowsText, shortFloat32, toFile, toStandardOutput } from "../output/rows.ts";
import { count } from "../output/words.ts";
import type { Format } from "../table/format.ts";
import { readTable } from "../table/read.ts";
import { plainValue, type Table } from "../table/table.ts";
import type { Decoded } from "../target.ts";
import { extraColumns, sayExtras, saySurprises } from "./surprises.ts";

export interface PredictCommandOptions extends SpeechOptions {
  readonly format?: RowFormat;
  readonly inputFormat?: Format;
  readonly out?: string;
  readonly keepColumns?: boolean;
  readonly batchSize: number;
  readonly device?: string;
}

export async function predictCommand(
  modelPath: string,
  file: string,
  options: PredictCommandOptions,
): Promise<ExitCode> {
  const console = makeConsole(options);
  if (options.json === true && options.format !== undefined) {
    throw new InvalidArgumentError("cli/option", {
      received: `--json and --format ${options.format} were given`,
      expected: "--json makes the whole result one object, --format its rows",
      hint: "Use one of them.",
    });
  }
  const fitted = await openModel(modelPath, options.device);
  const table = await readFor(fitted, file, options.inputFormat);
  const { x, surprises } = fitted.pipeline.encode(toFrame(table, fitted.pipeline.features));
  const extras = extraColumns(table, fitted.pipeline.features, fitted.target.config.name);
  if (options.keepColumns !== true) sayExtras(console, extras);
  saySurprises(console, surprises);
  const decoded = fitted.target.decode(await fitted.model.predict(x, { batchSize: options.batchSize }));
  const columns = [
    ...(options.keepColumns === true ? keptColumns(table) : []),
    ...predictionColumns(fitted, decoded, options.keepColumns === true ? table : undefined),
  ];
  if (options.json === true) {
    const rows = Array.from({ length: table.rows }, (_, row) =>
      Object.fromEntries(columns.map(({ name, at }) => [name, at(row)])),
    );
    const { name, task } = fitted.target.config;
    const value = {
      target: name,
      task,
      ...(fitted.target.labels && { classes: fitted.target.labels }),
      rows: table.rows,
      predictions: rows,
      ignored: extras,
      unseen: surprises,
    };
    if (options.out === undefined) console.object(value);
    else await toFile(options.out, [`${JSON.stringify(value, null, 2)}\n`]);
  } else {
    const text = rowsText(options.format ?? "csv", columns, table.rows);
    await (options.out === undefined ? toStandardOutput(text) : toFile(options.out, text));
  }
  if (options.out !== undefined) console.say(`${count(table.rows, "prediction")} in ${options.out}`);
  return exit.done;
}

/** The table that a model is used on: its categories stay as they are written, and the same words stand for missing values. */
export function readFor({ pipeline, missing }: Fitted, file: string, format: Format | undefined): Promise<Table> {
  const asText = pipeline.features.flatMap(({ name, kind }) => (kind === "category" ? [name] : []));
  return readTable(file, { format, asText, missing });
}

function keptColumns(table: Table): OutputColumn[] {
  return table.columns.map(({ name, data }) => ({ name, at: (row) => plainValue(data, row) }));
}

/** `Species`, `p(Adelie)`, …: classes in the order of their numbers. A kept column of a name goes before ours. */
function predictionColumns({ target, model }: Fitted, decoded: Decoded, kept: Table | undefined): OutputColumn[] {
  const taken = new Set(kept?.columns.map(({ name }) => name));
  const free = (name: string): string => (taken.has(name) ? free(`predicted ${name}`) : name);
  const shown = model.dtype === "float32" ? shortFloat32 : (value: number) => value;
  const name = free(target.config.name);
  if ("numbers" in decoded) return [{ name, at: (row) => shown(decoded.numbers[row] as number) }];
  return [
    { name, at: (row) => decoded.labels[row] ?? null },
    ...(target.labels ?? []).map((label, code) => ({
      name: free(`p(${String(label)})`),
      at: (row: number) => shown(decoded.probabilities[row]?.[code] as number),
    })),
  ];
}
